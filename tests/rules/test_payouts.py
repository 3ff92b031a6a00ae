"""The laws of splits and shares: nothing is lost, nobody falls below zero, and order does not matter."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.payouts import grammar
from bot.payouts.grammar import Unread
from core.money import Money
from donations.giving import rules as giving
from donations.giving.terms import Terms, of
from donations.house import written
from donations.payouts import losses, rules
from donations.payouts.losses import Bearer
from donations.payouts.rules import Act, Split
from donations.told import Movement

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(1, 10_000), min_size=1, max_size=8),
    st.integers(0, 50),
)
@settings(max_examples=60, deadline=None)
def test_a_reward_is_shared_to_the_last_cent_and_alike_each_time(
    minor: int, weights: list[int], own: int
) -> None:
    people = Split((*((one + 1, weight) for one, weight in enumerate(weights)), (0, own)))
    parts = rules.shared(Money(minor, "EUR"), people)
    assert sum(part.minor for _who, part in parts) == minor
    assert parts == rules.shared(Money(minor, "EUR"), people)


@given(
    st.integers(1, 10**6),
    st.lists(st.tuples(st.integers(1, 10**6), st.booleans()), min_size=1, max_size=6),
    st.integers(-5, 10**6),
)
@settings(max_examples=60, deadline=None)
def test_a_loss_takes_from_nobody_more_than_they_have_and_the_reserve_before_later_shares(
    lost: int, shares: list[tuple[int, bool]], reserve: int
) -> None:
    lost = min(lost, sum(minor for minor, _sent in shares))
    rows = [
        Bearer(at, minor, 0 if sent else minor, minor if sent else 0)
        for at, (minor, sent) in enumerate(shares)
    ]
    how = losses.borne([Money(lost, "EUR")], rows, Money(reserve, "EUR"))
    taken = sum(part for _at, part in (*how.shrunk, *how.debts)) + how.reserve
    assert taken == lost
    assert all(part <= shares[at][0] for at, part in (*how.shrunk, *how.debts))
    assert how.reserve <= max(0, reserve)
    assert not how.debts or how.reserve == max(0, reserve)


@given(
    st.lists(st.integers(0, 60), max_size=8), st.lists(st.integers(1, 9), min_size=1, max_size=4)
)
@settings(max_examples=80, deadline=None)
def test_of_many_small_losses_each_bears_what_they_would_of_one_and_nobody_gets_a_cent_back(
    amounts: list[int], weights: list[int]
) -> None:
    told = [Money(minor, "EUR") for minor in amounts]
    sums = [0] * len(weights)
    for place in range(len(told)):
        parts = losses.fallen(told[: place + 1], weights)
        assert sum(parts) == amounts[place]
        assert min(parts) >= 0
        sums = [had + part for had, part in zip(sums, parts, strict=True)]
    exact = [sum(amounts) * weight / sum(weights) for weight in weights]
    assert all(abs(had - fair) <= 2 for had, fair in zip(sums, exact, strict=True))


def test_odd_cents_of_partial_refunds_fall_in_turn_and_in_whatever_order_to_the_same() -> None:
    def of(*amounts: int) -> list[tuple[int, ...]]:
        told = [Money(minor, "EUR") for minor in amounts]
        return [losses.fallen(told[: at + 1], (1465, 1465)) for at in range(len(told))]

    assert of(977, 1953) == [(489, 488), (976, 977)]
    assert of(1, 1, 1) == [(1, 0), (0, 1), (1, 0)]
    # A largest remainder of the sum can fall: nobody is given a cent back for it.
    told = [Money(10, "EUR"), Money(1, "EUR"), Money(1, "EUR")]
    assert [losses.fallen(told[: at + 1], (6, 6, 2)) for at in range(3)] == [
        (4, 4, 2),
        (1, 0, 0),
        (0, 1, 0),
    ]


def test_what_happened_to_a_share_says_how_it_stands_in_any_order_and_however_often() -> None:
    acts = [
        Act("refused", "call:1", NOW, concerns="payout:1"),
        Act("sent", "tr_2", NOW, 100, "payout:2"),
        Act("returned", "trr_2", NOW, 100, "payout:2"),
        Act("shrunk", "du_1", NOW, 30),
        Act("sent", "tr_3", NOW, 70, "payout:3"),
    ]
    payouts = ["payout:1", "payout:2", "payout:3"]
    dice = random.Random(1)
    for _order in range(50):
        dice.shuffle(acts)
        found = rules.standing(100, acts, payouts)
        assert (found.state, found.left, found.sent) == ("sent", 0, 70)
    assert rules.standing(100, acts[:0], ["payout:1"]).state == "wanted"


def test_a_share_is_sent_held_kept_or_lapses_by_its_own_terms() -> None:
    owed = rules.standing(100, (), ())

    def say(now: datetime, lapse: rules.Lapse = "project", **facts: bool) -> str:
        known = {"payable": False, "held": False} | facts
        return rules.verdict(owed, NOW, 30, lapse, now, **known)

    assert say(NOW, payable=True) == "pay"
    assert say(NOW, payable=True, held=True) == "hold"
    assert say(NOW + 30 * DAY - DAY / 24) == "no_account"
    assert say(NOW + 30 * DAY) == "lapse"
    assert say(NOW + 300 * DAY, "stays") == "no_account"
    assert say(NOW + 300 * DAY, payable=True) == "pay"
    refused = [Act("refused", "call:1:1", NOW + 20 * DAY, concerns="payout:1")]
    owed = rules.standing(100, refused, ["payout:1"])
    # An account that is always refused has its own time, whose end is known.
    assert say(NOW + 20 * DAY, payable=True) == "refused"
    assert say(NOW + 49 * DAY, payable=True) == "pay"
    assert say(NOW + 50 * DAY, payable=True) == "lapse"
    unfunded = [Act("unfunded", "call:1:1", NOW + 20 * DAY, concerns="payout:1")]
    owed = rules.standing(100, unfunded, ["payout:1"])
    assert say(NOW + 20 * DAY, payable=True) == "wait"
    assert say(NOW + 300 * DAY, payable=True) == "pay"
    assert rules.reminders(NOW, 30, "project")[-1] == NOW + 16 * DAY


def test_what_came_back_waits_anew_and_what_stayed_there_is_owed_no_more() -> None:
    late = NOW + 60 * DAY
    acts = [
        Act("sent", "tr_1", NOW, 100, "payout:1"),
        Act("taken", "trr_1", NOW + DAY, 30, "debt:1"),
        Act("returned", "trr_2", late, 70, "payout:1"),
    ]
    owed = rules.standing(100, acts, ["payout:1"])
    assert (owed.state, owed.left) == ("owed", 70)
    say = partial(rules.verdict, owed, NOW, 30, "project", payable=False, held=False)
    assert say(now=late) == "no_account"
    assert say(now=late + 30 * DAY) == "lapse"
    again = [*acts, Act("sent", "tr_2", late + DAY, 70, "payout:2")]
    assert rules.standing(100, again, ["payout:1", "payout:2"]).sent == 70


@pytest.mark.parametrize(
    ("code", "owed", "sent"),
    [
        ("HUF", 12_345, 12_300),
        ("TWD", 199, 100),
        ("ISK", 77, 77),
        ("UGX", 5, 5),
        ("KWD", 5_124, 5_120),
    ],
)
def test_what_a_payout_cannot_carry_is_carried_over_to_the_next(
    code: str, owed: int, sent: int
) -> None:
    assert rules.amount_to_send(Money(owed, code), 0).minor == sent
    carried = owed - sent
    assert rules.amount_to_send(Money(carried + 200, code), 0).minor >= 200 - 200 % 100


def test_splits_are_read_as_per_cent_or_weights_and_nonsense_is_named() -> None:
    read = grammar.read("@Ada 60% @bo 40% because bo wrote the tests".split())
    assert read.shares == (("ada", 6000), ("bo", 4000))
    assert read.reason == "bo wrote the tests"
    assert grammar.read(["@ada", "1", "@bo", "0.5"]).shares == (("ada", 100), ("bo", 50))
    for words, why in (
        ("", "form"),
        ("@ada", "form"),
        ("@ada 60% @bo 30%", "hundred"),
        ("@ada 60% @bo 40", "form"),
        ("@ada 1 @ADA 2", "twice"),
        ("@ada 0", "form"),
        (" ".join(f"@p{one} 1" for one in range(21)), "many"),
    ):
        with pytest.raises(Unread) as unread:
            grammar.read(words.split())
        assert unread.value.why == why, words


def _only(acts: list[giving.Act], *evidence: str) -> list[giving.Act]:
    return [one for one in acts if one.evidence in evidence]


def test_a_refund_after_one_that_failed_pays_that_first_in_whatever_order_it_is_heard() -> None:
    acts = [
        giving.Act("paid", "ch", NOW - DAY, 2000),
        giving.Act("refunded", "re_1", NOW, 300, "ch"),
        giving.Act("refund_failed", "re_1", NOW + DAY, 300, "ch"),
        giving.Act("refunded", "re_0", NOW + DAY / 2, 50, "ch"),
        giving.Act("refunded", "re_2", NOW + 2 * DAY, 200, "ch"),
        giving.Act("refunded", "re_3", NOW + 3 * DAY, 400, "ch"),
        giving.Act("refunded", "re_4", NOW + 3 * DAY, 70, "another"),
    ]
    dice = random.Random(1)
    for _order in range(10):
        dice.shuffle(acts)
        assert giving.repaid(acts) == {"re_2": ("ch", 200), "re_3": ("ch", 100)}
    # What a dispute gives back is owed no more, whenever it was opened.
    lost = giving.Act("dispute_lost", "du_1", NOW, 1900, "ch")
    assert giving.repaid([*_only(acts, "ch", "re_1"), lost]) == {"du_1": ("ch", 200)}


def test_terms_of_before_payouts_keep_their_hash_and_those_of_now_name_them() -> None:
    old = Terms("pledge", (("feature", 1),))
    assert old.sha256 == "f031e0bd32392f81e63b6a788e4a1ef2bda753c75813514dea60b455e13cf9c5"
    assert "lapse" not in old.text
    new = Terms(
        "pledge",
        (("feature", 1),),
        form=2,
        lapse="backers",
        reward=(("builders", 9), ("project", 1)),
    )
    assert of({"product": "pledge", "split": [["feature", 1]]}) == old
    assert new.sha256 != old.sha256
    with pytest.raises(ValueError, match="goes to the project"):
        Terms("pledge", (("feature", 1),), form=2)


def test_fees_of_the_processors_own_and_our_bank_are_the_house_s() -> None:
    def moved(kind: str, amount: int) -> Movement:
        return Movement("txn_1", kind, kind, amount, 0, amount, "EUR", "po_1", NOW)

    took = written(moved("payout", -500))
    assert took is not None
    assert {one.account: one.money.minor for one in took.entries} == {
        "stripe:balance": -500,
        "bank": 500,
    }
    fee = written(moved("stripe_fee", -20))
    assert fee is not None
    assert {one.account for one in fee.entries} == {"stripe:balance", "loss:fees"}
    assert written(moved("charge", 500)) is None
