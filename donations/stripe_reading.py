"""Stripe's objects read into ours: plain dictionaries in, frozen values out, nothing of the SDK's.

Shapes: https://docs.stripe.com/api, version 2026-10-28.endive.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from donations.told import (
    Bill,
    Charge,
    Dispute,
    Happened,
    Intent,
    Kind,
    Mandate,
    Movement,
    Payee,
    Refund,
    Reversal,
    Review,
    SavedCard,
    Seen,
    Session,
    Subscription,
    Transfer,
    Warned,
)

Json = dict[str, Any]

ABOUT = "potluck"
"""The key in Stripe's metadata under which we write what an object is about."""

CALL = "potluck_call"
"""The key in Stripe's metadata under which an object bears the key of the call that made it."""

KINDS: Mapping[str, Kind] = {
    "checkout.session": "session",
    "payment_intent": "intent",
    "setup_intent": "setup",
    "charge": "charge",
    "refund": "refund",
    "dispute": "dispute",
    "transfer": "transfer",
    "account": "payee",
    "subscription": "subscription",
    "invoice": "bill",
    "radar.early_fraud_warning": "warning",
    "review": "review",
    "mandate": "mandate",
}
"""Stripe's names of what we look at."""

ASKS = "authentication_required"


def session(of: Json) -> Session:
    """Read a Checkout Session."""
    details = of.get("customer_details") or {}
    return Session(
        id=of["id"],
        mode=of["mode"],
        status=of["status"],
        payment_status=of["payment_status"],
        amount=of.get("amount_total") or 0,
        currency=_code(of),
        url=of.get("url") or "",
        about=_about(of),
        intent_id=_id(of.get("payment_intent")),
        setup_id=_id(of.get("setup_intent")),
        subscription_id=_id(of.get("subscription")),
        customer_id=_id(of.get("customer")),
        email=details.get("email") or "",
        name=details.get("name") or "",
    )


def intent(of: Json) -> Intent:
    """Read a PaymentIntent, its latest charge expanded."""
    latest, error = of.get("latest_charge"), of.get("last_payment_error") or {}
    code = error.get("decline_code") or error.get("code") or ""
    return Intent(
        id=of["id"],
        status=of["status"],
        amount=of["amount"],
        currency=_code(of),
        customer_id=_id(of.get("customer")),
        about=_about(of),
        code=code,
        asks=of["status"] == "requires_action" or ASKS in {code, error.get("code")},
        charge=charge(latest) if isinstance(latest, dict) else None,
    )


def setup(of: Json) -> SavedCard:
    """Read a SetupIntent."""
    return SavedCard(
        id=of["id"],
        status=of["status"],
        customer_id=_id(of.get("customer")),
        method_id=_id(of.get("payment_method")),
        about=_about(of),
        mandate_id=_id(of.get("mandate")),
    )


def charge(of: Json) -> Charge:
    """Read a Charge, its balance transaction expanded."""
    return Charge(
        id=of["id"],
        intent_id=_id(of.get("payment_intent")),
        paid=bool(of.get("paid")) and of["status"] == "succeeded",
        amount=of["amount"],
        currency=_code(of),
        refunded=of.get("amount_refunded") or 0,
        disputed=bool(of.get("disputed")),
        code=of.get("failure_code") or "",
        created_at=_at(of["created"]),
        about=_about(of),
        movement=_expanded(of.get("balance_transaction")),
        shown=_shown(of.get("presentment_details")),
    )


def refund(of: Json) -> Refund:
    """Read a Refund, both of its balance transactions expanded."""
    return Refund(
        id=of["id"],
        charge_id=_id(of.get("charge")),
        amount=of["amount"],
        currency=_code(of),
        status=of.get("status") or "",
        movement=_expanded(of.get("balance_transaction")),
        returned=_expanded(of.get("failure_balance_transaction")),
        about=_about(of),
    )


def dispute(of: Json) -> Dispute:
    """Read a Dispute, which always carries its balance transactions."""
    return Dispute(
        id=of["id"],
        charge_id=_id(of.get("charge")),
        amount=of["amount"],
        currency=_code(of),
        status=of["status"],
        movements=tuple(movement(one) for one in of.get("balance_transactions") or ()),
    )


def transfer(of: Json, reversed_: list[Json]) -> Transfer:
    """Read a Transfer and its reversals."""
    return Transfer(
        id=of["id"],
        amount=of["amount"],
        currency=_code(of),
        payee_id=_id(of.get("destination")),
        about=_about(of),
        movement=_expanded(of.get("balance_transaction")),
        reversals=tuple(
            Reversal(
                one["id"],
                one["amount"],
                _expanded(one.get("balance_transaction")),
                _about(one),
            )
            for one in reversed_
        ),
    )


def payee(of: Json) -> Payee:
    """Read an Account: who cannot receive transfers and be paid out cannot be paid."""
    able = (of.get("capabilities") or {}).get("transfers") == "active"
    return Payee(
        id=of["id"],
        about=_about(of),
        payable=able and bool(of.get("payouts_enabled")),
        told=bool(of.get("details_submitted")),
    )


def subscription(of: Json) -> Subscription:
    """Read a Subscription of one item."""
    price = of["items"]["data"][0]["price"]
    return Subscription(
        id=of["id"],
        status=of["status"],
        amount=price.get("unit_amount") or 0,
        currency=str(price["currency"]).upper(),
        interval=(price.get("recurring") or {}).get("interval") or "",
        about=_about(of),
        customer_id=_id(of.get("customer")),
        ends=bool(of.get("cancel_at_period_end")),
    )


def bill(of: Json) -> Bill:
    """Read an Invoice, its payments expanded."""
    details = (of.get("parent") or {}).get("subscription_details") or {}
    payments = (of.get("payments") or {}).get("data") or [{}]
    # An attempt that failed stands beside the one that was paid.
    paid = next((one for one in payments if one.get("status") == "paid"), payments[0])
    return Bill(
        id=of["id"],
        subscription_id=_id(details.get("subscription")),
        status=of.get("status") or "",
        about=str((details.get("metadata") or {}).get(ABOUT, "")),
        intent_id=_id((paid.get("payment") or {}).get("payment_intent")),
    )


def warning(of: Json) -> Warned:
    """Read an early fraud warning."""
    return Warned(of["id"], _id(of.get("charge")))


def review(of: Json) -> Review:
    """Read a review."""
    return Review(of["id"], _id(of.get("charge")), of.get("closed_reason") == "approved")


def mandate(of: Json) -> Mandate:
    """Read a mandate."""
    return Mandate(of["id"], _id(of.get("payment_method")), of.get("status") == "inactive")


def movement(of: Json) -> Movement:
    """Read a balance transaction."""
    return Movement(
        id=of["id"],
        kind=of["type"],
        category=of.get("reporting_category") or of["type"],
        amount=of["amount"],
        fee=of["fee"],
        net=of["net"],
        currency=_code(of),
        source=_id(of.get("source")),
        created_at=_at(of["created"]),
    )


def happened(of: Json) -> Happened:
    """Read an event's envelope."""
    about = (of.get("data") or {}).get("object") or {}
    return Happened(
        id=of["id"],
        type=of["type"],
        kind=KINDS.get(about.get("object", "")),
        object_id=about.get("id") or "",
        created_at=_at(of["created"]),
        live=bool(of.get("livemode")),
    )


PLAIN: Mapping[Kind, Callable[[Json], Seen]] = {
    "session": session,
    "intent": intent,
    "setup": setup,
    "charge": charge,
    "refund": refund,
    "dispute": dispute,
    "payee": payee,
    "subscription": subscription,
    "bill": bill,
    "warning": warning,
    "review": review,
    "mandate": mandate,
}
"""How each kind is read; a transfer needs its reversals too."""


def _expanded(of: Any) -> Movement | None:
    return movement(of) if isinstance(of, dict) else None


def _shown(of: Any) -> tuple[int, str] | None:
    """Read what a card was shown, https://docs.stripe.com/payments/currencies/localize-prices."""
    if not isinstance(of, dict) or not of.get("presentment_currency"):
        return None
    return int(of["presentment_amount"]), str(of["presentment_currency"]).upper()


def _id(of: Any) -> str:
    """Give the id of something that is either expanded or not."""
    return str(of["id"]) if isinstance(of, dict) else str(of or "")


def _about(of: Json) -> str:
    return str((of.get("metadata") or {}).get(ABOUT, ""))


def _code(of: Json) -> str:
    return str(of.get("currency") or "").upper()


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
