"""Who acts on what was seen at the processor: `@sees("charge", ...)` registers; the reaction looks.

An object is looked at whenever anything may have happened to it. Whoever sees it brings our
side to what it is now, however often it is seen and in whatever order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from core.context import Context, Effect
from donations.calls import Kept
from donations.told import Charge, Kind, Seen

Sight = Callable[["Look", Context, Connection], Iterable[Effect]]

Refusal = Callable[[Kept, Context, Connection], Iterable[Effect]]

_refusals: list[Refusal] = []
_sights: dict[Kind, list[Sight]] = {}


@dataclass(frozen=True)
class Look:
    """An object as the processor has it, with the charge that it concerns where it is about one.

    `about` is what we called it when we asked for it: `gift:12`; empty where that was not us.
    """

    seen: Seen
    charge: Charge | None = None

    @property
    def about(self) -> str:
        """What we called it."""
        own = str(getattr(self.seen, "about", ""))
        return own or (self.charge.about if self.charge else "")


def sees(*kinds: Kind) -> Callable[[Sight], Sight]:
    """Register what is done when an object of these kinds was looked at, in its transaction."""

    def register(sight: Sight) -> Sight:
        for kind in kinds:
            _sights.setdefault(kind, []).append(sight)
        return sight

    return register


def sights_of(kind: Kind) -> tuple[Sight, ...]:
    """Give what is done when an object of this kind was looked at."""
    return tuple(_sights.get(kind, ()))


def told_of_refusals(refusal: Refusal) -> Refusal:
    """Register what is done when the processor refused a call for good, in its transaction."""
    _refusals.append(refusal)
    return refusal


def refused(kept: Kept, ctx: Context, connection: Connection) -> list[Effect]:
    """Let everybody know of a refused call."""
    return [effect for refusal in _refusals for effect in refusal(kept, ctx, connection)]
