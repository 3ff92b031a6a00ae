"""Laws of selling: prices and their tax, how long a licence runs, promises, what a payment entitles to."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.selling import rules
from bot.selling.rules import Offer
from core.money import Money
from donations.giving.rules import Act, standing

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TOKYO, ANGELES = timezone(timedelta(hours=9)), timezone(timedelta(hours=-8))
PRO = Offer(
    repo_id=7,
    product="pro",
    name="Garden Pro",
    seller="The Garden association",
    price=Money(4_990, "EUR"),
    least=Money(0, "EUR"),
    entitlements=("reports",),
    seats=1,
    most_seats=50,
    term="year",
    updates_days=365,
    trial_days=30,
    tax_percent=Decimal(20),
    refund_days=14,
    partial_refund="keep",
)
CHOSEN = replace(PRO, price=None, least=Money(1_000, "EUR"))


def test_a_fixed_price_is_paid_for_each_seat_whatever_was_chosen() -> None:
    assert rules.due(PRO, 3, Money(1, "EUR")) == Money(14_970, "EUR")
    for seats in (0, 51):
        with pytest.raises(ValueError, match="seats are sold"):
            rules.due(PRO, seats, Money(0, "EUR"))


@given(st.integers(1, 50), st.integers(0, 10**7))
def test_nobody_pays_below_the_floor_and_nobody_less_than_they_want(
    seats: int, minor: int
) -> None:
    paid = rules.due(CHOSEN, seats, Money(minor, "EUR"))

    assert paid.minor == max(minor, 1_000 * seats)


@given(st.integers(0, 10**9), st.decimals(0, 50, places=2))
def test_the_tax_in_a_price_is_what_its_percentage_says(minor: int, percent: Decimal) -> None:
    offer = replace(PRO, tax_percent=percent)
    tax = rules.tax(offer, Money(minor, "EUR")).minor

    exact = Decimal(minor) * percent / (100 + percent)
    assert abs(tax - exact) <= 1


@pytest.mark.parametrize(
    ("term", "begins", "ends"),
    [
        ("year", datetime(2026, 11, 20, 23, 59, tzinfo=UTC), "2027-11-20T23:59:59+00:00"),
        ("year", datetime(2028, 2, 29, 0, 0, tzinfo=UTC), "2029-02-28T23:59:59+00:00"),
        ("month", datetime(2027, 1, 31, 12, 0, tzinfo=UTC), "2027-02-28T23:59:59+00:00"),
        ("month", datetime(2026, 12, 5, 12, 0, tzinfo=UTC), "2027-01-05T23:59:59+00:00"),
        # In Tokyo it is February already, in Los Angeles still January: it ends alike.
        ("year", datetime(2026, 2, 1, 8, 0, tzinfo=TOKYO), "2027-01-31T23:59:59+00:00"),
        ("year", datetime(2026, 1, 31, 15, 0, tzinfo=ANGELES), "2027-01-31T23:59:59+00:00"),
    ],
)
def test_a_term_ends_with_the_end_of_a_day(term: rules.Term, begins: datetime, ends: str) -> None:
    found = rules.expires(term, begins)

    assert found is not None
    assert found.isoformat() == ends


def test_what_is_perpetual_never_ends_and_has_updates_for_a_time() -> None:
    forever = replace(PRO, term="perpetual")

    assert rules.expires("perpetual", NOW) is None
    assert rules.updates_until(forever, NOW) == datetime(2027, 11, 20, 23, 59, 59, tzinfo=UTC)
    assert rules.updates_until(PRO, NOW) is None


def test_an_offer_is_read_as_it_was_written() -> None:
    for offer in (PRO, CHOSEN, replace(PRO, locked_until=NOW)):
        assert rules.offer_of(json.loads(offer.text)) == offer
    assert PRO.sha256 != replace(PRO, price=Money(4_991, "EUR")).sha256


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"price": Money(4_991, "EUR")}, ("dearer",)),
        ({"price": Money(4_900, "USD"), "least": Money(0, "USD")}, ("currency",)),
        ({"term": "month"}, ("term",)),
        ({"seats": 2}, ("seats",)),
        ({"entitlements": ()}, ("entitlements",)),
        ({"price": Money(4_989, "EUR")}, ()),
        ({"entitlements": ("reports", "sso"), "most_seats": 99}, ()),
        ({"product": "other", "price": Money(9_999, "EUR")}, ()),
    ],
)
def test_a_promise_about_a_price_holds_until_its_day_is_over(
    changed: dict[str, object], broken: tuple[str, ...]
) -> None:
    promised = replace(PRO, locked_until=NOW + timedelta(days=1))
    now = replace(PRO, **changed)  # type: ignore[arg-type] # fields of an offer

    assert rules.broken(now, [promised], NOW) == broken
    assert rules.broken(now, [promised], NOW + timedelta(days=1, seconds=1)) == ()


def test_a_product_that_was_promised_and_goes_by_another_name_is_missed() -> None:
    promised = replace(PRO, locked_until=NOW + timedelta(days=1))
    again = replace(promised, price=Money(4_000, "EUR"))

    assert rules.gone([promised, again, PRO], {"pro", "more"}, NOW) == ()
    assert rules.gone([promised, again, PRO], {"pro-2026"}, NOW) == (promised,)
    assert rules.gone([promised], (), NOW + timedelta(days=1, seconds=1)) == ()


def test_a_licence_opens_all_that_was_paid_for() -> None:
    more = replace(PRO, entitlements=("sso", "reports"))
    less = replace(PRO, entitlements=())

    assert rules.opened(PRO, []) == ("reports",)
    assert rules.opened(PRO, [more, less]) == ("reports", "sso")
    many = replace(PRO, entitlements=tuple(f"m{number}" for number in range(40)))
    others = replace(PRO, entitlements=tuple(f"n{number}" for number in range(40)))
    assert len(rules.opened(many, [others])) == 64


PAID = Act("paid", "ch_1", NOW, 4_990)
PART = Act("refunded", "re_1", NOW, 1_000, "ch_1")
REST = Act("refunded", "re_2", NOW, 3_990, "ch_1")
CAME_HOME = Act("refund_failed", "re_2", NOW, 3_990, "ch_1")
DISPUTED = Act("disputed", "dp_1", NOW, 4_990, "ch_1")
WON = Act("dispute_won", "dp_1", NOW, 4_990, "ch_1")
LOST = Act("dispute_lost", "dp_1", NOW, 4_990, "ch_1")


@pytest.mark.parametrize(
    ("acts", "keeping", "revoking"),
    [
        ((), "none", "none"),
        ((Act("failed", "ch_0", NOW),), "none", "none"),
        ((Act("nothing", "key", NOW),), "granted", "granted"),
        ((PAID,), "granted", "granted"),
        ((PAID, PART), "granted", "ended"),
        ((PAID, PART, REST), "ended", "ended"),
        ((PAID, PART, REST, CAME_HOME), "granted", "ended"),
        ((PAID, DISPUTED), "suspended", "suspended"),
        ((PAID, DISPUTED, WON), "granted", "granted"),
        ((PAID, DISPUTED, LOST), "ended", "ended"),
    ],
)
def test_what_a_payment_entitles_to(acts: tuple[Act, ...], keeping: str, revoking: str) -> None:
    assert rules.right(standing(acts), partial_refund="keep") == keeping
    assert rules.right(standing(acts), partial_refund="revoke") == revoking
    assert rules.right(standing(acts[::-1]), partial_refund="keep") == keeping
