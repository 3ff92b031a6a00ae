"""When a currency is given up, what an amount of it becomes, and when a gift ends: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from core.currencies import CURRENCIES, ENDINGS
from core.money import Money, succeeded
from donations.giving import retiring
from donations.giving.retiring import Retiring
from donations.giving.rules import Act

DAY = timedelta(days=1)
LEV = ENDINGS["BGN"].at


@pytest.mark.parametrize(
    ("minor", "cents"),
    [(195_583, 100_000), (2_000, 1_023), (100, 51), (1, 1), (0, 0), (-100, -51)],
)
def test_levs_are_euros_at_the_rate_of_the_law(minor: int, cents: int) -> None:
    assert succeeded(Money(minor, "BGN")) == Money(cents, "EUR")
    assert retiring.proposed(Money(minor, "BGN"), "EUR") == Money(cents, "EUR")
    assert retiring.proposed(Money(minor, "BGN"), "USD") is None
    with pytest.raises(ValueError, match="goes on"):
        succeeded(Money(1, "EUR"))
    assert {one.into for one in ENDINGS.values()} <= CURRENCIES.keys() - ENDINGS.keys()


def test_it_is_given_up_in_time_by_the_law_or_by_the_project() -> None:
    early, soon = LEV - 61 * DAY, LEV - 60 * DAY
    assert retiring.retiring("BGN", "BGN", early) is None
    assert retiring.retiring("BGN", "BGN", soon) == Retiring("ends", "EUR")
    assert retiring.retiring("BGN", "USD", soon) == Retiring("ends", "USD")
    assert retiring.retiring("BGN", None, soon) == Retiring("ends", "EUR")
    assert retiring.retiring("EUR", "USD", early) == Retiring("dropped", "USD")
    assert retiring.retiring("EUR", None, early) is None
    assert retiring.retiring("EUR", "BGN", LEV) is None
    assert retiring.ends_at("BGN", soon) == LEV
    assert retiring.ends_at("BGN", LEV + 300 * DAY) == LEV + 330 * DAY
    assert retiring.ends_at("EUR", early) == early + 30 * DAY
    assert not retiring.is_over("BGN", LEV - timedelta(microseconds=1))
    assert retiring.is_over("BGN", LEV)


def test_what_goes_on_begins_when_the_next_payment_would_have_come() -> None:
    paid = datetime(2027, 1, 31, 9, tzinfo=UTC)
    acts = (Act("began", "sub", paid), Act("paid", "ch", paid, 500))
    due = datetime(2027, 2, 28, 9, tzinfo=UTC)
    assert retiring.next_at(acts, "month", paid) == due
    assert retiring.next_at(acts, "month", due - 2 * DAY) is None
    assert retiring.next_at(acts, "year", paid) == datetime(2028, 1, 31, 9, tzinfo=UTC)
    assert retiring.next_at(acts[:1], "month", paid) is None
