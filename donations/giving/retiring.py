"""What becomes of a gift that comes again and again in a currency that is given up. Pure.

A project takes another currency, or the currency itself ends. The giver is told in time. It goes
on in another currency only if they say so; else it ends. Nobody's amount is turned into another
one without a word of theirs.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from core.currencies import ENDINGS
from core.money import Money, succeeded
from donations.giving.rules import Act, Rhythm

Why = Literal["dropped", "ends"]
"""dropped: the project takes another currency now; ends: the currency itself does."""

AHEAD = timedelta(days=60)
"""So long before a currency ends those who give in it are told."""

NOTICE = timedelta(days=30)
"""So long after they were told it goes on at least, or until the currency ends, if that is later."""

LAST_WORD = timedelta(days=7)
"""So long before the end they are told once more."""

SOONEST = timedelta(hours=50)
"""A subscription begins later only where that is two days away at least,
https://docs.stripe.com/payments/checkout/free-trials."""


@dataclass(frozen=True)
class Retiring:
    """Why a currency is given up, and in which one a gift may go on."""

    why: Why
    into: str


def retiring(currency: str, project: str | None, now: datetime) -> Retiring | None:
    """Say whether a currency is given up now; `project` is what the project takes, if it takes gifts."""
    ending = ENDINGS.get(currency)
    takes = project if project and not is_over(project, now) else None
    if ending is not None and now >= ending.at - AHEAD:
        return Retiring("ends", takes if takes and takes != currency else ending.into)
    if takes is not None and takes != currency:
        return Retiring("dropped", takes)
    return None


def ends_at(currency: str, told_at: datetime) -> datetime:
    """Say when a gift in a currency that is given up ends, if nothing is said."""
    ending, least = ENDINGS.get(currency), told_at + NOTICE
    return max(ending.at, least) if ending is not None else least


def is_over(currency: str, now: datetime) -> bool:
    """Say whether nothing new can be given in a currency."""
    ending = ENDINGS.get(currency)
    return ending is not None and now >= ending.at


def proposed(money: Money, into: str) -> Money | None:
    """Give what the same amount is in another currency, where a law says so; else nobody knows."""
    ending = ENDINGS.get(money.currency)
    return succeeded(money) if ending is not None and ending.into == into else None


def next_at(acts: tuple[Act, ...], rhythm: Rhythm, now: datetime) -> datetime | None:
    """Say when a gift would next have been taken: then its successor begins. None: at once."""
    paid = max((one.at for one in acts if one.deed == "paid"), default=None)
    if paid is None:
        return None
    due = _later(paid, 1 if rhythm == "month" else 12)
    return due if due >= now + SOONEST else None


def _later(at: datetime, months: int) -> datetime:
    utc = at.astimezone(UTC)
    years, month = divmod(utc.month - 1 + months, 12)
    year = utc.year + years
    return utc.replace(
        year=year, month=month + 1, day=min(utc.day, monthrange(year, month + 1)[1])
    )
