"""Checkout sessions: the hosted page's other side, https://docs.stripe.com/api/checkout/sessions."""

from datetime import timedelta

from bot.sandbox.stripe import amounts, billing, payments
from bot.sandbox.stripe.bank import Bank, Json, Refused
from bot.sandbox.stripe.calls import Call, endpoint, listed
from bot.sandbox.stripe.cards import Card

DAY = timedelta(days=1)
LEAST_OPEN = timedelta(minutes=30)
MODES = frozenset({"payment", "setup", "subscription"})


@endpoint("POST", "/v1/checkout/sessions")
def create(call: Call) -> Json:
    """Open a session for one amount, for saving a card, or for paying again and again."""
    mode = str(call.needed("mode"))
    if mode not in MODES:
        raise Refused(f"Invalid mode: {mode}.", param="mode")
    item = {} if mode == "setup" else _item(call)
    customer = call.params.get("customer")
    if customer:
        call.bank.find("customer", customer)
    made = call.bank.make(
        "cs_test",
        "checkout.session",
        mode=mode,
        status="open",
        payment_status="no_payment_required" if mode == "setup" else "unpaid",
        amount_total=item.get("amount"),
        amount_subtotal=item.get("amount"),
        currency=item.get("currency") or call.params.get("currency"),
        customer=customer,
        customer_email=call.params.get("customer_email"),
        customer_details=None,
        client_reference_id=call.params.get("client_reference_id"),
        payment_intent=None,
        setup_intent=None,
        subscription=None,
        invoice=None,
        locale=call.params.get("locale"),
        success_url=str(call.needed("success_url")),
        cancel_url=call.params.get("cancel_url"),
        expires_at=_expiry(call),
        ui_mode="hosted_page",
        url=None,
        sandbox_item=item,
        sandbox_intent=call.group("payment_intent_data") or call.group("setup_intent_data"),
        sandbox_subscription=call.group("subscription_data"),
    )
    made["metadata"] = call.group("metadata")
    made["url"] = f"{call.bank.web_url}/checkout/{made['id']}"
    return made


@endpoint("GET", "/v1/checkout/sessions/{id}")
def session(call: Call) -> Json:
    """https://docs.stripe.com/api/checkout/sessions/retrieve."""
    return call.bank.find("checkout.session", call.args["id"])


@endpoint("GET", "/v1/checkout/sessions")
def sessions(call: Call) -> Json:
    """https://docs.stripe.com/api/checkout/sessions/list."""
    wanted = call.params.get("payment_intent")
    return listed(call, "checkout.session", lambda one: wanted in {None, one["payment_intent"]})


@endpoint("POST", "/v1/checkout/sessions/{id}/expire")
def expire(call: Call) -> Json:
    """https://docs.stripe.com/api/checkout/sessions/expire."""
    found = call.bank.find("checkout.session", call.args["id"])
    if found["status"] != "open":
        raise Refused(f"Only open sessions can be expired; this one is {found['status']}.")
    _expired(call.bank, found)
    return found


def complete(bank: Bank, of: Json, card: Card, email: str, name: str, *, seen: bool) -> bool:
    """Let somebody fill in the page with a card; False while its bank wants to see them.

    Raises `Refused` where the card says no, or the session is over.
    """
    _is_open(of)
    if card.asks_here and not seen:
        return False
    customer = _customer(bank, of, email, name)
    method = payments.saved(bank, card, customer)
    if of["mode"] == "setup":
        _save(bank, of, method)
    elif of["mode"] == "payment":
        _pay(bank, of, method)
    else:
        billing.subscribe(bank, of, method)
    _completed(bank, of, email, name)
    return True


def complete_by_debit(bank: Bank, of: Json, email: str, name: str) -> None:
    """Let somebody pay by a bank debit, whose money comes, or not, days later."""
    _is_open(of)
    if of["mode"] != "payment":
        raise Refused("A bank debit is for single payments here.")
    _customer(bank, of, email, name)
    intent = _intent(bank, of)
    intent["status"] = "processing"
    bank.tell("payment_intent.processing", intent)
    _completed(bank, of, email, name)


def debit_ends(bank: Bank, of: Json, *, arrives: bool) -> None:
    """End the bank debit of a session."""
    intent = bank.find("payment_intent", of["payment_intent"])
    if intent["status"] != "processing":
        raise Refused("There is no debit under way.")
    payments.debited(bank, intent, arrives=arrives)
    of["payment_status"] = "paid" if arrives else "unpaid"
    ending = "succeeded" if arrives else "failed"
    bank.tell(f"checkout.session.async_payment_{ending}", of)


def run_out(bank: Bank) -> None:
    """Expire sessions whose time is over."""
    for one in list(bank.all("checkout.session")):
        if one["status"] == "open" and one["expires_at"] <= bank.now:
            _expired(bank, one)


def _item(call: Call) -> Json:
    items = call.params.get("line_items")
    if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
        raise Refused("Send exactly one line item.", param="line_items")
    price = items[0].get("price_data")
    if not isinstance(price, dict) or not str(price.get("unit_amount", "")).isdecimal():
        raise Refused("Send price_data with unit_amount.", param="line_items[0][price_data]")
    amount, currency = int(price["unit_amount"]), str(price.get("currency", ""))
    amounts.judged(amount, currency)
    recurring = price.get("recurring")
    if (call.params["mode"] == "subscription") != isinstance(recurring, dict):
        raise Refused("A recurring price is for subscriptions, and only for them.")
    product = price.get("product_data")
    name = product.get("name", "") if isinstance(product, dict) else ""
    return {"amount": amount, "currency": currency, "name": name, "recurring": recurring}


def _expiry(call: Call) -> int:
    bank, wanted = call.bank, call.number("expires_at")
    if wanted is None:
        return bank.after(DAY)
    if not bank.after(LEAST_OPEN) <= wanted <= bank.after(DAY):
        raise Refused(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.",
            param="expires_at",
        )
    return wanted


def _is_open(of: Json) -> None:
    if of["status"] != "open":
        raise Refused(f"This session is {of['status']}.")


def _customer(bank: Bank, of: Json, email: str, name: str) -> str:
    if of["customer"] is None:
        made = bank.make("cus", "customer", email=email, name=name, balance=0, delinquent=False)
        of["customer"] = made["id"]
        bank.tell("customer.created", made)
    return str(of["customer"])


def _intent(bank: Bank, of: Json) -> Json:
    item, wanted = of["sandbox_item"], of["sandbox_intent"]
    made = payments.intent(bank, item["amount"], item["currency"], of["customer"])
    data = wanted.get("metadata")
    made["metadata"] = data if isinstance(data, dict) else {}
    made["transfer_group"] = wanted.get("transfer_group")
    made["description"] = wanted.get("description")
    of["payment_intent"] = made["id"]
    return made


def _pay(bank: Bank, of: Json, method: Json) -> None:
    # A declined card leaves the session open: the next try pays the same intent.
    known = of["payment_intent"]
    intent = bank.find("payment_intent", known) if known else _intent(bank, of)
    payments.pay(bank, intent, method["id"], seen=True)
    of["payment_status"] = "paid"


def _save(bank: Bank, of: Json, method: Json) -> None:
    data = of["sandbox_intent"].get("metadata")
    made = bank.make(
        "seti",
        "setup_intent",
        customer=of["customer"],
        payment_method=method["id"],
        status="succeeded",
        usage="off_session",
        last_setup_error=None,
        mandate=None,
    )
    made["metadata"] = data if isinstance(data, dict) else {}
    of["setup_intent"] = made["id"]
    bank.tell("setup_intent.succeeded", made)


def _completed(bank: Bank, of: Json, email: str, name: str) -> None:
    of["status"], of["url"] = "complete", None
    of["customer_details"] = {"email": email, "name": name, "address": None, "phone": None}
    bank.tell("checkout.session.completed", of)


def _expired(bank: Bank, of: Json) -> None:
    of["status"], of["url"] = "expired", None
    bank.tell("checkout.session.expired", of)
