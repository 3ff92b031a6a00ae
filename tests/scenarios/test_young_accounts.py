"""Votes of young accounts are shown apart: from outside, and the count held against the rule."""

from datetime import timedelta

from bot.sandbox import failures
from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, count, person, say, steer, sweep, voters
from tests.scenarios.roadmap import HOME
from tests.visitor import Visitor


def page(house: House, issue: Issue | int, rest: str = "") -> str:
    """What the page of a request says, in one line."""
    number = issue if isinstance(issue, int) else issue.number
    with Visitor(house) as stranger:
        return " ".join(stranger.get(f"{HOME}/{number}{rest}").text.split())


def lookups(seen: list) -> int:
    return sum("/user/" in call.path for call in seen)


def test_a_young_accounts_vote_counts_and_is_shown_apart(house: House) -> None:
    steer(house)
    garden, issue = house.garden, ask(house, house.garden.ada)
    new = person(house, 1)
    away = house.sandbox.fail("GET", "/user/", failures.status(502), times=1_000)
    for who in (garden.bo, garden.chen, new):
        house.world.react(issue, who)
    house.tick("sweep_votes")
    house.happen()
    assert voters(house, issue) == {garden.bo.id, garden.chen.id, new.id}
    shown = page(house, issue)
    assert "3</span> people want this" in shown
    assert "The age of 3 accounts is not known yet." in shown
    assert "by an account less than" not in shown
    assert page(house, issue, "/people").count("age not known yet") == 3

    house.advance(timedelta(minutes=2))
    house.happen()
    assert away.used
    assert "The age of 3 accounts" in page(house, issue)
    away.times = away.used
    house.settle()
    shown = page(house, issue)
    assert "3</span> people want this" in shown
    assert "1 of them by an account less than 30 days old at the time." in shown
    assert "not known" not in shown
    marked = page(house, issue, "/people")
    assert (marked.count("young account"), marked.count("not known yet")) == (1, 0)
    assert count(house, issue) == 3
    with house.calls() as seen:
        sweep(house)
    assert lookups(seen) == 0

    steer(house, "young_account_days = 0")
    assert "less than" not in page(house, issue)
    assert "young account" not in page(house, issue, "/people")
    with house.calls() as seen:
        say(house, issue, person(house, 2), "/vote")
        sweep(house)
    assert (count(house, issue), lookups(seen)) == (4, 0)
