"""What we ask of the processor: each call as a frozen value, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from donations.told import Kind


@dataclass(frozen=True)
class OpenSession:
    """Ask for a hosted page; `mode` is payment, setup or subscription (then `interval`).

    A subscription that `starts_at` a later instant takes nothing before.
    """

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
    starts_at: datetime | None = None


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
    of_request: bool = False
    """It is what of the charge lies with a request: nobody else's share bears it."""


@dataclass(frozen=True)
class Send:
    """Send money to a payee; `charge_id` lets it go before that charge is available.

    `group` joins it with whatever else belongs to the same reward.
    """

    about: str
    payee_id: str
    amount: int
    currency: str
    charge_id: str = ""
    group: str = ""


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
class Found:
    """Something at the processor that may have come of a call whose outcome was never heard.

    `certain` where it bears the call's own key; else it is only about the same, and somebody has
    to judge. `object_id` is what would be looked at; `seen_id` what was found (a part of it).
    """

    object_id: str
    seen_id: str
    certain: bool
    status: str
    amount: int
    currency: str
    created_at: datetime


@dataclass(frozen=True)
class Done:
    """What came of a call: the id of what to look at, and the page to go to, if there is one."""

    object_id: str
    url: str = field(default="")
