"""What counts in an organisation's month: pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from donations.budgets.rules import HEARD_WITHIN, PAGE_LASTS, Own, counts, left, month_of
from donations.giving.rules import Act, Deed

NOVEMBER = datetime(2026, 11, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def act(deed: Deed, day: int = 10, minor: int = 0, payment: str = "", name: str = "") -> Act:
    return Act(deed, name or f"{deed}{day}", NOVEMBER + (day - 10) * DAY, minor, payment)


PAID = act("paid", 10, 300, name="ch")
BACK = act("refunded", 12, 300, "ch")
BEGAN = act("began", 10)


@pytest.mark.parametrize(
    ("said", "acts", "counted"),
    [
        ("donation once", (), 300),
        ("donation once", (PAID,), 300),
        ("donation once", (PAID, BACK), 0),
        ("donation once", (PAID, act("refunded", 12, 100, "ch")), 200),
        ("donation once", (PAID, BACK, act("refund_failed", 13, 300, name=BACK.evidence)), 300),
        ("donation once", (PAID, act("disputed", 12, 300, "ch", "du")), 0),
        ("donation once", (act("nothing"),), 0),
        ("donation once", (act("abandoned"),), 0),
        ("donation once", (act("under_way"),), 300),
        ("pledge once", (act("saved"),), 300),
        ("pledge once", (act("saved"), act("withdrawn", 11)), 0),
        ("pledge once", (act("saved"), act("released", 11)), 0),
        ("pledge once", (act("saved"), act("asked", 11)), 300),
        ("donation month", (BEGAN, PAID), 300),
        ("donation month", (BEGAN, PAID, BACK), 0),
        ("donation year", (BEGAN, PAID), 300),
    ],
)
def test_it_counts_when_it_was_said_and_not_what_went_back(
    said: str, acts: tuple[Act, ...], counted: int
) -> None:
    product, rhythm = said.split()
    own = Own(product, rhythm, 300, NOVEMBER, acts)  # type: ignore[arg-type]  # two of the words
    this = month_of(NOVEMBER)
    assert counts(own, this, NOVEMBER + DAY) == counted
    assert left(500, (own, own), this, NOVEMBER + DAY) == max(0, 500 - 2 * counted)


def test_a_page_counts_while_the_bank_may_open_it_and_until_it_is_over() -> None:
    this = month_of(NOVEMBER)
    waits = Own("donation", "once", 300, NOVEMBER, (), "waits")
    assert counts(waits, this, NOVEMBER + 19 * DAY) == 300
    opened = replace(waits, page="opened", opened_at=NOVEMBER + 10 * DAY)
    ends_at = NOVEMBER + 10 * DAY + PAGE_LASTS + HEARD_WITHIN
    assert counts(opened, this, ends_at - timedelta(seconds=1)) == 300
    assert counts(opened, this, ends_at) == 0
    assert counts(replace(opened, acts=(act("abandoned", 21),)), this, NOVEMBER + 12 * DAY) == 0
    # A card said no, then a debit began on the same page: it is under way, and bounces later.
    under_way = (act("failed", 10, name="ch_1"), act("under_way", 10))
    assert counts(replace(opened, acts=under_way), this, NOVEMBER + 19 * DAY) == 300
    bounced = (*under_way, act("failed", 10, name="ch_2"))
    assert counts(replace(opened, acts=bounced), this, NOVEMBER + DAY) == 0


def test_a_page_that_was_left_counts_no_more_and_months_end_in_utc() -> None:
    this, later = month_of(NOVEMBER), month_of(NOVEMBER + 30 * DAY)
    left_open = Own("donation", "once", 300, NOVEMBER, ())
    bounced = Own("donation", "once", 300, NOVEMBER, (act("under_way"), act("failed", 13)))
    refused = replace(left_open, page="none")
    for own in (left_open, bounced, refused):
        assert counts(own, this, NOVEMBER + 4 * DAY) == 0
    promised = Own("pledge", "once", 300, NOVEMBER, (act("saved"), act("paid", 40, 300)))
    assert (counts(promised, this, NOVEMBER), counts(promised, later, NOVEMBER)) == (300, 0)
    monthly = Own("donation", "month", 300, NOVEMBER, (BEGAN, PAID))
    assert counts(monthly, later, NOVEMBER) == 300
    last_day = NOVEMBER + 20 * DAY
    fresh = Own("donation", "month", 300, last_day, (act("under_way", 30),))
    assert (counts(fresh, this, last_day), counts(fresh, later, last_day + DAY)) == (300, 300)
    # What goes on in place of a gift in another currency takes nothing at first.
    waits = Own("donation", "month", 300, NOVEMBER, (BEGAN,))
    assert counts(waits, later, NOVEMBER + 25 * DAY) == 300
    ended = Own("donation", "month", 300, NOVEMBER, (BEGAN, PAID, act("ended", 20)))
    assert (counts(ended, this, NOVEMBER), counts(ended, later, NOVEMBER)) == (300, 0)
    yearly = Own("donation", "year", 300, NOVEMBER, (BEGAN, PAID))
    again = month_of(NOVEMBER + 366 * DAY)
    assert (counts(yearly, later, NOVEMBER), counts(yearly, again, NOVEMBER)) == (0, 300)
    last = datetime.fromisoformat("2026-12-01T00:59:59+01:00")
    assert last in this
    assert last + timedelta(seconds=1) in later
