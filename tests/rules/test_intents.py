"""What stands after any acts on an intent: laws that hold in every order, and each refusal once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.roadmap.intents import choosing, rules
from bot.roadmap.intents.choosing import Chosen
from bot.roadmap.intents.values import METHODS, Act, Call, Offer, Place, Standing
from core.money import Money

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
MARA, ASKER, BO, CHEN = 1, 2, 3, 4
DAY = timedelta(days=1)


def act(kind: str, who: int, after: timedelta = timedelta(), **more: Any) -> Act:
    at = START + after
    usual = {"by_maintainer": who == MARA, "by_asker": who == ASKER, "limit": 1, "term": 28}
    if kind == "call":
        usual |= {"until": START + 10 * DAY, "method": "maintainer", "days": 7}
    if kind == "contest":
        usual |= {"until": START + 10 * DAY, "days": 7}
    if kind == "bid":
        usual |= {"price": Money(30_000, "EUR"), "days": 10}
    evidence = more.pop("evidence", f"{kind}:{who}:{at.isoformat()}")
    return Act(kind, who, evidence, at, **(usual | more))  # type: ignore[arg-type] # as written


def verdicts(*acts: Act) -> list[str]:
    found = rules.replay(acts).verdicts
    return [found[one.evidence, one.kind] for one in acts]


kinds = st.sampled_from(sorted(rules.STEPS))
some = st.builds(
    lambda kind, who, hours, whom, method, minor: act(
        kind,
        who,
        timedelta(hours=hours),
        whom=whom,
        method=method,
        price=Money(minor, "EUR"),
        until=START + 10 * DAY,
        days=5,
        evidence=f"{kind}:{who}:{hours}",
    ),
    kinds.filter(lambda kind: kind != "outcome"),
    st.sampled_from((MARA, ASKER, BO, CHEN)),
    st.integers(0, 480),
    st.sampled_from((0, BO, CHEN)),
    st.sampled_from(METHODS),
    st.integers(0, 3),
)
several = st.lists(some, max_size=25, unique_by=lambda one: one.evidence)


@settings(max_examples=150, deadline=None)
@given(several, st.randoms(use_true_random=False))
def test_any_order_of_hearing_leaves_the_same(acts: list[Act], dice: Random) -> None:
    shuffled = acts.copy()
    dice.shuffle(shuffled)

    assert rules.replay(shuffled) == rules.replay(acts)


@settings(max_examples=150, deadline=None)
@given(several)
def test_what_stands_never_contradicts_itself(acts: list[Act]) -> None:
    played = rules.replay(acts)
    for many in range(len(acts) + 1):
        now = rules.replay(acts[:many]).standing
        assert len(now.claims) <= 1
        if now.call and now.call.chosen:
            offer = now.call.offer_of(now.call.chosen)
            assert offer is not None
            assert offer.made_at < now.call.until
            assert [one.who for one in now.claims] == [now.call.chosen]
        for call in filter(None, (now.call,)):
            assert len({one.bidder for one in call.offers}) == len(call.offers)
            assert call.had_offer or not call.offers
    refused = [one for one in acts if played.verdicts[one.evidence, one.kind] != rules.DONE]
    kept = [one for one in acts if one not in refused]
    assert rules.replay(kept).standing == played.standing


@settings(max_examples=60, deadline=None)
@given(several)
def test_the_method_is_that_of_before_the_first_offer(acts: list[Act]) -> None:
    shown: dict[str, str] = {}
    for many in range(len(acts) + 1):
        # In the order of acting, so that each prefix is what people saw.
        ordered = sorted(acts, key=lambda one: (one.acted_at, one.place, one.evidence))
        call = rules.replay(ordered[:many]).standing.call
        if call and call.had_offer:
            assert shown.setdefault(call.round, call.method) == call.method


def test_a_bid_counts_by_when_it_was_said_to_the_second() -> None:
    call = act("call", ASKER)
    last = act("bid", BO, 10 * DAY - timedelta(seconds=1))
    late = act("bid", CHEN, 10 * DAY)

    assert verdicts(late, last, call) == ["late", "done", "done"]


REFUSALS: tuple[tuple[str, Callable[[], list[Act]]], ...] = (
    ("stranger", lambda: [act("call", BO)]),
    ("past", lambda: [act("call", ASKER, until=START)]),
    ("none", lambda: [act("bid", BO)]),
    ("none", lambda: [act("call", ASKER), act("call_off", ASKER, DAY), act("bid", BO, 2 * DAY)]),
    ("currency", lambda: [
        act("call", ASKER, high=Money(100, "EUR")), act("bid", BO, DAY, price=Money(1, "USD")),
    ]),
    ("method", lambda: [
        act("call", ASKER), act("bid", BO, DAY), act("call", ASKER, 2 * DAY, method="cheapest"),
    ]),
    ("shorter", lambda: [
        act("call", ASKER), act("bid", BO, DAY),
        act("call", ASKER, 2 * DAY, until=START + 5 * DAY),
    ]),
    ("idle", lambda: [act("call", ASKER), act("bid_off", BO, DAY)]),
    ("early", lambda: [act("call", ASKER), act("bid", BO, DAY), act("chosen", MARA, 2 * DAY, whom=BO)]),
    ("maintainer", lambda: [
        act("call", ASKER), act("bid", BO, DAY), act("chosen", ASKER, 11 * DAY, whom=BO),
    ]),
    ("unknown", lambda: [
        act("call", ASKER), act("bid", BO, DAY), act("chosen", MARA, 11 * DAY, whom=CHEN),
    ]),
    ("method", lambda: [
        act("call", ASKER, method="backers"), act("bid", BO, DAY),
        act("chosen", MARA, 11 * DAY, whom=BO),
    ]),
    ("waits", lambda: [act("call", ASKER), act("bid", BO, DAY), act("claim", CHEN, 11 * DAY)]),
    ("taken", lambda: [act("claim", BO), act("claim", CHEN, DAY)]),
    ("already", lambda: [act("claim", BO), act("claim", BO, DAY)]),
    ("theirs", lambda: [act("claim", BO), act("release", CHEN, DAY, whom=BO)]),
    ("idle", lambda: [act("release", BO)]),
    ("claimed", lambda: [act("claim", BO), act("call", ASKER, DAY)]),
    ("maintainer", lambda: [act("contest", ASKER)]),
    ("contest", lambda: [act("contest", MARA), act("claim", BO, DAY)]),
    ("late", lambda: [act("contest", MARA), act("entry", BO, 10 * DAY)]),
    ("call", lambda: [act("call", ASKER), act("contest", MARA, DAY)]),
)  # fmt: skip


@pytest.mark.parametrize(("why", "story"), REFUSALS)
def test_each_refusal_has_its_reason_and_changes_nothing(
    why: str, story: Callable[[], list[Act]]
) -> None:
    acts = story()

    assert verdicts(*acts) == ["done"] * (len(acts) - 1) + [why]
    assert rules.replay(acts).standing == rules.replay(acts[:-1]).standing


def test_several_may_work_on_it_where_the_rules_say_so_and_a_maintainer_may_release() -> None:
    two = [act("claim", who, who * DAY, limit=2) for who in (BO, CHEN)]
    freed = rules.replay([*two, act("release", MARA, 5 * DAY, whom=BO)]).standing

    assert [one.who for one in freed.claims] == [CHEN]


def test_whoever_was_chosen_may_give_back_and_a_new_round_begins() -> None:
    story = [
        act("call", ASKER),
        act("bid", BO, DAY),
        act("chosen", MARA, 11 * DAY, whom=BO),
        act("release", BO, 12 * DAY),
        act("call", ASKER, 13 * DAY, until=START + 20 * DAY, method="cheapest"),
    ]
    before, after = rules.replay(story[:4]).standing, rules.replay(story).standing

    assert before.call is not None
    assert (before.call.chosen, before.call.ending, before.claims) == (0, "given_back", ())
    assert after.call is not None
    assert (after.call.offers, after.call.method, after.call.version) == ((), "cheapest", 1)


def offered(*offers: Offer, high: int | None = None) -> Call:
    standing: Standing = rules.replay([act("call", ASKER)]).standing
    assert standing.call
    most = Money(high, "EUR") if high is not None else None
    return replace(standing.call, offers=offers, high=most)


def offer(
    bidder: int, minor: int = 100, hours: int = 0, days: int = 10, comment: int = 0
) -> Offer:
    at = START + timedelta(hours=hours)
    return Offer(bidder, Money(minor, "EUR"), days, at, Place(comment), 1, f"{bidder}")


@pytest.mark.parametrize(
    ("call", "chosen"),
    [
        (offered(), Chosen(0, "empty")),
        (offered(offer(BO, 300), high=200), Chosen(0, "dear")),
        (offered(offer(BO, 300), offer(CHEN, 200, 5), high=250), Chosen(CHEN, "chosen")),
        (offered(offer(BO, 200, 5), offer(CHEN, 200, 1)), Chosen(CHEN, "chosen", tie=True)),
        (offered(offer(BO, 9, days=3), offer(CHEN, 9, days=2)), Chosen(CHEN, "chosen", tie=True)),
        (offered(offer(BO, comment=8), offer(CHEN, comment=7)), Chosen(CHEN, "chosen", tie=True)),
    ],
)
def test_the_cheapest_inside_the_budget_is_chosen_and_ties_go_by_the_declared_rule(
    call: Call, chosen: Chosen
) -> None:
    assert choosing.by_price(call) == chosen
    assert choosing.by_price(replace(call, offers=call.offers[::-1])) == chosen


def test_only_those_who_voted_for_the_request_choose_and_silence_chooses_nobody() -> None:
    call = offered(offer(BO, hours=2), offer(CHEN, hours=1))
    approvals = {BO: {10, 11, 99}, CHEN: {10, 12}}

    assert choosing.by_backers(call, approvals, {10, 11, 12}) == Chosen(CHEN, "chosen", tie=True)
    assert choosing.by_backers(call, approvals, {10, 11, 12, 99}) == Chosen(BO, "chosen")
    assert choosing.by_backers(call, approvals, {50}) == Chosen(0, "unvoted")
