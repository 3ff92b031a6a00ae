"""What the processor tells: objects of its own, as frozen values.

Amounts are in the processor's own units beside a currency code in capitals; `core.money` turns
them into ours. Instants are aware UTC. Ids are the processor's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


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
    shown: tuple[int, str] | None = None
    """What the giver's card was shown, where the processor offered another currency."""


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
    """A card that may be charged later (a SetupIntent that ended well, or not yet).

    `mandate_id` is its holder's word that their account may be debited, where that needs one.
    """

    id: str
    status: str
    customer_id: str
    method_id: str
    about: str
    mandate_id: str = ""


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
    about: str = ""


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
    about: str = ""


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


@dataclass(frozen=True)
class Review:
    """Somebody at the processor looks into a payment; `approved` once they found it good."""

    id: str
    charge_id: str
    approved: bool


@dataclass(frozen=True)
class Mandate:
    """The word of a holder that their account may be debited; `ends` once they took it back."""

    id: str
    method_id: str
    ends: bool


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
    "review",
    "mandate",
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
    | Review
    | Mandate
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
