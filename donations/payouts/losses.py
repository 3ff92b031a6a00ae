"""How a loss is borne by those who were paid, in the announced order and to the last minor unit. Pure.

What falls to each follows from all that was lost so far, by largest remainder over the sum: of many
small losses nobody bears more cents than of one large one, and their order makes no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import Money, split


@dataclass(frozen=True)
class Bearer:
    """A share that bears: `left` of it can shrink, `had` its person has, in minor units.

    What is in neither went elsewhere: it was given or declined, or lapsed.
    """

    share: int
    minor: int
    left: int
    had: int


@dataclass(frozen=True)
class Borne:
    """How a loss is borne: `shrunk` and `debts` in minor units by share, `reserve` by the project."""

    shrunk: tuple[tuple[int, int], ...]
    reserve: int
    debts: tuple[tuple[int, int], ...]


def fallen(losses: Sequence[Money], weights: Sequence[int]) -> tuple[int, ...]:
    """Give what of the last of several losses falls to each weight; the losses in their order.

    Largest remainders of a growing sum can fall by one now and then: nobody is given a unit back
    for that, they bear one less of what comes next.
    """
    borne = last = (0,) * len(weights)
    total = Money(0, losses[-1].currency)
    for loss in losses:
        total += loss
        wanted = (part.minor for part in split(total, weights))
        parts = [max(0, part - had) for part, had in zip(wanted, borne, strict=True)]
        over = sum(parts) - loss.minor
        for place in reversed(range(len(parts))):
            less = min(over, parts[place])
            parts[place] -= less
            over -= less
        last = tuple(parts)
        borne = tuple(had + part for had, part in zip(borne, last, strict=True))
    return last


def borne(losses: Sequence[Money], of: Sequence[Bearer], reserve: Money) -> Borne:
    """Let the last of the people's losses be borne in the announced order.

    What was not sent shrinks. For what they have the project's own money stands first, then what
    those people earn next; for what went elsewhere, the project's alone. Nobody falls below nothing.
    """
    parts = fallen(losses, [one.minor for one in of])
    shrunk = [min(one.left, part) for one, part in zip(of, parts, strict=True)]
    over = [part - less for part, less in zip(parts, shrunk, strict=True)]
    theirs = [min(one.had, part) for one, part in zip(of, over, strict=True)]
    own = min(sum(over), max(0, reserve.minor))
    lent = Money(max(0, sum(theirs) - own), reserve.currency)
    debts = split(lent, theirs) if lent else ()
    return Borne(
        shrunk=tuple((one.share, less) for one, less in zip(of, shrunk, strict=True) if less),
        reserve=own,
        debts=tuple((one.share, part.minor) for one, part in zip(of, debts, strict=False) if part),
    )
