"""Requests from outside: how an issue becomes one, and what becomes of it."""

from datetime import timedelta

from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.agreement import replay
from tests.scenarios.asking import ask, count, found, said, say, steer, voters


def state(house: House, issue: Issue) -> str:
    asked = found(house, issue)
    return asked.state if asked else ""


def test_an_issue_opened_with_the_label_is_a_request_and_is_greeted_once(house: House) -> None:
    steer(house)
    issue = ask(house, house.garden.ada)
    asked = found(house, issue)

    assert asked is not None
    assert (asked.origin, asked.intake, asked.state) == ("asked", "label", "open")
    (words,) = said(issue)
    assert "put a 👍 under the first post" in words
    assert "6 open requests at once" in words
    assert f"/{house.garden.repo.full_name}/requests/{issue.number}" in words

    house.world.edit_title(issue, house.garden.ada, "Water all beds")
    house.settle()
    asked = found(house, issue)
    assert asked is not None
    assert asked.title == "Water all beds"
    assert len(said(issue)) == 1


def test_without_the_section_nothing_is_a_request_and_nobody_is_answered(house: House) -> None:
    house.settle()
    issue = ask(house, house.garden.ada)
    say(house, issue, house.garden.ada, "/vote\n/request\n/sign")

    assert found(house, issue) is None
    assert said(issue) == []


def test_a_label_makes_a_request_and_its_end_unmakes_it_and_keeps_the_votes(house: House) -> None:
    steer(house, 'label = "Idea"')
    mara, ada, bo = house.garden.mara, house.garden.ada, house.garden.bo
    issue = ask(house, ada, labels=[])
    assert found(house, issue) is None

    house.world.label(issue, mara, "idea")
    house.settle()
    assert state(house, issue) == "open"
    say(house, issue, bo, "/vote")
    house.world.unlabel(issue, mara, "idea")
    house.settle()
    assert state(house, issue) == "dropped"
    say(house, issue, bo, "/vote")
    assert "is no request" in said(issue)[-1]

    house.world.label(issue, mara, "idea")
    house.settle()
    assert (state(house, issue), voters(house, issue)) == ("open", {bo.id})
    assert len([words for words in said(issue) if "This is a request" in words]) == 1


def test_labels_heard_of_in_the_wrong_order_end_as_they_are(house: House) -> None:
    steer(house)
    mara, issue = house.garden.mara, ask(house, house.garden.ada, labels=[])
    for last in (house.world.unlabel, house.world.label):
        first = house.world.label if last == house.world.unlabel else house.world.unlabel
        first(issue, mara, "request")
        last(issue, mara, "request")
        house.sandbox.hooks.shuffle(1)
        house.settle()
        assert (state(house, issue) == "open") == ("request" in issue.labels)
    replay(house, 1)
    assert state(house, issue) == "open"
    assert len(said(issue)) == 1


def test_whoever_asks_or_maintains_makes_a_request_by_a_command(house: House) -> None:
    steer(house)
    mara, ada, bo = house.garden.mara, house.garden.ada, house.garden.bo
    mine, hers, theirs = (ask(house, who, labels=[]) for who in (ada, mara, ada))
    say(house, mine, bo, "/request")
    assert found(house, mine) is None
    assert "only whoever opened this issue, or a maintainer" in said(mine)[-1]

    for issue, who in ((mine, ada), (hers, mara), (theirs, mara)):
        say(house, issue, who, "/request")
    origins = [asked.origin if (asked := found(house, it)) else "" for it in (mine, hers, theirs)]
    assert origins == ["asked", "pushed", "co_created"]
    assert all(issue.labels == ["request"] for issue in (mine, hers, theirs))

    house.world.unlabel(mine, mara, "request")
    house.settle()
    assert state(house, mine) == "dropped"
    say(house, mine, ada, "/request")
    assert state(house, mine) == "open"
    assert mine.labels == ["request"]
    say(house, mine, ada, "/request")
    assert "this is a request already" in said(mine)[-1]


def test_a_command_of_pull_requests_is_refused_with_the_place_where_it_belongs(
    house: House,
) -> None:
    steer(house)
    ada, issue = house.garden.ada, ask(house, house.garden.ada)
    say(house, issue, ada, "/sign")
    assert "`/sign` is about a pull request" in said(issue)[-1]
    say(house, issue, ada, "/help")
    assert "/duplicate #12" in said(issue)[-1]
    assert "/waive" not in said(issue)[-1]
    say(house, issue, ada, "/vot")
    assert "Did you mean `/vote`?" in said(issue)[-1]

    pull = house.propose(ada)
    house.settle()
    say(house, pull, ada, "/vote")
    assert "`/vote` is about a request: write it on the issue" in said(pull)[-1]


def test_closing_and_deleting_return_votes_and_opening_again_uses_them(house: House) -> None:
    steer(house, "votes_per_person = 1")
    mara, ada, bo = house.garden.mara, house.garden.ada, house.garden.bo
    first, second = ask(house, ada), ask(house, ada, "Count the days")
    say(house, first, bo, "/vote")
    say(house, second, bo, "/vote")
    assert (count(house, first), count(house, second)) == (1, 0)
    assert "is kept and waits: all 1" in said(second)[-1]

    house.world.close(first, mara)
    house.settle()
    assert (state(house, first), count(house, second)) == ("closed", 1)
    house.world.reopen(first, mara)
    house.settle()
    assert (state(house, first), count(house, first), count(house, second)) == ("open", 1, 0)

    steer(house, "votes_per_person = 0")
    assert (count(house, first), count(house, second)) == (1, 1)
    steer(house, "votes_per_person = 1")
    assert (count(house, first), count(house, second)) == (1, 0)
    house.world.delete_issue(first, mara)
    house.settle()
    assert (state(house, first), count(house, second)) == ("gone", 1)


def test_votes_before_the_end_count_and_nothing_is_said_where_it_is_locked(house: House) -> None:
    steer(house)
    mara, bo, issue = house.garden.mara, house.garden.bo, ask(house, house.garden.ada)
    house.world.comment(issue, house.garden.chen, "/vote")
    house.advance(timedelta(minutes=1))
    house.world.close(issue, mara)
    house.advance(timedelta(minutes=1))
    say(house, issue, bo, "/vote")

    assert voters(house, issue) == {house.garden.chen.id}
    assert any("this request is closed" in words for words in said(issue))

    house.world.rename_repository(house.garden.repo, "orchard")
    house.world.reopen(issue, mara)
    house.world.lock_thread(issue, mara)
    house.settle()
    before = said(issue)
    say(house, issue, mara, "/vote")
    assert voters(house, issue) == {house.garden.chen.id, mara.id}
    assert said(issue) == before
    assert state(house, ask(house, mara, "Prune the trees")) == "open"


def test_a_transferred_request_keeps_its_votes_where_we_are_and_is_frozen_elsewhere(
    house: House,
) -> None:
    steer(house, "votes_per_person = 1")
    world, garden = house.world, house.garden
    shed = world.repository(garden.organization, "shed", files={"README.md": "Shed\n"})
    world.collaborate(shed, garden.mara, "admin")
    world.install(shed, by=garden.mara)
    house.settle()
    steer(house, 'label = "wish"', repo=shed)
    issue, other = ask(house, garden.ada), ask(house, garden.ada, "Another")
    for it in (issue, other):
        say(house, it, garden.bo, "/vote")
    assert (count(house, issue), count(house, other)) == (1, 0)

    moved = world.transfer_issue(issue, shed, garden.mara)
    house.settle()
    asked = found(house, moved)
    assert asked is not None
    assert (asked.state, asked.repo_id, moved.labels) == ("open", shed.id, ["wish"])
    assert (count(house, moved), count(house, other)) == (1, 1)
    say(house, moved, garden.chen, "/vote")
    assert voters(house, moved) == {garden.bo.id, garden.chen.id}
    world.close(moved, garden.mara)
    house.settle()
    assert state(house, moved) == "closed"

    away = world.repository(garden.ada, "away", files={"README.md": "Away\n"})
    world.transfer_issue(other, away, garden.mara)
    house.settle()
    assert (state(house, other), voters(house, other)) == ("frozen", {garden.bo.id})
