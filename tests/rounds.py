"""Who found nothing to do is not asked again before something was written, or their time comes.

Asking all hands at each turn, in thousands of houses, cost a tenth of the time of all tests.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.clock import Clock


@dataclass(frozen=True)
class _Rest:
    """What had been written when somebody found nothing at an instant, and what they wait for."""

    written: object
    at: datetime
    is_told: bool = False
    until: datetime | None = None

    def lasts(self, now: datetime) -> bool:
        return now == self.at or (self.is_told and (self.until is None or now < self.until))


class Rounds:
    """Hands that are asked in turn.

    What is `written` changes with everything that may give one of them work, except time.
    """

    def __init__(self, clock: Clock) -> None:
        """Nobody was asked yet."""
        self._clock = clock
        self._rests: dict[str, _Rest] = {}

    def forget(self) -> None:
        """Ask everybody: a test may have done anything meanwhile."""
        self._rests.clear()

    def step(self, who: str, written: object, step: Callable[[], int]) -> int:
        """Let somebody work who may have work; says how much was done."""
        rest = self._rests.get(who)
        if rest and rest.written == written and rest.lasts(self._clock()):
            return 0
        self._rests.pop(who, None)
        moved = step()
        if not moved:
            self._rests[who] = _Rest(written, self._clock())
        return moved

    def next_at(
        self, who: str, written: object, next_at: Callable[[], datetime | None]
    ) -> datetime | None:
        """Give the instant at which a step may be worth while; None while nothing waits."""
        rest = self._rests.get(who)
        if rest is None or rest.written != written:
            return next_at()
        if not rest.is_told:
            rest = self._rests[who] = replace(rest, is_told=True, until=next_at())
        return rest.until
