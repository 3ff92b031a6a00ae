"""Silence closes nothing that people want: not by a bot for stale issues, not by our own upkeep."""

from datetime import timedelta

from bot.roadmap import happenings
from bot.sandbox.records import Issue
from donations.pledges import store as purses
from tests.house import House
from tests.scenarios.asking import ask, count, found, said, say, steer, sweep
from tests.scenarios.board.table import assert_at_rest, way
from tests.scenarios.intents.calling import DAY, about, stage

CLOSED_BY = "closed this because it was quiet here. It stays open"
ASKED = "Is it still wanted?"


def test_votes_keep_a_request_from_being_closed_for_silence_by_a_bot(house: House) -> None:
    steer(house)
    world, garden = house.world, house.garden
    stale = world.account("stale[bot]", "Bot")
    wanted, worked, lonely = (ask(house, garden.ada, title) for title in ("A", "B", "C"))
    house.advance(300 * DAY)
    for who in (garden.bo, garden.chen):
        world.react(wanted, who)
    sweep(house)
    assert count(house, wanted) == 2
    say(house, worked, garden.bo, "/claim")

    for issue in (wanted, lonely):
        world.label(issue, stale, "Stale")
    house.settle()
    assert (wanted.labels, lonely.labels) == (["request"], ["request", "Stale"])
    world.label(wanted, garden.mara, "stale")  # what people mark stays so
    house.settle()
    assert wanted.labels == ["request", "stale"]

    house.advance(timedelta(hours=1))
    world.close(wanted, stale, "not_planned")
    world.close(worked, stale, "not_planned")
    world.close(lonely, stale, "not_planned")
    house.settle()
    assert (wanted.state, wanted.labels, stage(house, wanted)) == ("open", ["request"], "asked")
    assert "2 people have voted for it" in about(wanted, CLOSED_BY)
    assert (worked.state, stage(house, worked)) == ("open", "in_progress")
    assert "somebody works on it" in about(worked, CLOSED_BY)
    assert (lonely.state, way(house, lonely)[-1]) == ("closed", ("declined", "closed", stale.id))
    asked = found(house, wanted)
    assert asked is not None
    with house.app.read() as connection:
        assert ("kept", "stale[bot]") in {
            (one.kind, one.login) for one in happenings.happened(connection, asked)
        }
    assert count(house, wanted) == 2
    assert_at_rest(house, wanted, worked, lonely)
    a_bot_that_closes_again(house, wanted)


def a_bot_that_closes_again(house: House, wanted: Issue) -> None:
    """Two bots never argue: within a month the second closing stands, as do those of people."""
    stale = house.world.by_login("stale[bot]")
    assert stale is not None
    house.advance(2 * DAY)
    house.world.close(wanted, stale, "not_planned")
    house.settle()
    assert (wanted.state, stage(house, wanted)) == ("closed", "declined")
    house.advance(40 * DAY)
    house.world.reopen(wanted, house.garden.mara)
    house.settle()
    house.advance(timedelta(hours=1))
    house.world.close(wanted, stale, "duplicate")
    house.settle()
    assert stage(house, wanted) == "declined"  # that is not silence
    assert len([one for one in said(wanted) if CLOSED_BY in one]) == 1


def test_what_nobody_wants_for_long_is_asked_about_then_declined_and_one_sign_keeps_it(
    house: House,
) -> None:
    steer(house, "quiet_days = 300")
    world, garden = house.world, house.garden
    lonely, spoken, thumbed, claimed, voted, locked, paid = (
        ask(house, garden.ada, title) for title in "ABCDEFG"
    )
    say(house, claimed, garden.bo, "/claim")
    promise(house, paid)
    say(house, voted, garden.chen, "/vote")
    world.lock_thread(locked, garden.mara)
    a_day_passes(house, 299)
    assert not any(ASKED in body for issue in (lonely, spoken, thumbed) for body in said(issue))
    a_day_passes(house)
    assert "@ada, nobody has voted for this or spoken of it for 300 days" in about(lonely, ASKED)
    assert all(about(issue, ASKED) for issue in (spoken, thumbed))
    assert not any(ASKED in body for one in (claimed, voted, locked, paid) for body in said(one))

    a_day_passes(house, 3)
    world.comment(spoken, garden.dependabot, "Any news?")
    world.comment(thumbed, garden.dependabot, "Any news?")
    house.settle()
    world.comment(spoken, garden.chen, "I still need it.")
    world.react(thumbed, garden.bo)
    house.sandbox.hooks.drop(len(house.sandbox.hooks.waiting))
    a_day_passes(house, 10)
    assert lonely.state == "open"
    a_day_passes(house)
    assert (lonely.state, lonely.state_reason) == ("closed", "not_planned")
    assert way(house, lonely)[-1] == ("declined", "silent", 0)
    assert "nobody said so: it is declined" in about(lonely, "I asked whether")
    for issue in (spoken, thumbed):
        assert issue.state == "open"
        assert "It is: it stays open" in about(issue, "I asked whether")
    assert_at_rest(house, lonely, spoken, thumbed)
    world.reopen(lonely, garden.mara)
    house.settle()
    a_day_passes(house, 20)
    assert (lonely.state, stage(house, lonely)) == ("open", "asked")


def promise(house: House, issue: Issue) -> None:
    """Let money lie with a request, as a promise or a gift for it does."""
    asked = found(house, issue)
    assert asked is not None
    with house.app.write() as connection:
        purses.open_purse(connection, asked.node_id, asked.repo_id, house.now)


def a_day_passes(house: House, days: int = 1) -> None:
    """Let days pass, with the look that is taken once a day at the end."""
    house.advance(days * DAY)
    house.tick("mind_silence")
    house.settle()
