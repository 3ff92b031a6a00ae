"""Connected accounts, transfers to them, and the balance, https://docs.stripe.com/connect."""

from bot.sandbox.stripe.bank import Bank, Json, Refused
from bot.sandbox.stripe.calls import Call, endpoint, listed
from bot.sandbox.stripe.payouts import held


@endpoint("POST", "/v1/accounts")
def create_account(call: Call) -> Json:
    """https://docs.stripe.com/api/accounts/create: an Express account that knows nothing yet."""
    made = call.bank.make(
        "acct",
        "account",
        type="express",
        country=call.params.get("country", "FR"),
        email=call.params.get("email"),
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
        capabilities={"transfers": "inactive"},
        default_currency="eur",
        requirements={"currently_due": ["individual.id_number"], "disabled_reason": None},
        sandbox_cut=False,
    )
    made["metadata"] = call.group("metadata")
    return made


@endpoint("GET", "/v1/accounts")
def accounts(call: Call) -> Json:
    """https://docs.stripe.com/api/accounts/list."""
    return listed(call, "account")


@endpoint("GET", "/v1/accounts/{id}")
def account(call: Call) -> Json:
    """https://docs.stripe.com/api/accounts/retrieve."""
    found = call.bank.find("account", call.args["id"])
    if found["sandbox_cut"]:
        raise Refused(
            "The provided key does not have access to this account (or that account does not"
            " exist). Application access may have been revoked.",
            status=403,
            code="account_invalid",
        )
    return found


@endpoint("POST", "/v1/account_links")
def account_link(call: Call) -> Json:
    """https://docs.stripe.com/api/account_links/create."""
    found = call.bank.find("account", call.needed("account"))
    found["sandbox_return"] = str(call.needed("return_url"))
    return {
        "object": "account_link",
        "created": call.bank.now,
        "expires_at": call.bank.now + 300,
        "url": f"{call.bank.web_url}/connect/{found['id']}",
    }


@endpoint("POST", "/v1/transfers")
def create_transfer(call: Call) -> Json:
    """https://docs.stripe.com/api/transfers/create, from one charge or from the balance."""
    amount = call.number("amount") or 0
    currency = str(call.needed("currency"))
    to = call.bank.find("account", call.needed("destination"))
    if to["capabilities"]["transfers"] != "active":
        raise Refused(
            "Your destination account needs to have at least one of the following capabilities"
            " enabled: transfers.",
            code="insufficient_capabilities_for_transfer",
        )
    if amount <= 0:
        raise Refused("This value must be greater than or equal to 1.", param="amount")
    _judge(call.bank, amount, currency, call.params.get("source_transaction"))
    made = call.bank.make(
        "tr",
        "transfer",
        amount=amount,
        amount_reversed=0,
        currency=currency,
        destination=to["id"],
        reversed=False,
        source_transaction=call.params.get("source_transaction"),
        transfer_group=call.params.get("transfer_group"),
        balance_transaction=None,
    )
    made["metadata"] = call.group("metadata")
    made["balance_transaction"] = call.bank.post("transfer", -amount, currency, made)["id"]
    call.bank.tell("transfer.created", made)
    return made


@endpoint("GET", "/v1/transfers")
def transfers(call: Call) -> Json:
    """https://docs.stripe.com/api/transfers/list."""
    wanted = call.params.get("destination")
    return listed(call, "transfer", lambda one: wanted in {None, one["destination"]})


@endpoint("GET", "/v1/transfers/{id}")
def transfer(call: Call) -> Json:
    """https://docs.stripe.com/api/transfers/retrieve."""
    return call.bank.find("transfer", call.args["id"])


@endpoint("POST", "/v1/transfers/{id}/reversals")
def reverse(call: Call) -> Json:
    """https://docs.stripe.com/api/transfer_reversals/create."""
    of = call.bank.find("transfer", call.args["id"])
    left = of["amount"] - of["amount_reversed"]
    amount = call.number("amount")
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise Refused(f"Only {left} of this transfer can be reversed.", param="amount")
    if held(call.bank, of["destination"]).get(of["currency"], 0) < amount:
        raise Refused(
            "Insufficient funds in the connected account to reverse this transfer.",
            code="balance_insufficient",
        )
    made = call.bank.make(
        "trr",
        "transfer_reversal",
        amount=amount,
        currency=of["currency"],
        transfer=of["id"],
        balance_transaction=None,
    )
    made["metadata"] = call.group("metadata")
    moved = call.bank.post("transfer_refund", amount, of["currency"], made)
    made["balance_transaction"] = moved["id"]
    of["amount_reversed"] += amount
    of["reversed"] = of["amount_reversed"] == of["amount"]
    call.bank.tell("transfer.reversed", of)
    return made


@endpoint("GET", "/v1/transfers/{id}/reversals")
def reversals(call: Call) -> Json:
    """https://docs.stripe.com/api/transfer_reversals/list."""
    of = call.bank.find("transfer", call.args["id"])
    return listed(call, "transfer_reversal", lambda one: one["transfer"] == of["id"])


@endpoint("GET", "/v1/balance")
def balance(call: Call) -> Json:
    """https://docs.stripe.com/api/balance/balance_retrieve."""
    return call.bank.balance()


@endpoint("GET", "/v1/balance_transactions/{id}")
def balance_transaction(call: Call) -> Json:
    """https://docs.stripe.com/api/balance_transactions/retrieve."""
    return call.bank.find("balance_transaction", call.args["id"])


@endpoint("GET", "/v1/balance_transactions")
def balance_transactions(call: Call) -> Json:
    """https://docs.stripe.com/api/balance_transactions/list."""
    kind, source = call.params.get("type"), call.params.get("source")
    return listed(
        call,
        "balance_transaction",
        lambda one: kind in {None, one["type"]} and source in {None, one["source"]},
    )


@endpoint("GET", "/v1/events/{id}")
def event(call: Call) -> Json:
    """https://docs.stripe.com/api/events/retrieve."""
    wanted = call.args["id"]
    for one in call.bank.events:
        if one["id"] == wanted:
            return one
    raise Refused(f"No such event: '{wanted}'", status=404, code="resource_missing")


@endpoint("GET", "/v1/events")
def events(call: Call) -> Json:
    """https://docs.stripe.com/api/events/list: what happened in the last 30 days."""
    wanted = call.params.get("type")
    return listed(call, "event", lambda one: wanted in {None, one["type"]})


def onboarded(bank: Bank, of: Json, *, able: bool = True) -> None:
    """Let somebody fill in who they are; `able` says whether they can be paid then."""
    of["details_submitted"] = True
    of["payouts_enabled"] = of["charges_enabled"] = able
    of["capabilities"]["transfers"] = "active" if able else "inactive"
    of["requirements"]["currently_due"] = [] if able else ["individual.verification.document"]
    bank.tell("account.updated", of, account=of["id"])


def deauthorized(bank: Bank, of: Json) -> None:
    """Let somebody cut the connection."""
    of["payouts_enabled"] = of["charges_enabled"] = False
    of["capabilities"]["transfers"] = "inactive"
    of["sandbox_cut"] = True
    cut = {"id": "ca_sandbox", "object": "application", "name": "Potluck"}
    bank.tell("account.application.deauthorized", cut, account=of["id"])


def _judge(bank: Bank, amount: int, currency: str, source: str | None) -> None:
    if source:
        of = bank.find("charge", source)
        sent = sum(
            one["amount"] for one in bank.all("transfer") if one["source_transaction"] == source
        )
        if sent + amount > of["amount"]:
            raise Refused("The transfers of this charge would be more than it was.")
        settled = bank.find("balance_transaction", of["balance_transaction"])["currency"]
        if settled != currency:
            raise Refused(
                f"The currency of source_transaction's balance transaction ({settled}) must be"
                f" the same as the transfer currency ({currency}).",
                param="currency",
            )
        return
    has = {one["currency"]: one["amount"] for one in bank.balance()["available"]}
    if amount > has.get(currency, 0):
        raise Refused(
            "You have insufficient available funds in your Stripe account.",
            code="balance_insufficient",
        )
