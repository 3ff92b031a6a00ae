"""The port to whoever moves money: what we ask of it as frozen values, and what it tells.

Amounts are in the processor's own units beside a currency code in capitals; `core.money` turns
them into ours. Instants are aware UTC. Ids are the processor's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, cast

from core.context import Context


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


@dataclass(frozen=True)
class Movement:
    """A balance transaction: the only source of fees, https://docs.stripe.com/api/balance_transactions.

    `net` is what our balance changed by: `amount` less `fee`.
    """

    id: str
    kind: str
    category: str
    amount: int
    fee: int
    net: int
    currency: str
    source: str
    created_at: datetime


@dataclass(frozen=True)
class Charge:
    """Money taken from a card; `refunded` is the sum that went back so far."""

    id: str
    intent_id: str
    paid: bool
    amount: int
    currency: str
    refunded: int
    disputed: bool
    code: str
    created_at: datetime
    about: str
    movement: Movement | None


@dataclass(frozen=True)
class Intent:
    """An attempt to be paid; `asks` if the holder of the card has to be there."""

    id: str
    status: str
    amount: int
    currency: str
    customer_id: str
    about: str
    code: str
    asks: bool
    charge: Charge | None


@dataclass(frozen=True)
class SavedCard:
    """A card that may be charged later (a SetupIntent that ended well, or not yet)."""

    id: str
    status: str
    customer_id: str
    method_id: str
    about: str


@dataclass(frozen=True)
class Session:
    """A hosted page on which somebody pays or leaves a card; `url` only while it is open."""

    id: str
    mode: str
    status: str
    payment_status: str
    amount: int
    currency: str
    url: str
    about: str
    intent_id: str
    setup_id: str
    subscription_id: str
    customer_id: str
    email: str
    name: str


@dataclass(frozen=True)
class Refund:
    """Money given back; `returned` is its way home where that failed."""

    id: str
    charge_id: str
    amount: int
    currency: str
    status: str
    movement: Movement | None
    returned: Movement | None


@dataclass(frozen=True)
class Dispute:
    """A payment that the holder of the card disputes, with every movement that it caused."""

    id: str
    charge_id: str
    amount: int
    currency: str
    status: str
    movements: tuple[Movement, ...]


@dataclass(frozen=True)
class Reversal:
    """A part of a transfer that came back."""

    id: str
    amount: int
    movement: Movement | None


@dataclass(frozen=True)
class Transfer:
    """Money sent to a payee."""

    id: str
    amount: int
    currency: str
    payee_id: str
    about: str
    movement: Movement | None
    reversals: tuple[Reversal, ...]


@dataclass(frozen=True)
class Payee:
    """A connected account: whether it can be paid."""

    id: str
    about: str
    payable: bool
    told: bool


@dataclass(frozen=True)
class Subscription:
    """Giving again and again."""

    id: str
    status: str
    amount: int
    currency: str
    interval: str
    about: str
    customer_id: str
    ends: bool


@dataclass(frozen=True)
class Bill:
    """One payment of a subscription; `intent_id` is how it was paid."""

    id: str
    subscription_id: str
    status: str
    about: str
    intent_id: str


@dataclass(frozen=True)
class Warned:
    """The card's network warns that a payment is fraud."""

    id: str
    charge_id: str


Kind = Literal[
    "session",
    "intent",
    "setup",
    "charge",
    "refund",
    "dispute",
    "transfer",
    "payee",
    "subscription",
    "bill",
    "warning",
]
Seen = (
    Session
    | Intent
    | SavedCard
    | Charge
    | Refund
    | Dispute
    | Transfer
    | Payee
    | Subscription
    | Bill
    | Warned
)


@dataclass(frozen=True)
class Happened:
    """An event as the processor lists it: only a hint where to look."""

    id: str
    type: str
    kind: Kind | None
    object_id: str
    created_at: datetime
    live: bool


@dataclass(frozen=True)
class Balance:
    """What the processor holds for us in one currency, in its own units."""

    currency: str
    available: int
    pending: int


@dataclass(frozen=True)
class OpenSession:
    """Ask for a hosted page; `mode` is payment, setup or subscription (then `interval`)."""

    about: str
    mode: str
    amount: int
    currency: str
    words: str
    success_url: str
    cancel_url: str
    email: str = ""
    locale: str = ""
    interval: str = ""
    interval_count: int = 1
    expires_at: datetime | None = None


@dataclass(frozen=True)
class ChargeCard:
    """Charge a saved card whose holder is away."""

    about: str
    amount: int
    currency: str
    customer_id: str
    method_id: str
    words: str


@dataclass(frozen=True)
class GiveBack:
    """Give a part of a charge back to its card."""

    about: str
    charge_id: str
    amount: int


@dataclass(frozen=True)
class Send:
    """Send money to a payee; `charge_id` lets it go before that charge is available."""

    about: str
    payee_id: str
    amount: int
    currency: str
    charge_id: str = ""


@dataclass(frozen=True)
class TakeBack:
    """Take a part of a transfer back from a payee."""

    about: str
    transfer_id: str
    amount: int


@dataclass(frozen=True)
class Introduce:
    """Make an account for somebody who is to be paid; the processor asks them who they are."""

    about: str
    country: str


@dataclass(frozen=True)
class EndGiving:
    """End a subscription, at once."""

    about: str
    subscription_id: str


@dataclass(frozen=True)
class Forget:
    """Forget a customer and their cards."""

    about: str
    customer_id: str


Call = OpenSession | ChargeCard | GiveBack | Send | TakeBack | Introduce | EndGiving | Forget
"""Everything that we ask for. A new kind must be carried out in `donations/stripe_writes.py`."""

RESULTS: Mapping[type, Kind] = {
    OpenSession: "session",
    ChargeCard: "intent",
    GiveBack: "refund",
    Send: "transfer",
    TakeBack: "transfer",
    Introduce: "payee",
    EndGiving: "subscription",
}
"""What comes of a call, to be looked at."""


@dataclass(frozen=True)
class Done:
    """What came of a call: the id of what to look at, and the page to go to, if there is one."""

    object_id: str
    url: str = field(default="")


class Processor(Protocol):
    """Whoever moves money for us. Everything may raise a `ProcessorError`."""

    @property
    def live(self) -> bool:
        """Real money moves."""

    def look(self, kind: Kind, object_id: str) -> Seen:
        """Read an object as it is now. Raises `Gone`."""

    def perform(self, call: Call, key: str) -> Done:
        """Carry out a call; the same `key` never does it twice."""

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
