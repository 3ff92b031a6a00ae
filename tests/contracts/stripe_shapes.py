"""What Stripe publishes of its API at the pinned version: parameters and objects, from its description.

The types that the official library carries are generated from the OpenAPI description of exactly
the version that we speak; the examples are the description's own (see NOTICE).
"""

import importlib
import json
import sys
import types
from functools import cache
from pathlib import Path
from typing import (
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import stripe
from typing_extensions import is_typeddict

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "stripe_examples.json").read_text(encoding="utf-8")
)

PARAMS = {
    "post /v1/checkout/sessions": "checkout._session_create_params.SessionCreateParams",
    "get /v1/checkout/sessions": "checkout._session_list_params.SessionListParams",
    "get /v1/payment_intents": "_payment_intent_list_params.PaymentIntentListParams",
    "post /v1/payment_intents": "_payment_intent_create_params.PaymentIntentCreateParams",
    "get /v1/payment_intents/{}": "_payment_intent_retrieve_params.PaymentIntentRetrieveParams",
    "get /v1/refunds": "_refund_list_params.RefundListParams",
    "post /v1/refunds": "_refund_create_params.RefundCreateParams",
    "get /v1/transfers": "_transfer_list_params.TransferListParams",
    "post /v1/transfers": "_transfer_create_params.TransferCreateParams",
    "get /v1/transfers/{}/reversals": "_transfer_list_reversals_params.TransferListReversalsParams",
    "post /v1/transfers/{}/reversals": "_transfer_create_reversal_params.TransferCreateReversalParams",
    "get /v1/accounts": "_account_list_params.AccountListParams",
    "post /v1/accounts": "_account_create_params.AccountCreateParams",
    "post /v1/account_links": "_account_link_create_params.AccountLinkCreateParams",
    "get /v1/balance_transactions": "_balance_transaction_list_params.BalanceTransactionListParams",
    "get /v1/events": "_event_list_params.EventListParams",
}
"""The parameters of each call that sends more than what to expand."""

OBJECTS: dict[str, type] = {
    "account": stripe.Account,
    "account_link": stripe.AccountLink,
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "invoice": stripe.Invoice,
    "invoice_payment": stripe.InvoicePayment,
    "payment_intent": stripe.PaymentIntent,
    "radar.early_fraud_warning": stripe.radar.EarlyFraudWarning,
    "refund": stripe.Refund,
    "setup_intent": stripe.SetupIntent,
    "subscription": stripe.Subscription,
    "subscription_item": stripe.SubscriptionItem,
    "price": stripe.Price,
    "transfer": stripe.Transfer,
    "transfer_reversal": stripe.TransferReversal,
}
"""The objects that are read, by the name that each bears."""


class Unloaded:
    """What the library names and does not load: anything."""

    def __class_getitem__(cls, _of: object) -> type:
        return cls


def params_of(name: str) -> Any:
    """Give the type of the parameters of a call."""
    module, _, kind = PARAMS[name].rpartition(".")
    return getattr(importlib.import_module(f"stripe.params.{module}"), kind)


@cache
def fields_of(kind: type) -> dict[str, Any]:
    """Give the fields of a published type; what is named there and not loaded is anything."""
    missing: dict[str, Any] = {}
    while True:
        try:
            return get_type_hints(kind, localns=missing)
        except NameError as error:
            missing[str(error.name)] = Unloaded


def misfits(value: Any, wanted: Any, place: str) -> list[str]:
    """Say what of a value does not fit a published type, and what is not published at all."""
    origin = get_origin(wanted)
    if origin in {Required, NotRequired}:
        return misfits(value, get_args(wanted)[0], place)
    if origin in {Union, types.UnionType}:
        found = [misfits(value, one, place) for one in get_args(wanted)]
        return min(found, key=len)
    if origin is Literal:
        return (
            [] if value in get_args(wanted) else [f"{place}: {value!r} is no {get_args(wanted)}"]
        )
    if origin is list:
        return _each(value, get_args(wanted)[0], place)
    return _plain(value, wanted, place)


def _each(value: Any, wanted: Any, place: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{place}: {value!r} is no list"]
    return [
        it for number, one in enumerate(value) for it in misfits(one, wanted, f"{place}[{number}]")
    ]


def _plain(value: Any, wanted: Any, place: str) -> list[str]:
    if (
        wanted in (Any, Unloaded)
        or isinstance(wanted, str | ForwardRef)
        or get_origin(wanted) is not None
    ):
        return []
    if wanted is type(None):
        return [] if value is None else [f"{place}: {value!r} is something"]
    if is_typeddict(wanted) or (
        isinstance(wanted, type) and issubclass(wanted, stripe.StripeObject)
    ):
        return _fields(value, wanted, place)
    simple = {int: int, str: str, bool: bool, float: (int, float)}.get(wanted)
    fits = simple is None or (
        isinstance(value, simple) and (wanted is bool) == isinstance(value, bool)
    )
    return [] if fits else [f"{place}: {value!r} is no {wanted.__name__}"]


def _fields(value: Any, wanted: type, place: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place}: {value!r} has no fields"]
    known = fields_of(wanted)
    found = [f"{place}.{name} is not published" for name in value if name not in known]
    for name, one in value.items():
        if name in known:
            found += misfits(one, known[name], f"{place}.{name}")
    return found


def loaded() -> str:
    """Give the version that the library's types describe."""
    return str(sys.modules["stripe._api_version"]._ApiVersion.CURRENT)
