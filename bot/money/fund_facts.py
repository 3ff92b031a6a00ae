"""What the page on which people give shows of others: sums and how they spread, never a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from sqlalchemy import Connection

from bot.outcomes import store as outcomes
from bot.roadmap.store import Request
from core.money import Money
from donations.giving import store

FEWEST = 5
"""Of fewer people nothing is shown: from two amounts one could tell who gave what."""

FEWEST_TOGETHER = 3
"""A bar of fewer would say what one of them gave."""

STEPS = 5


@dataclass(frozen=True)
class Raised:
    """What is there in one currency, and of how many."""

    money: Money
    givers: int


@dataclass(frozen=True)
class Others:
    """What others chose lately: `bars` are (from, below, how many), the last without an upper end."""

    people: int
    nothing: int
    median: Money
    bars: tuple[tuple[Money, Money | None, int], ...]

    @property
    def share_of_nothing(self) -> float:
        """The part of them that gave nothing, from 0 to 1."""
        return self.nothing / self.people


def raised(connection: Connection, repo_id: int, about: str | None) -> tuple[Raised, ...]:
    """Give what was given and is there, donations and promises kept together, by currency."""
    sums: dict[str, tuple[int, int]] = {}
    for (_product, code), (minor, givers) in store.raised(connection, repo_id, about).items():
        known = sums.get(code, (0, 0))
        sums[code] = (known[0] + minor, known[1] + givers)
    return tuple(Raised(Money(minor, code), givers) for code, (minor, givers) in sums.items())


def raised_for(connection: Connection, asked: Request) -> tuple[Raised, ...]:
    """Give what was given and is there for a request, for it or for one offer to do it, by currency."""
    sums: dict[str, tuple[int, int]] = {}
    for name in outcomes.purses_of(connection, asked):
        for one in raised(connection, asked.repo_id, name):
            code = one.money.currency
            minor, givers = sums.get(code, (0, 0))
            sums[code] = (minor + one.money.minor, givers + one.givers)
    return tuple(Raised(Money(minor, code), givers) for code, (minor, givers) in sums.items())


def others(connection: Connection, repo_id: int, currency: str) -> Others | None:
    """Say what others chose; None while they are too few to stay unknown."""
    return spread(store.chosen(connection, repo_id, currency), currency)


def spread(chosen: Sequence[int], currency: str) -> Others | None:
    """Count amounts in minor units; None where there are too few."""
    paying = sorted(one for one in chosen if one)
    if len(chosen) < FEWEST or len(paying) < FEWEST:
        return None
    edges = _edges(paying)
    bars: list[tuple[Money, Money | None, int]] = [
        (Money(low, currency), Money(high, currency), sum(low <= one < high for one in paying))
        for low, high in pairwise(edges)
    ]
    last = edges[-1]
    bars.append((Money(last, currency), None, sum(one >= last for one in paying)))
    return Others(
        people=len(chosen),
        nothing=len(chosen) - len(paying),
        median=Money(_figure(median_low(sorted(chosen))), currency),
        bars=tuple(bars),
    )


def _edges(paying: Sequence[int]) -> list[int]:
    """Part sorted amounts at round figures, so that no edge is what somebody gave to the cent."""
    kept: list[int] = []
    above = len(paying)
    for edge in sorted({_figure(paying[len(paying) * n // STEPS]) for n in range(STEPS)})[::-1]:
        below = sum(one < edge for one in paying)
        # The lowest bar must be enough of them too.
        if above - below >= FEWEST_TOGETHER and (below == 0 or below >= FEWEST_TOGETHER):
            kept.append(edge)
            above = below
    return kept[::-1] or [_figure(paying[0])]


def _figure(minor: int) -> int:
    """Round down to 1, 2 or 5 with zeros behind it."""
    if minor < 1:
        return 0
    power: int = 10 ** (len(str(minor)) - 1)
    return max(step * power for step in (1, 2, 5) if step * power <= minor)
