"""Days and spans as licences count them: in UTC, to the end of the named day.

A span of months or years ends on the same day of the month; where that month has no such day, on
its last (as Regulation (EEC, Euratom) 1182/71, art. 3.2 c, has it): two years after 29 February
2024 is 28 February 2026.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time

LAST_SECOND = time(23, 59, 59, tzinfo=UTC)
_MONTHS = 12


def end_of(day: date) -> datetime:
    """Give the last whole second of a day in UTC: wherever it was bought, a file ends with it."""
    return datetime.combine(day, LAST_SECOND)


def later(day: date, *, years: int = 0, months: int = 0) -> date:
    """Give the day so many years and months after `day`. Raises `ValueError` beyond year 9999."""
    count = day.year * _MONTHS + day.month - 1 + years * _MONTHS + months
    year, month = divmod(count, _MONTHS)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
