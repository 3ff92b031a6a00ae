"""Subscriptions and their invoices, https://docs.stripe.com/api/subscriptions."""

from datetime import timedelta
from typing import Any

from bot.sandbox.stripe import payments
from bot.sandbox.stripe.bank import Bank, Json, Refused
from bot.sandbox.stripe.calls import Call, endpoint, listed

SPANS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}
YEAR = timedelta(days=365)
RUNNING = frozenset({"active", "past_due", "trialing"})
GIVEN_UP_AFTER = 4
"""Failed invoices in a row after which a subscription ends."""


@endpoint("GET", "/v1/subscriptions/{id}")
def subscription(call: Call) -> Json:
    """https://docs.stripe.com/api/subscriptions/retrieve."""
    return call.bank.find("subscription", call.args["id"])


@endpoint("POST", "/v1/subscriptions/{id}")
def update(call: Call) -> Json:
    """https://docs.stripe.com/api/subscriptions/update: whether it ends with its period."""
    found = call.bank.find("subscription", call.args["id"])
    if found["status"] == "canceled":
        raise Refused("A canceled subscription can only update its metadata.")
    if "cancel_at_period_end" in call.params:
        found["cancel_at_period_end"] = call.params["cancel_at_period_end"] == "true"
    call.bank.tell("customer.subscription.updated", found)
    return found


@endpoint("DELETE", "/v1/subscriptions/{id}")
def cancel(call: Call) -> Json:
    """https://docs.stripe.com/api/subscriptions/cancel."""
    found = call.bank.find("subscription", call.args["id"])
    if found["status"] == "canceled":
        raise Refused(f"No such subscription: '{found['id']}'", status=404)
    _over(call.bank, found)
    return found


@endpoint("GET", "/v1/invoices/{id}")
def invoice(call: Call) -> Json:
    """https://docs.stripe.com/api/invoices/retrieve."""
    return call.bank.find("invoice", call.args["id"])


@endpoint("GET", "/v1/invoices")
def invoices(call: Call) -> Json:
    """https://docs.stripe.com/api/invoices/list."""
    wanted = call.params.get("subscription")
    return listed(call, "invoice", lambda one: wanted in {None, one["sandbox_subscription"]})


def subscribe(bank: Bank, of: Json, method: Json) -> None:
    """Start the subscription that a session is for, and pay its first period."""
    item, data = of["sandbox_item"], of["sandbox_subscription"].get("metadata")
    price = _price(bank, item)
    made = bank.make(
        "sub",
        "subscription",
        customer=of["customer"],
        status="active",
        currency=item["currency"],
        default_payment_method=method["id"],
        cancel_at_period_end=False,
        canceled_at=None,
        ended_at=None,
        latest_invoice=None,
        items={"object": "list", "data": [_item(bank, price)], "has_more": False, "url": "/v1"},
        metadata=data if isinstance(data, dict) else {},
        sandbox_failures=0,
    )
    if of["sandbox_subscription"].get("trial_end"):
        _begin_later(bank, of, made)
        return
    _bill(bank, made)
    if made["sandbox_failures"]:
        # Nothing was begun: the page stays open for another card.
        del bank.objects[made["id"]]
        raise Refused(
            "Your card was declined.", status=402, kind="card_error", code="card_declined"
        )
    of["subscription"], of["invoice"] = made["id"], made["latest_invoice"]
    of["payment_status"] = "paid"
    bank.tell("customer.subscription.created", made)


def _price(bank: Bank, item: Json) -> Json:
    recurring = item["recurring"]
    return bank.make(
        "price",
        "price",
        unit_amount=item["amount"],
        currency=item["currency"],
        recurring={
            "interval": str(recurring.get("interval", "month")),
            "interval_count": int(recurring.get("interval_count", 1)),
        },
    )


def _begin_later(bank: Bank, of: Json, made: Json) -> None:
    """Take nothing before the instant that was asked for, two days away at least."""
    ends = int(of["sandbox_subscription"]["trial_end"])
    if ends < bank.after(2 * SPANS["day"]):
        raise Refused("The `trial_end` must be at least 2 days in the future.")
    made["status"], made["trial_end"] = "trialing", ends
    made["items"]["data"][0]["current_period_end"] = ends
    of["subscription"], of["payment_status"] = made["id"], "no_payment_required"
    of["amount_total"] = of["amount_subtotal"] = 0
    bank.tell("customer.subscription.created", made)


def renew(bank: Bank) -> None:
    """Bill what has come to the end of its period."""
    for one in list(bank.all("subscription")):
        while one["status"] in RUNNING and _end(one) <= bank.now:
            if one["cancel_at_period_end"]:
                _over(bank, one)
                break
            item = one["items"]["data"][0]
            item["current_period_start"] = item["current_period_end"]
            item["current_period_end"] += _span(item["price"])
            _bill(bank, one)


def _item(bank: Bank, price: Json) -> Json:
    return bank.make(
        "si",
        "subscription_item",
        price=price,
        quantity=1,
        current_period_start=bank.now,
        current_period_end=bank.now + _span(price),
    )


def _span(price: Json) -> int:
    recurring: dict[str, Any] = price["recurring"]
    span = SPANS.get(recurring["interval"], YEAR)
    return int(span.total_seconds()) * int(recurring["interval_count"])


def _end(one: Json) -> int:
    return int(one["items"]["data"][0]["current_period_end"])


def _bill(bank: Bank, one: Json) -> None:
    price = one["items"]["data"][0]["price"]
    amount, currency = price["unit_amount"], price["currency"]
    made = bank.make(
        "in",
        "invoice",
        amount_due=amount,
        amount_paid=0,
        currency=currency,
        customer=one["customer"],
        status="open",
        parent={
            "type": "subscription_details",
            "subscription_details": {"subscription": one["id"], "metadata": one["metadata"]},
            "quote_details": None,
        },
        payments={"object": "list", "data": [], "has_more": False, "url": "/v1"},
        sandbox_subscription=one["id"],
    )
    one["latest_invoice"] = made["id"]
    intent = payments.intent(bank, amount, currency, one["customer"])
    _note_payment(bank, made, intent)
    first = _is_first(bank, one)
    try:
        payments.pay(bank, intent, one["default_payment_method"], away=not first, seen=first)
    except Refused:
        one["sandbox_failures"] += 1
        one["status"] = "past_due"
        bank.tell("invoice.payment_failed", made)
        if one["sandbox_failures"] >= GIVEN_UP_AFTER:
            _over(bank, one)
        return
    one["sandbox_failures"], one["status"] = 0, "active"
    made["status"], made["amount_paid"] = "paid", amount
    made["payments"]["data"][0]["status"] = "paid"
    bank.tell("invoice.paid", made)


def _is_first(bank: Bank, one: Json) -> bool:
    bills = [bill for bill in bank.all("invoice") if bill["sandbox_subscription"] == one["id"]]
    return len(bills) == 1


def _note_payment(bank: Bank, of: Json, intent: Json) -> None:
    made = bank.make(
        "inpay",
        "invoice_payment",
        invoice=of["id"],
        status="open",
        amount_requested=of["amount_due"],
        currency=of["currency"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
    )
    of["payments"]["data"].append(made)


def _over(bank: Bank, one: Json) -> None:
    one["status"] = "canceled"
    one["canceled_at"] = one["ended_at"] = bank.now
    bank.tell("customer.subscription.deleted", one)
