"""A garden whose work is paid: people who build, accounts that can be paid, and what the bank sent."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.sandbox.records import Account, Issue, PullRequest
from bot.sandbox.stripe import connect
from donations.payouts import proof, shares, store
from donations.payouts.shares import Share
from donations.tables import transaction
from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.pledges.promising import ledger, node, pass_time
from tests.visitor import Visitor, forms

WINDOW = 14 * DAY


def join(house: BankHouse, who: Account, *, able: bool = True, consents: bool = False) -> str:
    """Let somebody make an account on our page and say at the bank who they are; gives its id."""
    with Visitor(house) as visitor:
        visitor.sign_in(who)
        form = {"country": "FR"} | ({"consents": "yes"} if consents else {})
        sent = visitor.submit("/you/payouts", form, "account", follow=False)
        assert sent.status_code == 303, sent.text
    account: str = next(house.bank.bank.all("account"))["id"]
    connect.onboarded(house.bank.bank, house.bank.bank.objects[account], able=able)
    house.settle()
    return account


def accept(house: BankHouse, issue: Issue, *, sweeping: bool = True) -> None:
    """Close and accept the work, and let the days for objections pass."""
    house.world.close(issue, house.garden.mara)
    say(house, issue, house.garden.mara, "/accept")
    pass_time(house, WINDOW)
    if sweeping:
        sweep(house)


def sweep(house: BankHouse, span: timedelta = timedelta(minutes=5)) -> None:
    """Let time pass, with the sweep of shares when it is over."""
    house.advance(span)
    house.tick("sweep_payouts")
    house.settle(longest=5 * DAY)


def transfers(house: BankHouse) -> list[Any]:
    """Give the transfers that the bank made, the oldest first."""
    return list(house.bank.bank.all("transfer"))[::-1]


def reversals(house: BankHouse) -> list[Any]:
    """Give what came back of transfers."""
    return list(house.bank.bank.all("transfer_reversal"))


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


def states(house: BankHouse, issue: Issue) -> dict[int, str]:
    """Give how the last share of each person stands."""
    return {who: one.standing.state for who, one in standing(house, issue).items()}


def balances(house: BankHouse) -> dict[str, int]:
    """Give what is owed to each account of the project's book, in EUR; the book agrees with the bank,
    and what happened to the shares is what the book moved."""
    with house.app.read() as connection:
        assert [*proof.problems(connection)] == []
    return {account: -minor for account, minor in ledger(house).items()}


def merge(house: BankHouse, who: Account, issue: Issue, body: str = "") -> PullRequest:
    """Open a pull request that closes a request (or says something else), and merge it."""
    files = {f"{who.login}-{house.now:%H%M%S%f}.md": "# New\n"}
    pull = house.world.propose(house.garden.repo, who, files, title="Work")
    pull.body = body or f"Closes #{issue.number}"
    house.world.merge(pull, house.garden.mara)
    house.settle()
    return pull


def marks(house: BankHouse) -> set[str]:
    """Give every mark in the books."""
    with house.app.read() as connection:
        found = connection.scalars(select(transaction.c.marks))
        return {mark for one in found for mark in one.split()}


def own_page(house: BankHouse, who: Account) -> str:
    with Visitor(house) as visitor:
        visitor.sign_in(who)
        return visitor.get("/you/payouts").text


def press(house: BankHouse, who: Account, what: str, *, settle: bool = True) -> int:
    """Press the button of somebody's newest share; gives the status."""
    with Visitor(house) as visitor:
        visitor.sign_in(who)
        shown = visitor.get("/you/payouts")
        names = [form.id for form in forms(shown.text) if form.id.startswith(f"{what}-")]
        answer = visitor.fill_in(shown, form=names[0], follow=False)
    if settle:
        house.settle()
    return answer.status_code
