"""Money that goes back: refunds, disputes, warnings of fraud."""

from bot.sandbox.stripe.bank import DISPUTE_FEE, Bank, Json, Refused
from bot.sandbox.stripe.calls import Call, endpoint, listed

NEEDS = frozenset({"needs_response", "under_review"})


@endpoint("POST", "/v1/refunds")
def create_refund(call: Call) -> Json:
    """https://docs.stripe.com/api/refunds/create; a disputed charge cannot be refunded."""
    found = _charge(call)
    left = found["amount"] - found["amount_refunded"]
    amount = call.number("amount")
    amount = left if amount is None else amount
    if found["disputed"] and not found["sandbox_won"]:
        raise Refused("This charge has been charged back.", code="charge_disputed")
    if left == 0:
        raise Refused(
            f"Charge {found['id']} has already been refunded.", code="charge_already_refunded"
        )
    if not 0 < amount <= left:
        raise Refused(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).",
            code="amount_too_large",
            param="amount",
        )
    return refunded(call.bank, found, amount, call.group("metadata"))


@endpoint("GET", "/v1/refunds/{id}")
def refund(call: Call) -> Json:
    """https://docs.stripe.com/api/refunds/retrieve."""
    return call.bank.find("refund", call.args["id"])


@endpoint("GET", "/v1/refunds")
def refunds(call: Call) -> Json:
    """https://docs.stripe.com/api/refunds/list."""
    wanted = call.params.get("charge")
    return listed(call, "refund", lambda one: wanted in {None, one["charge"]})


@endpoint("GET", "/v1/disputes/{id}")
def dispute(call: Call) -> Json:
    """https://docs.stripe.com/api/disputes/retrieve."""
    return call.bank.find("dispute", call.args["id"])


@endpoint("GET", "/v1/disputes")
def disputes(call: Call) -> Json:
    """https://docs.stripe.com/api/disputes/list."""
    wanted = call.params.get("charge")
    return listed(call, "dispute", lambda one: wanted in {None, one["charge"]})


@endpoint("GET", "/v1/radar/early_fraud_warnings/{id}")
def warning(call: Call) -> Json:
    """https://docs.stripe.com/api/radar/early_fraud_warnings/retrieve."""
    return call.bank.find("radar.early_fraud_warning", call.args["id"])


@endpoint("GET", "/v1/reviews/{id}")
def review(call: Call) -> Json:
    """https://docs.stripe.com/api/radar/reviews/retrieve."""
    return call.bank.find("review", call.args["id"])


@endpoint("GET", "/v1/mandates/{id}")
def mandate(call: Call) -> Json:
    """https://docs.stripe.com/api/mandates/retrieve."""
    return call.bank.find("mandate", call.args["id"])


def reviewed(bank: Bank, of: Json) -> Json:
    """Let somebody look into a payment before it can be trusted."""
    made = bank.make(
        "prv",
        "review",
        charge=of["id"],
        payment_intent=of["payment_intent"],
        open=True,
        opened_reason="manual",
        closed_reason=None,
        reason="manual",
    )
    bank.tell("review.opened", made)
    return made


def review_ends(bank: Bank, of: Json, reason: str = "approved") -> None:
    """End a review: nothing was found, or it is over for another reason."""
    of["open"], of["closed_reason"], of["reason"] = False, reason, reason
    bank.tell("review.closed", of)


def mandate_ends(bank: Bank, method: Json) -> Json:
    """Let somebody take back, at their bank, that they may be debited."""
    made = bank.make(
        "mandate",
        "mandate",
        payment_method=method["id"],
        status="inactive",
        type="multi_use",
    )
    for one in bank.all("setup_intent"):
        if one["payment_method"] == method["id"]:
            one["mandate"] = made["id"]
    bank.tell("mandate.updated", made)
    return made


def refunded(bank: Bank, of: Json, amount: int, metadata: Json) -> Json:
    """Give money back, as the API and the dashboard do."""
    made = bank.make(
        "re",
        "refund",
        amount=amount,
        charge=of["id"],
        currency=of["currency"],
        payment_intent=of["payment_intent"],
        status="succeeded",
        reason=None,
        failure_reason=None,
        failure_balance_transaction=None,
        balance_transaction=None,
    )
    made["metadata"] = metadata
    moved = bank.post("refund", -amount, of["currency"], made)
    made["balance_transaction"] = moved["id"]
    of["amount_refunded"] += amount
    of["refunded"] = of["amount_refunded"] == of["amount"]
    bank.tell("refund.created", made)
    bank.tell("charge.refunded", of)
    return made


def refund_fails(bank: Bank, of: Json) -> None:
    """Let a refund come back: the card's account is closed."""
    if of["status"] != "succeeded":
        raise Refused(f"This refund is {of['status']}.")
    found = bank.find("charge", of["charge"])
    moved = bank.post("refund_failure", of["amount"], of["currency"], of)
    of["status"], of["failure_reason"] = "failed", "expired_or_canceled_card"
    of["failure_balance_transaction"] = moved["id"]
    found["amount_refunded"] -= of["amount"]
    found["refunded"] = False
    bank.tell("refund.updated", of)
    bank.tell("refund.failed", of)


def disputed(bank: Bank, of: Json) -> Json:
    """Let the holder of the card dispute a payment: the money and a fee are taken at once."""
    if of["disputed"]:
        raise Refused("It is disputed already.")
    made = bank.make(
        "du",
        "dispute",
        amount=of["amount"],
        charge=of["id"],
        currency=of["currency"],
        payment_intent=of["payment_intent"],
        reason="fraudulent",
        status="needs_response",
        is_charge_refundable=False,
        balance_transactions=[],
    )
    of["disputed"], of["sandbox_won"] = True, False
    moved = bank.post(
        "adjustment",
        -of["amount"],
        of["currency"],
        made,
        fee=DISPUTE_FEE,
        category="dispute",
    )
    made["balance_transactions"].append(dict(moved))
    bank.tell("charge.dispute.created", made)
    bank.tell("charge.dispute.funds_withdrawn", made)
    return made


def dispute_ends(bank: Bank, of: Json, *, won: bool) -> None:
    """End a dispute: won gives the money back, not the fee."""
    if of["status"] not in NEEDS:
        raise Refused(f"This dispute is {of['status']}.")
    of["status"] = "won" if won else "lost"
    if won:
        found = bank.find("charge", of["charge"])
        found["sandbox_won"] = True
        moved = bank.post(
            "adjustment", of["amount"], of["currency"], of, category="dispute_reversal"
        )
        of["balance_transactions"].append(dict(moved))
        bank.tell("charge.dispute.funds_reinstated", of)
    bank.tell("charge.dispute.closed", of)


def warned(bank: Bank, of: Json) -> Json:
    """Let the card's network warn of fraud."""
    made = bank.make(
        "issfr",
        "radar.early_fraud_warning",
        actionable=True,
        charge=of["id"],
        payment_intent=of["payment_intent"],
        fraud_type="unauthorized_use_of_card",
    )
    bank.tell("radar.early_fraud_warning.created", made)
    return made


def come_due(bank: Bank) -> None:
    """Let happen what cards bring with them that dispute or warn, once their payment is over."""
    for one in list(bank.all("charge")):
        if one.pop("sandbox_disputed", False):
            disputed(bank, one)
        if one.pop("sandbox_warned", False):
            warned(bank, one)


def _charge(call: Call) -> Json:
    bank, intent = call.bank, call.params.get("payment_intent")
    if intent:
        found = bank.find("payment_intent", intent)
        if not found["latest_charge"] or found["status"] != "succeeded":
            raise Refused("This PaymentIntent does not have a successful charge to refund.")
        return bank.find("charge", found["latest_charge"])
    return bank.find("charge", call.needed("charge"))
