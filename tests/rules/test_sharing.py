"""Laws of sharing: exact, the same in whatever order, capped, and by the rule that was written before."""

import json
import random
import runpy
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sharing.periods import rule_for, timetable
from core.money import Money
from donations.sharing import rules
from donations.sharing.rules import CHOICES, Rule, Written

RULE = Rule(60, 20, 20, (("code", 5), ("doc", 3)), (1901,), cap_percent=50, least=100)
START = datetime(2026, 10, 1, tzinfo=UTC)


def test_a_thousand_pools_sum_exactly_in_whatever_order() -> None:
    dice = random.Random(7)
    for _ in range(1_000):
        rule = replace(
            RULE,
            contributors=dice.randint(0, 9),
            maintainers=dice.randint(0, 9),
            project=dice.randint(1, 9),
            maintainer_ids=tuple(range(dice.randint(0, 3))),
            cap_percent=dice.randint(1, 100),
            least=dice.choice((0, 1, 100, 5_000)),
        )
        income = Money(
            dice.randint(-10_000, 10 ** dice.randint(1, 9)), dice.choice(("EUR", "JPY"))
        )
        points = {who: dice.randint(0, 50) for who in range(dice.randint(0, 30))}
        choices = {who: dice.choice(CHOICES) for who in points if dice.random() < 0.3}
        shares = rules.share(rule, income, points, choices)

        assert shares.total == income
        assert all(part.minor >= max(rule.least, 1) for _who, part in shares.people)
        shuffled = dice.sample(list(points.items()), len(points))
        assert rules.share(rule, income, dict(shuffled), choices) == shares
        assert by_the_script(rule, income, points, choices) == (
            [[who, part.minor] for who, part in shares.people],
            shares.project.minor,
            shares.carried.minor,
        )


SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "docs/check_sharing.py"), run_name="read")


def by_the_script(
    rule: Rule, income: Money, points: dict[int, int], choices: dict[int, rules.Choice]
) -> tuple[Any, ...]:
    """Reckon a pool as anybody does who has a statement and Python alone."""
    kinds = tuple((f"kind-{who}", count) for who, count in points.items())
    said = {
        "rule": asdict(replace(rule, points=kinds)),
        "choices": list(choices.items()),
        "sales": [["gift:1", "", income.minor + 5], ["gift:2", "", 7]],
        "shared_before": 12,
        "contributions": [(who, f"kind-{who}", "pull/1") for who in points],
    }
    found = SCRIPT["reckon"](said)
    return found["shares"], found["project"], found["carried"]


@given(
    st.integers(1, 10**8),
    st.lists(st.integers(1, 100), min_size=1, max_size=12),
    st.integers(1, 100),
)
def test_nobody_gets_more_than_the_cap(minor: int, counts: list[int], percent: int) -> None:
    rule = Rule(contributors=1, project=0, cap_percent=percent)
    shares = rules.share(rule, Money(minor, "EUR"), dict(enumerate(counts)), {})

    assert all(part.minor <= minor * percent // 100 for _who, part in shares.people)


def test_who_declines_leaves_it_to_the_others_and_who_gives_leaves_it_to_the_project() -> None:
    rule = replace(RULE, maintainers=0, cap_percent=100)
    points, income = {1: 5, 2: 5}, Money(10_000, "EUR")

    taken = rules.share(rule, income, points, {})
    declined = rules.share(rule, income, points, {2: "decline"})
    given_ = rules.share(rule, income, points, {2: "give"})

    assert dict(taken.people) == {1: Money(3_750, "EUR"), 2: Money(3_750, "EUR")}
    assert dict(declined.people) == {1: Money(7_500, "EUR")}
    assert given_.project == taken.project + Money(3_750, "EUR")


def test_small_shares_wait_and_what_is_less_than_nothing_is_carried_whole() -> None:
    small = rules.share(RULE, Money(200, "EUR"), {1: 1, 2: 1}, {})
    lost = rules.share(RULE, Money(-500, "EUR"), {1: 1}, {})

    assert small.people == ()
    assert small.carried == Money(60 + 60 + 40, "EUR")
    assert lost.carried == Money(-500, "EUR")


def test_without_a_rule_everything_is_the_projects() -> None:
    shares = rules.share(rules.UNWRITTEN, Money(999, "EUR"), {1: 9}, {})

    assert (shares.people, shares.project.minor) == ((), 999)


def test_a_kind_counts_once_for_a_person_and_a_thread() -> None:
    said = [(1, "code", "pull/1"), (1, "code", "pull/1"), (1, "doc", "pull/1"), (2, "talk", "x")]

    assert rules.points_of(RULE, said) == {1: 8}


@pytest.mark.parametrize(
    ("period", "at", "begins", "name"),
    [
        ("month", datetime(2026, 12, 31, 23, tzinfo=UTC), "2026-12-01", "2026-12"),
        ("quarter", datetime(2026, 11, 20, tzinfo=UTC), "2026-10-01", "2026-Q4"),
        ("year", datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01", "2026"),
    ],
)
def test_periods_are_those_of_the_calendar(
    period: rules.Period, at: datetime, begins: str, name: str
) -> None:
    start = rules.begins(period, at)

    assert start.date().isoformat() == begins
    assert rules.name(period, start) == name
    assert rules.begins(period, rules.ends(period, start)) == rules.ends(period, start)
    assert rules.begins(period, rules.ends(period, start) - timedelta(seconds=1)) == start


def test_a_rule_is_read_as_it_was_written() -> None:
    assert rules.rule_of(json.loads(RULE.text)) == RULE
    assert RULE.sha256 != replace(RULE, cap_percent=51).sha256


def test_the_rule_that_stood_before_a_period_holds_for_it() -> None:
    day = timedelta(days=1)
    old = Written(1, RULE, START - day)
    new = Written(2, replace(RULE, project=99), START + day)

    assert rule_for([old, new], START, START + 2 * day) == old
    assert rule_for([new], START, START + 2 * day) == new
    assert rule_for([new], START, START + day / 2) is None
    assert rule_for([old, new], START + 2 * day, None) == new
    assert rule_for([], START, START) is None


def test_each_period_has_its_rule_and_what_is_to_come_is_told() -> None:
    day = timedelta(days=1)
    old = Written(1, replace(RULE, period="month"), START - day)
    fast = Written(2, replace(RULE, period="month", project=30), START + 40 * day)
    new = Written(3, replace(RULE, project=99), START + 41 * day)

    # Nothing was sold yet: what is written now would hold at once.
    begun = timetable([old, fast, new], [], START + 45 * day)
    assert (begun.current.name, begun.current.written, begun.coming) == ("2026-Q4", new, None)

    sold = timetable([old, fast, new], [START + day], START + 45 * day)
    assert (sold.current.name, sold.current.written) == ("2026-11", old)
    assert sold.coming is not None
    assert (sold.coming.start.date().isoformat(), sold.coming.written) == ("2026-12-01", new)
    assert sold.held == {1: ("2026-10", "2026-11")}

    # The quarter that follows a month begins where the month ended.
    later = timetable([old, fast, new], [START + day], START + 70 * day)
    assert (later.current.name, later.current.start) == ("2026-Q4", sold.coming.start)
    assert later.held == {1: ("2026-10", "2026-11"), 3: ("2026-Q4",)}
    assert later.coming is None

    # Who sold before any rule was written has none for that period.
    late = timetable([new], [START + day], START + 45 * day)
    assert (late.current.written, late.coming and late.coming.written) == (None, new)


@given(st.lists(st.integers(0, 700), max_size=6), st.lists(st.integers(0, 700), max_size=3))
def test_a_few_payments_tell_the_same_as_all_of_them(sold: list[int], frozen: list[int]) -> None:
    days = [START + timedelta(days=day) for day in sorted(sold)]
    since = [START + timedelta(days=day) for day in sorted(frozen)]
    periods = ("month", "quarter", "year")
    known = [
        Written(at + 1, replace(RULE, period=periods[at % 3]), one) for at, one in enumerate(since)
    ]
    # As `donations.sharing.store.payments` asks for them.
    few = days[:1]
    if since:
        few = [day for day in days if day < since[0]]
        few += [day for day in days if day >= since[0]][:1]
    now = START + timedelta(days=701)
    assert timetable(known, few, now) == timetable(known, days, now)
