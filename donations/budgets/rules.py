"""What counts in an organisation's month, from what happened to what was given in its name. Pure.

A gift or a promise counts in the month in which it was said, as long as it can still be taken;
what comes again and again counts in each month, once. What went back does not count. What nobody
paid yet can be taken as long as the bank may open its page, and then until that page is over.
Months are those of UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from donations.giving.rules import Act, Product, Rhythm, standing

PAGE_LASTS = timedelta(days=1)
"""The bank closes a page on which one pays, or leaves a card, after a day,
https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-expires_at."""

HEARD_WITHIN = timedelta(days=3)
"""So long the bank tries to tell us that somebody paid; else the page of its that is over."""

Page = Literal["waits", "opened", "none"]

MONTHS = 12
OVER = frozenset({"withdrawn", "released", "expired"})


@dataclass(frozen=True)
class Month:
    """A month as a half-open span of instants."""

    starts_at: datetime
    ends_at: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class Own:
    """Something that was said in an organisation's name, in minor units, and what became of it.

    `acts` are in the order in which we heard of them. `page` is the bank's page for it: `waits`
    while the bank may still open it, `opened` since `opened_at`, `none` where it refused.
    """

    product: Product
    rhythm: Rhythm
    minor: int
    said_at: datetime
    acts: tuple[Act, ...]
    page: Page = "opened"
    opened_at: datetime | None = None


def month_of(at: datetime) -> Month:
    """Give the month in which an instant lies."""
    utc = at.astimezone(UTC)
    start = datetime(utc.year, utc.month, 1, tzinfo=UTC)
    more, month = divmod(utc.month, MONTHS)
    return Month(start, datetime(utc.year + more, month + 1, 1, tzinfo=UTC))


def counts(of: Own, month: Month, now: datetime) -> int:
    """Give what something counts in a month, in minor units."""
    return _once(of, month, now) if of.rhythm == "once" else _again(of, month, now)


def spent(of: Iterable[Own], month: Month, now: datetime) -> int:
    """Sum what counts in a month: all of one currency."""
    return sum(counts(one, month, now) for one in of)


def left(limit: int, of: Iterable[Own], month: Month, now: datetime) -> int:
    """Give what may still be promised in a month; nothing where a lowered budget is passed."""
    return max(0, limit - spent(of, month, now))


def _once(of: Own, month: Month, now: datetime) -> int:
    if of.said_at not in month:
        return 0
    stands = standing(of.acts)
    if stands.paid:
        return stands.kept
    return of.minor if _may_come(of, now) else 0


def _may_come(of: Own, now: datetime) -> bool:
    """Say whether something that is not paid may still be taken."""
    deeds = [one.deed for one in of.acts]
    if not OVER.isdisjoint(deeds) or "nothing" in deeds:
        return False
    if "saved" in deeds:
        return True
    if "under_way" in deeds:
        # A card may have said no before somebody chose a debit: only what failed later is that.
        return "failed" not in deeds[deeds.index("under_way") :]
    if of.page != "opened":
        return of.page == "waits"
    opened_at = of.opened_at or of.said_at
    return "abandoned" not in deeds and now < opened_at + PAGE_LASTS + HEARD_WITHIN


def _again(of: Own, month: Month, now: datetime) -> int:
    """Give what came in a month of what comes again and again, or else what is still to come."""
    paid = [one for one in of.acts if one.deed == "paid" and one.at in month]
    if paid:
        names = {one.evidence for one in paid}
        own = [one for one in of.acts if one.payment in names]
        return standing([*paid, *own]).kept
    before = [one.at for one in of.acts if one.deed == "paid"]
    goes_on = standing(of.acts).goes_on
    if not before:
        # What was said at the end of a month may be paid in the next, and what began later.
        may_come = goes_on or _may_come(of, now)
        return of.minor if of.said_at < month.ends_at and may_come else 0
    due = of.rhythm == "month" or max(before).astimezone(UTC).month == month.starts_at.month
    return of.minor if due and goes_on and of.said_at < month.ends_at else 0
