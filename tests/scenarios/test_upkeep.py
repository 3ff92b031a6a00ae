"""Upkeep: labels, reminders and closing of pull requests that wait, once each, and never for drafts."""

from datetime import timedelta

from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from tests.house import House
from tests.scenarios.agreement import mine, offer, set_rules, writes
from tests.visitor import Visitor

DAY = timedelta(days=1)
LABEL = "cla needed"
SECTION = (
    "[agreement.upkeep]",
    f'label = "{LABEL}"',
    "remind_after = [7, 21]",
    "close_after = 30",
)


def ask(house: House, *lines: str) -> None:
    """Put rules with these lines of upkeep on the default branch."""
    set_rules(house, 'mode = "cla"', *(lines or SECTION))
    house.settle()


def days(house: House, *spans: int) -> None:
    """Let so many days pass, with a daily look at the end of each span."""
    for span in spans:
        house.advance(span * DAY)
        house.tick("upkeep")
        house.settle()


def refuse(house: House) -> None:
    """Let GitHub refuse us labels for good."""
    status = failures.status(403, "Resource not accessible by integration")
    house.sandbox.fail("POST", ".*/labels", status, times=99)


def reminders(house: House, pull: PullRequest) -> list[str]:
    return [body for body in house.comments(pull) if "potluck:reminder-" in body]


def closings(house: House, pull: PullRequest) -> list[str]:
    return [body for body in house.comments(pull) if "potluck:closing" in body]


def test_it_is_off_unless_the_rules_want_it(house: House) -> None:
    pull = mine(house)
    days(house, 8, 14, 40)

    assert len(house.comments(pull)) == 1
    assert (pull.labels, pull.state) == ([], "open")


def test_a_pull_request_is_labelled_reminded_and_closed(house: House) -> None:
    ask(house)
    pull = mine(house)
    assert pull.labels == [LABEL]
    days(house, 6)
    assert reminders(house, pull) == []

    days(house, 2)
    (first,) = reminders(house, pull)
    assert "@ada: a friendly reminder." in first
    assert "I close it after 2026-12-20." in first
    days(house, 15)
    assert len(reminders(house, pull)) == 2
    days(house, 6)
    assert pull.state == "open"
    days(house, 2)

    assert pull.state == "closed"
    (closing,) = closings(house, pull)
    assert "“Reopen pull request”" in closing
    days(house, 8, 14, 9, 9)
    assert len(house.comments(pull)) == 4


def test_whoever_signs_is_not_reminded_and_the_label_goes(house: House) -> None:
    ask(house)
    pull = mine(house)
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()

    assert pull.labels == []
    days(house, 8, 14, 9, 9)
    assert reminders(house, pull) == []
    assert pull.state == "open"


def test_drafts_are_left_alone(house: House) -> None:
    ask(house)
    pull = offer(house, house.garden.ada, {"author": house.garden.ada}, draft=True)
    house.settle()
    days(house, 8, 14, 9, 9)

    assert (pull.labels, pull.state, reminders(house, pull)) == ([], "open", [])


def test_a_pull_request_that_became_a_draft_unheard_is_not_reminded(house: House) -> None:
    ask(house)
    pull = mine(house)
    pull.draft = True
    days(house, 8, 14, 9, 9)

    assert (reminders(house, pull), pull.state) == ([], "open")


def test_new_commits_start_the_clock_anew(house: House) -> None:
    ask(house)
    pull = mine(house)
    days(house, 8)
    assert len(reminders(house, pull)) == 1
    house.world.push_to(pull, files={"more.md": "# More\n"})
    house.settle()

    days(house, 6)
    assert len(reminders(house, pull)) == 1
    days(house, 2)
    assert len(reminders(house, pull)) == 2
    days(house, 6, 8, 6)
    assert pull.state == "open"
    days(house, 4)
    assert pull.state == "closed"


def test_what_somebody_opens_again_gets_all_its_time_and_may_be_closed_again(
    house: House,
) -> None:
    ask(house)
    pull = mine(house)
    days(house, 8, 14, 9)
    assert pull.state == "closed"
    house.advance(20 * DAY)
    house.world.reopen(pull, house.garden.ada)
    house.settle()

    days(house, 8, 14, 7)
    assert (pull.state, len(closings(house, pull))) == ("open", 1)
    assert len(reminders(house, pull)) == 4
    days(house, 3)
    assert (pull.state, len(closings(house, pull))) == ("closed", 2)


def test_after_a_long_silence_one_reminder_comes_and_a_week_to_answer(house: House) -> None:
    ask(house)
    pull = mine(house)
    house.advance(90 * DAY)
    house.tick("upkeep")
    house.settle()

    (only,) = reminders(house, pull)
    assert "I close it after 2027-02-25." in only
    assert pull.state == "open"
    days(house, 6)
    assert pull.state == "open"
    days(house, 2)
    assert pull.state == "closed"


def test_what_nobody_was_told_of_is_not_closed(house: House) -> None:
    ask(house)
    pull = mine(house)
    status = failures.status(422, "Validation Failed")
    failure = house.sandbox.fail("POST", ".*/comments", status, times=99)
    days(house, 22, 10, 10)
    failure.times = 0

    assert (reminders(house, pull), closings(house, pull), pull.state) == ([], [], "open")


def test_many_looks_on_one_day_say_nothing_twice(house: House) -> None:
    ask(house)
    pull = mine(house)
    days(house, 8)
    for _ in range(3):
        house.tick("upkeep")
        house.settle()

    assert len(reminders(house, pull)) == 1


def test_a_bot_that_only_the_rules_can_let_in_is_not_reminded(house: House) -> None:
    ask(house)
    bot = house.world.account("robo-helper[bot]", "Bot")
    pull = offer(house, bot, {"author": bot})
    house.settle()
    days(house, 8, 14, 9, 9)

    assert (reminders(house, pull), pull.labels, pull.state) == ([], [], "open")


def test_turning_it_off_takes_the_labels_away(house: House) -> None:
    ask(house)
    pull = mine(house)
    assert pull.labels == [LABEL]
    ask(house, "")
    days(house, 1)

    assert pull.labels == []


def test_where_github_refuses_labels_all_of_it_stands_still(house: House) -> None:
    ask(house)
    refuse(house)
    pulls = [mine(house), mine(house)]
    with house.calls() as seen:
        for _ in range(12):
            house.tick("prune")
            days(house, 1)

    assert [(reminders(house, pull), pull.state) for pull in pulls] == [([], "open")] * 2
    # Once a day it is tried again, and no more.
    assert len(writes(seen)) <= 12
    with Visitor(house) as mara:
        mara.sign_in(house.garden.mara)
        page = mara.get("/potluck-sandbox/garden/maintain/pull-requests").text
    assert "Labels, reminders and closing stand still" in page
