"""What we use of RSGI, granian's own interface, which hands over whole bodies and takes whole answers.

https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

from collections.abc import AsyncIterator
from typing import Protocol

from granian.rsgi import (  # type: ignore[attr-defined]  # re-exported without saying so
    ProtocolClosed,
    ProtocolError,
    Scope,
)

from webhooks.patience import Cancellable

Headers = list[tuple[str, str]]
BROKEN: tuple[type[Exception], ...] = (ProtocolClosed, ProtocolError)
"""Raised while a body is read from a connection that has ended."""

__all__ = ["BROKEN", "Exchange", "Headers", "Scope"]


class Exchange(Protocol):
    """One request's body, and the way to answer it, once."""

    def __call__(self) -> Cancellable[bytes]:
        """Read the whole body."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Read the body as it comes."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with bytes."""

    def response_str(self, status: int, headers: Headers, body: str) -> None:
        """Answer with text."""
