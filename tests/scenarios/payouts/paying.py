"""A garden whose work is paid: people who build, accounts that can be paid, and what the bank sent."""

from datetime import timedelta
from typing import Any

from bot.sandbox.records import Account, Issue
from bot.sandbox.stripe import connect
from donations.payouts import shares, store
from donations.payouts.shares import Share
from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.pledges.promising import node, pass_time
from tests.visitor import Visitor

WINDOW = 14 * DAY


def join(house: BankHouse, who: Account, *, able: bool = True) -> str:
    """Let somebody make an account on our page and say at the bank who they are; gives its id."""
    with Visitor(house) as visitor:
        visitor.sign_in(who)
        sent = visitor.submit("/you/payouts", {"country": "FR"}, "account", follow=False)
        assert sent.status_code == 303, sent.text
    account: str = next(house.bank.bank.all("account"))["id"]
    connect.onboarded(house.bank.bank, house.bank.bank.objects[account], able=able)
    house.settle()
    return account


def accept(house: BankHouse, issue: Issue) -> None:
    """Close and accept the work, and let the days for objections pass."""
    house.world.close(issue, house.garden.mara)
    say(house, issue, house.garden.mara, "/accept")
    pass_time(house, WINDOW)
    sweep(house)


def sweep(house: BankHouse, span: timedelta = timedelta(minutes=5)) -> None:
    """Let time pass, with the sweep of shares when it is over."""
    house.advance(span)
    house.tick("sweep_payouts")
    house.settle(longest=5 * DAY)


def transfers(house: BankHouse) -> list[Any]:
    """Give the transfers that the bank made, the oldest first."""
    return list(house.bank.bank.all("transfer"))[::-1]


def standing(house: BankHouse, issue: Issue) -> dict[int, Share]:
    """Give the shares of a request by person, the last of each."""
    with house.app.read() as connection:
        return {
            one.github_id: one
            for made in shares.rewards_of(connection, node(house, issue))
            for one in shares.of_reward(connection, made.id)
        }


def account_of(who: Account) -> str:
    return store.account_of(who.id)
