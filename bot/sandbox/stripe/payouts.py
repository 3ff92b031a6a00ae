"""What connected accounts hold, and their payouts to a bank, https://docs.stripe.com/api/payouts."""

from bot.sandbox.stripe.bank import Bank, Json, Refused
from bot.sandbox.stripe.calls import Call, endpoint, listed


@endpoint("GET", "/v1/payouts/{id}")
def payout(call: Call) -> Json:
    """https://docs.stripe.com/api/payouts/retrieve."""
    return call.bank.find("payout", call.args["id"])


@endpoint("GET", "/v1/payouts")
def payouts(call: Call) -> Json:
    """https://docs.stripe.com/api/payouts/list."""
    return listed(call, "payout")


def held(bank: Bank, account: str) -> dict[str, int]:
    """Give what lies in an account and was not paid out, by currency."""
    sums: dict[str, int] = {}
    for one in bank.all("transfer"):
        if one["destination"] == account:
            left = one["amount"] - one["amount_reversed"]
            sums[one["currency"]] = sums.get(one["currency"], 0) + left
    for one in bank.all("payout"):
        if one["sandbox_account"] == account and one["status"] != "failed":
            sums[one["currency"]] = sums.get(one["currency"], 0) - one["amount"]
    return {code: amount for code, amount in sums.items() if amount}


def pay_out(bank: Bank, of: Json) -> list[Json]:
    """Pay to somebody's bank what lies in their account."""
    made = []
    for code, amount in sorted(held(bank, of["id"]).items()):
        if amount <= 0:
            continue
        one = bank.make(
            "po",
            "payout",
            amount=amount,
            arrival_date=bank.now,
            automatic=True,
            currency=code,
            destination="ba_sandbox",
            failure_code=None,
            failure_message=None,
            method="standard",
            status="paid",
            type="bank_account",
            sandbox_account=of["id"],
        )
        bank.tell("payout.paid", one, account=of["id"])
        made.append(one)
    return made


def pay_out_fails(bank: Bank, of: Json) -> None:
    """Let somebody's bank refuse the last payout: Stripe stops paying there until they mend it."""
    made = pay_out(bank, of) or [
        one for one in bank.all("payout") if one["sandbox_account"] == of["id"]
    ]
    if not made:
        raise Refused("Nothing was paid out there.")
    made[0]["status"], made[0]["failure_code"] = "failed", "account_closed"
    of["payouts_enabled"] = False
    of["requirements"]["currently_due"] = ["external_account"]
    bank.tell("payout.failed", made[0], account=of["id"])
    bank.tell("account.updated", of, account=of["id"])
