"""Ends waits that take too long, with one timer for all: one for each costs more than most waits."""

import asyncio
from collections.abc import Awaitable
from typing import Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LOOK_EVERY_S = 0.05
"""How much later than asked a wait may end."""


class Cancellable(Awaitable[T_co], Protocol[T_co]):
    """A future, asyncio's or granian's."""

    def cancel(self) -> object:
        """Have the wait end."""


class Patience:
    """The waits of one event loop that must not last for ever."""

    def __init__(self) -> None:
        """Begin with none."""
        self._until: dict[Cancellable[object], float | None] = {}
        self._looking = False

    async def wait(self, future: Cancellable[T], seconds: float) -> T:
        """Wait for the future, or cancel it and raise `TimeoutError`."""
        loop = asyncio.get_running_loop()
        self._until[future] = loop.time() + seconds
        if not self._looking:
            self._looking = True
            loop.call_later(LOOK_EVERY_S, self._look, loop)
        try:
            return await future
        except asyncio.CancelledError:
            if self._until[future] is None:
                raise TimeoutError from None
            raise
        finally:
            del self._until[future]

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        late = [future for future, until in self._until.items() if until and until <= now]
        for future in late:
            self._until[future] = None
            future.cancel()
        self._looking = bool(self._until)
        if self._looking:
            loop.call_later(LOOK_EVERY_S, self._look, loop)
