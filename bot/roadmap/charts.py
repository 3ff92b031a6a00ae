"""Figures for charts, reckoned without drawing anything: votes by day gathered into few spans. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

MOST_SPANS = 12
WIDTH, HEIGHT = 480.0, 180.0
LEFT, TOP, BOTTOM = 44.0, 12.0, 28.0


@dataclass(frozen=True)
class Span:
    """The votes that came in a span of days, and how many there were at its end."""

    first: date
    new: int
    total: int


@dataclass(frozen=True)
class Growth:
    """How votes grew; `unit` is day, week, month or year: what the spans are."""

    unit: str
    spans: tuple[Span, ...]

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Where the total stands in a picture of `WIDTH` by `HEIGHT`: (x, y) by span, from 0 on."""
        most = max((span.total for span in self.spans), default=0) or 1
        high = HEIGHT - TOP - BOTTOM
        step = (WIDTH - LEFT - TOP) / max(1, len(self.spans))
        heights = (0, *(span.total for span in self.spans))
        return tuple(
            (round(LEFT + at * step, 1), round(TOP + high * (1 - total / most), 1))
            for at, total in enumerate(heights)
        )


def growth(days: Sequence[tuple[date, int]]) -> Growth:
    """Gather votes by day into at most `MOST_SPANS` spans without gaps; years may be more."""
    counted = dict(days)
    if not counted:
        return Growth("day", ())
    for unit, first_of, after in _UNITS:
        firsts = _firsts(first_of(min(counted)), first_of(max(counted)), after)
        if firsts or unit == _UNITS[-1][0]:
            break
    new = dict.fromkeys(firsts, 0)
    for day, number in counted.items():
        new[first_of(day)] += number
    totals = accumulate(new[first] for first in firsts)
    spans = zip(firsts, totals, strict=True)
    return Growth(unit, tuple(Span(first, new[first], total) for first, total in spans))


def _firsts(first: date, last: date, after: Callable[[date], date]) -> tuple[date, ...]:
    """Give the first day of each span from one to another; nothing if they are too many."""
    found = [first]
    while found[-1] < last:
        if len(found) == MOST_SPANS and after is not _next_year:
            return ()
        found.append(after(found[-1]))
    return tuple(found)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _next_year(first: date) -> date:
    return first.replace(year=first.year + 1)


_UNITS: tuple[tuple[str, Callable[[date], date], Callable[[date], date]], ...] = (
    ("day", lambda day: day, lambda first: first + timedelta(days=1)),
    (
        "week",
        lambda day: day - timedelta(days=day.weekday()),
        lambda first: first + timedelta(days=7),
    ),
    ("month", lambda day: day.replace(day=1), _next_month),
    ("year", lambda day: day.replace(month=1, day=1), _next_year),
)
