"""Reading a request's body within bounds of size, time and memory; never a part of it for the whole."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from webhooks.arrivals import CAP, CROWDED, CUT_SHORT, NO_LENGTH, TOO_LARGE, TOO_SLOW, Refusal
from webhooks.patience import Patience
from webhooks.rsgi import BROKEN, Exchange

BODY_WITHIN_S = 10.0
DRAIN_WITHIN_S = 5.0
MOST_DISCARDED = 64 * 1024 * 1024
BUDGET = 2 * CAP
"""Bytes of large bodies that may be in memory at the same time."""


class Hold:
    """What one request takes from the budget."""

    def __init__(self, budget: "Budget") -> None:
        """Take nothing yet."""
        self._budget = budget
        self.size = 0

    def take(self, size: int) -> bool:
        """Take `size` bytes more if there are any left."""
        if size > self._budget.left:
            return False
        self._budget.left -= size
        self.size += size
        return True

    def release(self) -> None:
        """Give everything back."""
        self._budget.left += self.size
        self.size = 0


class Budget:
    """Memory for large bodies. It counts what has come, not what was announced."""

    def __init__(self, size: int = BUDGET) -> None:
        """Start with `size` bytes."""
        self.left = size

    @contextmanager
    def hold(self) -> Iterator[Hold]:
        """Lend memory until the block ends."""
        hold = Hold(self)
        try:
            yield hold
        finally:
            hold.release()


class Reading:
    """The body of one request; read it once."""

    def __init__(self, exchange: Exchange, patience: Patience) -> None:
        """Read from `exchange`."""
        self._exchange = exchange
        self._patience = patience
        self.began = False
        self.ended = False

    async def small(self, length: int) -> bytes | Refusal:
        """Read a body of exactly `length` bytes in one piece."""
        self.began = True
        try:
            body = await self._patience.wait(self._exchange(), BODY_WITHIN_S)
        except TimeoutError:
            return TOO_SLOW
        except BROKEN:
            return CUT_SHORT
        self.ended = True
        return body if len(body) == length else CUT_SHORT

    async def large(self, length: int, hold: Hold) -> bytearray | Refusal:
        """Read a body of exactly `length` bytes as it comes, as far as memory allows."""
        body = bytearray()
        refusal: Refusal | None = None
        self.began = True
        try:
            async with asyncio.timeout(BODY_WITHIN_S):
                async for chunk in self._exchange:
                    if refusal is None and hold.take(len(chunk)):
                        body += chunk
                    elif refusal is None:
                        # Let the rest pass by: a sender that is cut off never reads why.
                        refusal = CROWDED
                        body.clear()
                        hold.release()
        except TimeoutError:
            return TOO_SLOW
        except BROKEN:
            return CUT_SHORT
        self.ended = True
        if refusal is None and len(body) != length:
            refusal = CUT_SHORT
        return refusal or body

    async def unannounced(self) -> Refusal:
        """Let a body without a length pass by; say whether it was too large besides."""
        self.began = True
        seen = 0
        try:
            async with asyncio.timeout(BODY_WITHIN_S):
                async for chunk in self._exchange:
                    seen += len(chunk)
                    if seen > MOST_DISCARDED:
                        return TOO_LARGE
        except TimeoutError:
            return TOO_SLOW
        except BROKEN:
            return CUT_SHORT
        self.ended = True
        return TOO_LARGE if seen > CAP else NO_LENGTH

    async def drain(self) -> None:
        """After an answer that came early, read on for a while: closing at once would reset it."""
        seen = 0
        with suppress(TimeoutError, *BROKEN):
            async with asyncio.timeout(DRAIN_WITHIN_S):
                async for chunk in self._exchange:
                    seen += len(chunk)
                    if seen > MOST_DISCARDED:
                        return
