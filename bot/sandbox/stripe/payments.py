"""Customers, saved cards, intents to pay or to save, and the charges that come of them."""

from bot.sandbox.stripe import amounts
from bot.sandbox.stripe.bank import SETTLES_AFTER, Bank, Json, Refused
from bot.sandbox.stripe.calls import Call, endpoint, listed
from bot.sandbox.stripe.cards import BY_NUMBER, BY_TOKEN, CARDS, Card


def saved(bank: Bank, card: Card, customer: str | None) -> Json:
    """Keep a card as a payment method."""
    method = bank.make(
        "pm",
        "payment_method",
        type="card",
        customer=customer,
        billing_details={"email": None, "name": None, "address": None, "phone": None},
        card={
            "brand": card.brand,
            "last4": card.last4,
            "exp_month": 12,
            "exp_year": 2034,
            "country": "FR",
            "funding": "credit",
            "fingerprint": f"card{card.last4}",
        },
        sandbox_number=card.number,
    )
    if customer:
        bank.tell("payment_method.attached", method)
    return method


@endpoint("POST", "/v1/customers")
def create_customer(call: Call) -> Json:
    """https://docs.stripe.com/api/customers/create."""
    made = call.bank.make(
        "cus",
        "customer",
        email=call.params.get("email"),
        name=call.params.get("name"),
        balance=0,
        currency=None,
        delinquent=False,
    )
    made["metadata"] = call.group("metadata")
    call.bank.tell("customer.created", made)
    return made


@endpoint("GET", "/v1/customers/{id}")
def customer(call: Call) -> Json:
    """https://docs.stripe.com/api/customers/retrieve."""
    return call.bank.find("customer", call.args["id"])


@endpoint("DELETE", "/v1/customers/{id}")
def delete_customer(call: Call) -> Json:
    """https://docs.stripe.com/api/customers/delete."""
    found = call.bank.find("customer", call.args["id"])
    for method in list(call.bank.all("payment_method")):
        if method["customer"] == found["id"]:
            method["customer"] = None
    del call.bank.objects[found["id"]]
    gone = {"id": found["id"], "object": "customer", "deleted": True}
    call.bank.tell("customer.deleted", found)
    return gone


@endpoint("GET", "/v1/payment_methods/{id}")
def payment_method(call: Call) -> Json:
    """https://docs.stripe.com/api/payment_methods/retrieve."""
    return call.bank.find("payment_method", call.args["id"])


@endpoint("POST", "/v1/payment_methods/{id}/detach")
def detach(call: Call) -> Json:
    """https://docs.stripe.com/api/payment_methods/detach."""
    found = call.bank.find("payment_method", call.args["id"])
    found["customer"] = None
    call.bank.tell("payment_method.detached", found)
    return found


@endpoint("POST", "/v1/payment_intents")
def create_intent(call: Call) -> Json:
    """https://docs.stripe.com/api/payment_intents/create, confirmed at once or not."""
    amount = call.number("amount")
    if amount is None:
        call.needed("amount")
    currency = str(call.needed("currency"))
    holder = call.params.get("customer")
    if holder:
        call.bank.find("customer", holder)
    made = intent(call.bank, amount or 0, currency, holder)
    made["metadata"] = call.group("metadata")
    made["transfer_group"] = call.params.get("transfer_group")
    made["description"] = call.params.get("description")
    call.bank.tell("payment_intent.created", made)
    if call.params.get("confirm") == "true":
        away = call.params.get("off_session") == "true"
        pay(call.bank, made, str(call.needed("payment_method")), away=away)
    return made


@endpoint("GET", "/v1/payment_intents")
def payment_intents(call: Call) -> Json:
    """https://docs.stripe.com/api/payment_intents/list."""
    wanted = call.params.get("customer")
    return listed(call, "payment_intent", lambda one: wanted in {None, one["customer"]})


@endpoint("GET", "/v1/payment_intents/{id}")
def payment_intent(call: Call) -> Json:
    """https://docs.stripe.com/api/payment_intents/retrieve."""
    return call.bank.find("payment_intent", call.args["id"])


@endpoint("POST", "/v1/payment_intents/{id}/confirm")
def confirm(call: Call) -> Json:
    """https://docs.stripe.com/api/payment_intents/confirm."""
    found = call.bank.find("payment_intent", call.args["id"])
    away = call.params.get("off_session") == "true"
    pay(call.bank, found, str(call.needed("payment_method")), away=away)
    return found


@endpoint("POST", "/v1/payment_intents/{id}/cancel")
def cancel(call: Call) -> Json:
    """https://docs.stripe.com/api/payment_intents/cancel."""
    found = call.bank.find("payment_intent", call.args["id"])
    if found["status"] in {"succeeded", "processing", "canceled"}:
        raise Refused(
            f"You cannot cancel this PaymentIntent because it has a status of {found['status']}.",
            code="payment_intent_unexpected_state",
        )
    found["status"], found["canceled_at"] = "canceled", call.bank.now
    call.bank.tell("payment_intent.canceled", found)
    return found


@endpoint("GET", "/v1/setup_intents/{id}")
def setup_intent(call: Call) -> Json:
    """https://docs.stripe.com/api/setup_intents/retrieve."""
    return call.bank.find("setup_intent", call.args["id"])


@endpoint("GET", "/v1/charges/{id}")
def charge(call: Call) -> Json:
    """https://docs.stripe.com/api/charges/retrieve."""
    return call.bank.find("charge", call.args["id"])


@endpoint("GET", "/v1/charges")
def charges(call: Call) -> Json:
    """https://docs.stripe.com/api/charges/list."""
    wanted = call.params.get("payment_intent")
    return listed(call, "charge", lambda one: wanted in {None, one["payment_intent"]})


def intent(bank: Bank, amount: int, currency: str, customer_id: str | None) -> Json:
    """Make an intent to pay. Raises `Refused` where the amount is none."""
    amounts.judged(amount, currency)
    return bank.make(
        "pi",
        "payment_intent",
        amount=amount,
        amount_received=0,
        currency=currency,
        customer=customer_id,
        status="requires_payment_method",
        payment_method=None,
        latest_charge=None,
        last_payment_error=None,
        transfer_group=None,
        description=None,
        canceled_at=None,
        client_secret="pi_secret_sandbox",  # noqa: S106 - protects nothing
    )


def card_of(bank: Bank, method: str) -> tuple[Card, str | None]:
    """Give the card behind a payment method, and the method's id where it is a saved one."""
    if method in BY_TOKEN:
        return BY_TOKEN[method], None
    found = bank.find("payment_method", method)
    return BY_NUMBER[found["sandbox_number"]], found["id"]


def pay(bank: Bank, of: Json, method: str, *, away: bool = False, seen: bool = False) -> None:
    """Try to take the money. `away`: the holder is not there; `seen`: their bank has seen them.

    Raises `Refused` with 402 where the card says no, after writing that down.
    """
    if of["status"] not in {"requires_payment_method", "requires_confirmation", "requires_action"}:
        raise Refused(
            f"This PaymentIntent's status is {of['status']}: it cannot be confirmed.",
            code="payment_intent_unexpected_state",
            payment_intent=of["id"],
        )
    card, saved_as = card_of(bank, method)
    of["payment_method"] = saved_as or method
    if not seen and (card.asks if away else card.asks_here):
        if away:
            _fail(bank, of, card, "authentication_required")
        of["status"] = "requires_action"
        bank.tell("payment_intent.requires_action", of)
        return
    if card.declines or (card.declines_later and away):
        _fail(bank, of, card, card.declines or "generic_decline")
    _take(bank, of, card)


def _fail(bank: Bank, of: Json, card: Card, code: str) -> None:
    told = "authentication_required" if code == "authentication_required" else "card_declined"
    words = "Your card was declined." if told == "card_declined" else "The bank asks for you."
    error = {
        "type": "card_error",
        "code": told,
        "decline_code": code,
        "message": words,
        "payment_method": of["payment_method"],
    }
    of["status"], of["last_payment_error"] = "requires_payment_method", error
    failed = _charge(bank, of, card, paid=False)
    failed["failure_code"], failed["failure_message"] = told, words
    of["latest_charge"] = failed["id"]
    bank.tell("charge.failed", failed)
    bank.tell("payment_intent.payment_failed", of)
    raise Refused(
        words, status=402, kind="card_error", code=told, decline_code=code, payment_intent=of
    )


def _charge(bank: Bank, of: Json, card: Card, *, paid: bool) -> Json:
    return bank.make(
        "ch",
        "charge",
        amount=of["amount"],
        amount_captured=of["amount"] if paid else 0,
        amount_refunded=0,
        balance_transaction=None,
        captured=paid,
        currency=of["currency"],
        customer=of["customer"],
        disputed=False,
        failure_code=None,
        failure_message=None,
        paid=paid,
        payment_intent=of["id"],
        payment_method=of["payment_method"],
        refunded=False,
        status="succeeded" if paid else "failed",
        transfer_group=of["transfer_group"],
        payment_method_details={"type": "card", "card": {"last4": card.last4}},
        sandbox_won=False,
    )


def debited(bank: Bank, of: Json, *, arrives: bool) -> None:
    """End a bank debit that was under way: the money arrives, or does not."""
    if arrives:
        _take(bank, of, CARDS[0])
        return
    of["status"] = "requires_payment_method"
    bank.tell("payment_intent.payment_failed", of)


def _take(bank: Bank, of: Json, card: Card) -> None:
    made = _charge(bank, of, card, paid=True)
    made["metadata"] = dict(of["metadata"])
    moved = bank.post(
        "charge",
        of["amount"],
        of["currency"],
        made,
        fee=amounts.fee(of["amount"], of["currency"]),
        pending=bank.clock() + SETTLES_AFTER,
    )
    made["balance_transaction"] = moved["id"]
    of["status"], of["last_payment_error"] = "succeeded", None
    of["latest_charge"], of["amount_received"] = made["id"], of["amount"]
    bank.tell("charge.succeeded", made)
    bank.tell("payment_intent.succeeded", of)
    made["sandbox_disputed"], made["sandbox_warned"] = card.disputed, card.warned
