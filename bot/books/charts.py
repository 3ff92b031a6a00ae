"""What is held over time, as points of a line that may fall below nothing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.roadmap.charts import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, growth
from core.money import Money


@dataclass(frozen=True)
class Step:
    """A span of time that begins on `first`: by how much what is held changed, and what it then was."""

    first: date
    change: Money
    held: Money


@dataclass(frozen=True)
class Line:
    """One currency; `points` are (x, y) in a picture of `WIDTH` by `HEIGHT`, `zero` the height of 0."""

    unit: str
    steps: tuple[Step, ...]
    points: tuple[tuple[float, float], ...]
    zero: float
    top: Money


def line(changes: Sequence[tuple[date, int]], currency: str) -> Line:
    """Draw how what is held changed, from its changes by day; nobody's are no points but 0."""
    grown = growth(changes)
    totals = [0, *(span.total for span in grown.spans)]
    high, low = max(totals), min(totals)
    reach = (high - low) or 1
    tall = HEIGHT - TOP - BOTTOM
    wide = (WIDTH - LEFT - TOP) / max(1, len(grown.spans))

    def height(total: int) -> float:
        return round(TOP + tall * (high - total) / reach, 1)

    return Line(
        unit=grown.unit,
        steps=tuple(
            Step(span.first, Money(span.new, currency), Money(span.total, currency))
            for span in grown.spans
        ),
        points=tuple(
            (round(LEFT + place * wide, 1), height(total)) for place, total in enumerate(totals)
        ),
        zero=height(0),
        top=Money(high, currency),
    )
