"""Where to look at Stripe for what came of a call whose answer was lost, and how it is known again.

What we make bears the key of its call (`stripe_reading.CALL`). What only is about the same and
bears no key may have been made by hand at the dashboard: somebody has to judge that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from donations.asked import (
    Call,
    ChargeCard,
    Found,
    GiveBack,
    Introduce,
    OpenSession,
    Send,
    TakeBack,
)
from donations.stripe_reading import ABOUT, CALL

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A list at Stripe, narrowed by fields."""

    path: str
    fields: Json


def place(call: Call, since: datetime) -> Place | None:
    """Say in which list something would be that came of a call; None where it makes nothing."""
    created = {"created": {"gte": int(since.timestamp())}}
    found: Place | None = None
    match call:
        case OpenSession():
            found = Place("/v1/checkout/sessions", created)
        case ChargeCard():
            found = Place("/v1/payment_intents", created | {"customer": call.customer_id})
        case GiveBack():
            found = Place("/v1/refunds", {"charge": call.charge_id})
        case Send():
            found = Place("/v1/transfers", created | {"destination": call.payee_id})
        case TakeBack():
            found = Place(f"/v1/transfers/{call.transfer_id}/reversals", {})
        case Introduce():
            found = Place("/v1/accounts", created)
        case _:
            pass
    return found


def found(call: Call, key: str, listed: Iterable[Json]) -> tuple[Found, ...]:
    """Pick what came of a call, or may have, from a list of Stripe's."""
    return tuple(one for of in listed if (one := _one(call, key, of)) is not None)


def _one(call: Call, key: str, of: Json) -> Found | None:
    said: Mapping[str, Any] = of.get("metadata") or {}
    named = said.get(CALL)
    if named != key and (named or said.get(ABOUT) != call.about or not _same(call, of)):
        return None
    return Found(
        object_id=call.transfer_id if isinstance(call, TakeBack) else of["id"],
        seen_id=of["id"],
        certain=named == key,
        status=of.get("status") or "",
        amount=of.get("amount") or of.get("amount_total") or 0,
        currency=(of.get("currency") or "").upper(),
        created_at=datetime.fromtimestamp(of["created"], UTC),
    )


def _same(call: Call, of: Json) -> bool:
    wanted = getattr(call, "amount", None)
    amount = of.get("amount") if of.get("amount") is not None else of.get("amount_total")
    return wanted is None or amount is None or amount == wanted
