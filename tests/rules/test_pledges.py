"""When cards are charged and let go, and what becomes of money: the laws, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.money import Money
from donations.giving.terms import Terms
from donations.pledges import rules
from donations.pledges.rules import Act, Facts, Held, Promise, course

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
TERMS = Terms("pledge", (("feature", 1),))
OPEN = Facts("open", NOW)


def campaign(goal: int = 100, days: int = 10, number: str = "c") -> Act:
    return Act("campaign", number, NOW, goal, "EUR", NOW + days * DAY)


def promise(number: int, minor: int, **more: Any) -> Promise:
    usual = Promise(number, Money(minor, "EUR"), NOW + SECOND, "saved", TERMS)
    return replace(usual, **more)


def test_a_promise_counts_by_when_it_was_said() -> None:
    end = NOW + 10 * DAY
    of = course([campaign()])
    assert of.campaign is not None
    in_time = promise(1, 60, said_at=end - SECOND)
    too_late = promise(2, 60, said_at=end)
    other = replace(promise(3, 60), money=Money(60, "USD"))
    assert rules.promised(of.campaign, [in_time, too_late, other], of) == Money(60, "EUR")
    assert rules.fate(too_late, course([campaign(), Act("met", "c", end)]), OPEN, end) == "wait"


@pytest.mark.parametrize(
    ("facts", "away", "outcome"),
    [
        (OPEN, False, "met"),
        (Facts("done", NOW), False, "met"),
        (Facts("refused", NOW + 9 * DAY), False, "missed"),
        (Facts("gone", NOW), False, "missed"),
        (OPEN, True, "missed"),
    ],
)
def test_the_deadline_charges_only_where_the_request_still_stands(
    facts: Facts, away: bool, outcome: str
) -> None:
    acts = [campaign(), *([Act("away", "a", NOW)] if away else [])]
    of = course(acts)
    assert of.campaign is not None
    at = NOW + 10 * DAY
    assert rules.decision(of.campaign, [promise(1, 100)], of, facts, at) == outcome
    if facts.thread != "gone":
        assert rules.decision(of.campaign, [promise(1, 100)], of, facts, at - SECOND) is None


def test_a_refused_campaign_goes_on_while_the_terms_of_one_who_promised_for_it_say_so() -> None:
    of = course([campaign(days=60)])
    short = promise(1, 50, said_at=NOW - DAY, terms=replace(TERMS, dispute_days=1))
    away = promise(2, 50, state="over", terms=short.terms)
    own = [promise(3, 50, terms=replace(TERMS, dispute_days=days)) for days in (5, 30)]
    assert of.campaign is not None

    def at(days: int) -> rules.Decision | None:
        facts = Facts("refused", NOW)
        return rules.decision(of.campaign, [short, away, *own], of, facts, NOW + days * DAY)

    assert (at(1), at(29), at(30)) == (None, None, "missed")


@given(
    minors=some.lists(some.integers(1, 90), max_size=6),
    paying=some.lists(some.booleans(), min_size=6, max_size=6),
    goal=some.integers(1, 300),
)
@settings(max_examples=60, deadline=None)
def test_a_campaign_ends_once_and_the_goal_is_what_came(
    minors: list[int], paying: list[bool], goal: int
) -> None:
    end = NOW + 10 * DAY
    promises = [promise(number, minor) for number, minor in enumerate(minors)]
    acts = [campaign(goal)]
    first = rules.decision(_last(acts), promises, course(acts), OPEN, end)
    assert first == ("met" if sum(minors) >= goal else "missed")
    acts.append(Act(first, "c", end))
    fates = {rules.fate(one, course(acts), OPEN, end) for one in promises}
    assert fates <= {"charge" if first == "met" else "release"}
    if first == "missed":
        assert rules.decision(_last(acts), promises, course(acts), OPEN, end + 99 * DAY) is None
        return
    charged = [
        replace(one, charged=True, state="paid", kept=one.money.minor)
        if pays
        else replace(one, charged=True, state="over")
        for one, pays in zip(promises, paying, strict=False)
    ]
    came = sum(one.kept for one in charged)
    outcome = rules.decision(_last(acts), charged, course(acts), OPEN, end)
    assert outcome == ("collected" if came >= goal else "short")
    acts.append(Act(outcome, "c", end))
    held = Held("ch", "gift:1", NOW + SECOND, end, TERMS, Money(1, "EUR"))
    wanted = "back" if outcome == "short" else "wait"
    assert rules.use(held, course(acts), OPEN, end) == wanted


def test_a_card_that_said_no_has_its_time_and_no_more() -> None:
    asked = promise(1, 50, state="asked", charged=True, asked_at=NOW)
    of = course([Act("accepted", "x", NOW)])
    assert rules.fate(asked, of, OPEN, NOW + 7 * DAY - SECOND) == "wait"
    assert rules.fate(asked, of, OPEN, NOW + 7 * DAY) == "expire"


def test_accepting_again_takes_in_what_was_promised_since_and_begins_no_days_anew() -> None:
    acts = [Act("accepted", "x", NOW), Act("accepted", "y", NOW + 10 * DAY)]
    first = Held("ch_1", "gift:1", NOW - DAY, NOW, TERMS, Money(1, "EUR"))
    given = replace(first, evidence="ch_2", pledged=None, said_at=NOW + DAY, at=NOW + DAY)
    since = replace(first, evidence="ch_3", said_at=NOW + DAY, at=NOW + 10 * DAY)
    longer = replace(first, evidence="ch_4", terms=replace(TERMS, dispute_days=30))
    of, done = course(acts), Facts("done", NOW)

    def uses(at: datetime, facts: Facts = done) -> list[str]:
        return [rules.use(one, of, facts, at) for one in (first, given, since, longer)]

    assert uses(NOW + 14 * DAY - SECOND) == ["wait"] * 4
    assert uses(NOW + 14 * DAY) == ["award", "wait", "wait", "wait"]
    # What was given since has as many days of its own, however long ago the work was accepted.
    assert uses(NOW + 15 * DAY - SECOND) == ["award", "wait", "wait", "wait"]
    assert uses(NOW + 15 * DAY) == ["award", "award", "wait", "wait"]
    assert uses(NOW + 24 * DAY) == ["award", "award", "award", "wait"]
    assert rules.accepted_at(of, done) == NOW
    # Opened again in between: then the second word is the first that stands.
    again = replace(done, reopened_at=NOW + 5 * DAY)
    assert uses(NOW + 24 * DAY - SECOND, again) == ["wait"] * 4
    of = course([*acts, Act("covered", "ch_1", NOW + 14 * DAY)])
    assert uses(NOW + 15 * DAY) == ["wait", "award", "wait", "wait"]


def test_whoever_promised_after_the_acceptance_or_whose_promise_lapsed_is_not_charged() -> None:
    of = course([Act("accepted", "x", NOW + 5 * DAY)])
    assert rules.fate(promise(1, 50), of, OPEN, NOW + 6 * DAY) == "charge"
    late = promise(2, 50, said_at=NOW + 5 * DAY + SECOND)
    assert rules.fate(late, of, OPEN, NOW + 6 * DAY) == "wait"
    lapses = NOW + SECOND + 365 * DAY
    assert rules.fate(promise(3, 50), course([]), OPEN, lapses) == "wait"
    assert rules.fate(promise(3, 50), course([]), OPEN, lapses + rules.LATE_NEWS) == "expire"
    accepted = course([Act("accepted", "x", lapses)])
    assert rules.fate(promise(3, 50), accepted, OPEN, lapses + rules.LATE_NEWS) == "expire"


@given(
    thread=some.sampled_from(["open", "done", "refused", "gone"]),
    away=some.booleans(),
    accepted=some.none() | some.integers(0, 120),
    reopened=some.none() | some.integers(0, 120),
    hold=some.integers(1, 90),
)
@settings(max_examples=150, deadline=None)
def test_nothing_lies_there_for_ever(
    thread: rules.Thread, away: bool, accepted: int | None, reopened: int | None, hold: int
) -> None:
    acts = [Act("away", "a", NOW + DAY)] if away else []
    if accepted is not None:
        acts.append(Act("accepted", "x", NOW + accepted * DAY))
    at = None if reopened is None else NOW + reopened * DAY
    facts = Facts(thread, NOW + DAY, at)
    held = Held("ch", "gift:1", NOW, NOW, replace(TERMS, hold_days=hold))
    end = NOW + timedelta(days=hold + TERMS.dispute_days) + rules.LATE_NEWS
    assert rules.use(held, course(acts), facts, end) in {"award", "back"}
    assert rules.fate(promise(1, 5), course(acts), facts, NOW + 400 * DAY) != "wait"


def test_later_words_take_the_place_of_earlier_ones_until_the_end() -> None:
    second = Act("campaign", "d", NOW + DAY, 70, "EUR", NOW + 5 * DAY)
    of = course([campaign(), second])
    assert [one.number for one in of.campaigns] == ["d"]
    third = Act("campaign", "e", NOW + 6 * DAY, 70, "EUR", NOW + 9 * DAY)
    ended = course([campaign(), second, Act("missed", "d", NOW + 5 * DAY), third])
    assert [(one.number, one.outcome) for one in ended.campaigns] == [("d", "missed"), ("e", None)]


def _last(acts: list[Act]) -> rules.Campaign:
    found = course(acts).campaign
    assert found is not None
    return found
