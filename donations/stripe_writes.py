"""What each of our calls says to Stripe: method, path and fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from donations.asked import (
    Call,
    ChargeCard,
    EndGiving,
    Forget,
    GiveBack,
    Introduce,
    OpenSession,
    Send,
    TakeBack,
)
from donations.stripe_reading import ABOUT, CALL

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request; `result` is what to look at afterwards, where the answer is not that itself."""

    method: str
    path: str
    fields: Json = field(default_factory=dict)
    result: str = ""


def request(call: Call) -> Request:
    """Put a call into Stripe's words."""
    return _WORDS[type(call)](call)


def named(of: Request, key: str) -> Json:
    """Give the fields of a request that makes something, which then bears the key of its call.

    What came of it can be found by that, though its answer was lost and its key is forgotten.
    """
    if of.method != "post" or not key:
        return of.fields
    return of.fields | {"metadata": {**of.fields.get("metadata", {}), CALL: key}}


def _refund(call: GiveBack) -> Request:
    """https://docs.stripe.com/api/refunds/create."""
    fields = {"charge": call.charge_id, "amount": call.amount, **_said(call.about)}
    return Request("post", "/v1/refunds", fields)


def _reversal(call: TakeBack) -> Request:
    """https://docs.stripe.com/api/transfer_reversals/create."""
    path = f"/v1/transfers/{call.transfer_id}/reversals"
    fields = {"amount": call.amount, **_said(call.about)}
    return Request("post", path, fields, result=call.transfer_id)


def _account(call: Introduce) -> Request:
    """https://docs.stripe.com/connect/express-accounts."""
    wants = {"capabilities": {"transfers": {"requested": True}}}
    fields = {"type": "express", "country": call.country, **wants, **_said(call.about)}
    return Request("post", "/v1/accounts", fields)


def _end(call: EndGiving) -> Request:
    """https://docs.stripe.com/api/subscriptions/cancel."""
    return Request("delete", f"/v1/subscriptions/{call.subscription_id}")


def _forget(call: Forget) -> Request:
    """https://docs.stripe.com/api/customers/delete."""
    return Request("delete", f"/v1/customers/{call.customer_id}")


def _said(about: str) -> Json:
    return {"metadata": {ABOUT: about}}


def _session(call: OpenSession) -> Request:
    """https://docs.stripe.com/api/checkout/sessions/create: the amount is the one of our form."""
    data = _said(call.about)
    fields: Json = {
        "mode": call.mode,
        "success_url": call.success_url,
        "cancel_url": call.cancel_url,
        **data,
    }
    if call.email:
        fields["customer_email"] = call.email
    if call.locale:
        fields["locale"] = call.locale
    if call.expires_at:
        fields["expires_at"] = int(call.expires_at.timestamp())
    if call.mode == "setup":
        fields |= {"currency": call.currency.lower(), "setup_intent_data": data}
        return Request("post", "/v1/checkout/sessions", fields | {"customer_creation": "always"})
    price: Json = {
        "currency": call.currency.lower(),
        "unit_amount": call.amount,
        "product_data": {"name": call.words},
    }
    if call.mode == "subscription":
        price["recurring"] = {"interval": call.interval, "interval_count": call.interval_count}
        later = {"trial_end": int(call.starts_at.timestamp())} if call.starts_at else {}
        fields["subscription_data"] = {**data, **later}
    else:
        fields |= {"payment_intent_data": data, "customer_creation": "always"}
    fields["line_items"] = [{"price_data": price, "quantity": 1}]
    return Request("post", "/v1/checkout/sessions", fields)


def _charge(call: ChargeCard) -> Request:
    """https://docs.stripe.com/payments/save-and-reuse: the holder is away."""
    fields = {
        "amount": call.amount,
        "currency": call.currency.lower(),
        "customer": call.customer_id,
        "payment_method": call.method_id,
        "description": call.words,
        "confirm": True,
        "off_session": True,
        **_said(call.about),
    }
    return Request("post", "/v1/payment_intents", fields)


def _transfer(call: Send) -> Request:
    """https://docs.stripe.com/connect/separate-charges-and-transfers."""
    fields: Json = {
        "amount": call.amount,
        "currency": call.currency.lower(),
        "destination": call.payee_id,
        "transfer_group": call.group or call.about,
        **_said(call.about),
    }
    if call.charge_id:
        fields["source_transaction"] = call.charge_id
    return Request("post", "/v1/transfers", fields)


_WORDS: Mapping[type, Callable[[Any], Request]] = {
    OpenSession: _session,
    ChargeCard: _charge,
    GiveBack: _refund,
    Send: _transfer,
    TakeBack: _reversal,
    Introduce: _account,
    EndGiving: _end,
    Forget: _forget,
}
