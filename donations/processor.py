"""The port to whoever moves money: what can be asked, and how it can go wrong."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol, cast

from core.context import Context
from donations.asked import Call, Done, Found
from donations.told import Balance, Happened, Kind, Movement, Seen


class ProcessorError(Exception):
    """The processor did not do what was asked."""


class Declined(ProcessorError):
    """A card said no. `code` is the processor's; `asks` if its holder has to be there."""

    def __init__(self, code: str, *, asks: bool = False, intent_id: str = "") -> None:
        """Keep what is known."""
        super().__init__(code)
        self.code = code
        self.asks = asks
        self.intent_id = intent_id


class Rejected(ProcessorError):
    """The call is refused, and will be refused again; `code` says why in one word."""

    def __init__(self, code: str) -> None:
        """Keep the word."""
        super().__init__(code)
        self.code = code


class Gone(Rejected):
    """There is no such thing, at this processor, in this mode."""


class Away(ProcessorError):
    """No answer, too many calls or a server error: whether it happened is unknown."""


class Locked(ProcessorError):
    """Our key is not accepted: nothing can be done until somebody mends the settings."""


class Processor(Protocol):
    """Whoever moves money for us. Everything may raise a `ProcessorError`."""

    @property
    def live(self) -> bool:
        """Real money moves."""

    def look(self, kind: Kind, object_id: str) -> Seen:
        """Read an object as it is now. Raises `Gone`."""

    def perform(self, call: Call, key: str) -> Done:
        """Carry out a call; the same `key` never does it twice."""

    def came_of(self, call: Call, key: str, since: datetime) -> tuple[Found, ...]:
        """Look for what came of a call under a key; nothing is changed."""

    def onboarding(self, payee_id: str, return_url: str, again_url: str) -> str:
        """Give the address where a payee says who they are; it is good for minutes."""

    def balances(self) -> tuple[Balance, ...]:
        """Give what is held for us."""

    def movements(self, since: datetime) -> Iterator[Movement]:
        """Give every movement of the balance since then, the newest first."""

    def happened(self, since: datetime) -> Iterator[Happened]:
        """Give the events since then, the newest first; 30 days are kept."""


def of(ctx: Context) -> Processor | None:
    """Give whoever moves money where an event is handled; None where nobody does."""
    return cast("Processor | None", ctx.processor)
