"""How far money covers what it is asked for, and who is asked: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import Money


@dataclass(frozen=True)
class Covered:
    """A line of what an appeal is for: `there` of its `cost`, the earlier lines first."""

    name: str
    cost: Money
    there: Money

    @property
    def share(self) -> int:
        """How much of it is covered, in whole per cent, never more than is."""
        return self.there.minor * 100 // max(1, self.cost.minor)


def covered(costs: Sequence[tuple[str, Money]], raised: Money) -> tuple[Covered, ...]:
    """Let what was raised cover the lines in their order: what is left of one is for the next."""
    left, found = max(0, raised.minor), []
    for name, cost in costs:
        part = min(left, cost.minor)
        left -= part
        found.append(Covered(name, cost, Money(part, cost.currency)))
    return tuple(found)
