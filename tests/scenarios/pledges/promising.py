"""A garden where people promise for an issue, and time that passes with what runs every five minutes."""

from datetime import timedelta
from typing import Any

from bot.sandbox.records import Account, Issue
from bot.sandbox.seed import CONFIGURATION
from donations import store as books
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.pledges import store
from donations.pledges.rules import Course
from tests.bank import PAYS, BankHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.asking import RULES, ask, found
from tests.scenarios.intents.calling import DAY
from tests.visitor import Visitor

GARDEN = "/potluck-sandbox/garden"
ASKS = "4000002760003184"
LATER = "4000000000000341"
FUNDING = '\n[roadmap]\non = true\n[funding]\nsuggested = ["5", "20", "50"]\n'


def garden(house: BankHouse, more: str = "") -> Issue:
    """Switch requests and funding on, and open a request."""
    push_files(house, {RULES: CONFIGURATION + FUNDING + more})
    house.settle()
    return ask(house, house.garden.ada)


def node(house: BankHouse, issue: Issue) -> str:
    asked = found(house, issue)
    assert asked is not None
    return asked.node_id


def campaign(house: BankHouse, issue: Issue, goal: str, days: int, *, milestone: int = 0) -> None:
    """Let a maintainer open a campaign that ends after so many whole days; perhaps for a milestone."""
    with Visitor(house) as mara:
        mara.sign_in(house.garden.mara)
        until = (house.now + timedelta(days=days - 1)).date().isoformat()
        of = f"milestones/{milestone}" if milestone else f"requests/{issue.number}"
        path = f"{GARDEN}/{of}/campaign"
        sent = mara.submit(path, {"goal": goal, "until": until}, "start")
        assert "All or nothing" in sent.text
    house.settle()


def promise(
    house: BankHouse,
    issue: Issue,
    amount: str,
    card: str = PAYS,
    *,
    settle: bool = True,
    giver: Account | None = None,
    offer: Account | None = None,
    milestone: int = 0,
) -> str:
    """Promise on the page and leave a card; gives the path of the promise's page.

    `offer`: it is promised for what this person offered; `milestone`: for that, whatever is in it.
    """
    with Visitor(house) as bo:
        if giver is not None:
            bo.sign_in(giver)
        path = f"{GARDEN}/pledge?request={issue.number}"
        path += f"&offer={offer.id}" if offer is not None else ""
        path = f"{GARDEN}/pledge?milestone={milestone}" if milestone else path
        sent = bo.submit(path, {"amount": "own", "own": amount}, "promise", follow=False)
        assert sent.status_code == 303, sent.text
        back = house.pay(sent.headers["location"], card)
        assert back.status_code == 303, back.text
    if settle:
        house.settle()
    return str(back.headers["location"])


def give(house: BankHouse, issue: Issue, amount: str, rhythm: str = "once") -> str:
    """Give for a request, and pay."""
    with Visitor(house) as bo:
        fields = {"amount": "own", "own": amount, "rhythm": rhythm}
        path = f"{GARDEN}/fund?request={issue.number}"
        url = bo.submit(path, fields, "give", follow=False).headers["location"]
    back = house.pay(url).headers["location"]
    house.settle()
    return str(back)


def pass_time(house: BankHouse, span: timedelta) -> None:
    """Let time pass, with the sweep that runs when it is over."""
    house.advance(span)
    house.tick("sweep_pledges")
    house.settle(longest=5 * DAY)


def page(house: BankHouse, path: str) -> str:
    with Visitor(house) as bo:
        return bo.get(path).text


def press(house: BankHouse, path: str, form: str) -> Any:
    with Visitor(house) as bo:
        return bo.submit(path, form=form, follow=False)


def course(house: BankHouse, issue: Issue) -> Course:
    with house.app.read() as connection:
        return store.course_of(connection, node(house, issue))


def deeds(house: BankHouse, issue: Issue) -> list[str]:
    with house.app.read() as connection:
        return [one.deed for one in store.acts(connection, node(house, issue))]


def states(house: BankHouse, issue: Issue) -> list[str]:
    """Give how each gift and promise for a request stands, in order."""
    with house.app.read() as connection:
        of = store.of_request(connection, node(house, issue))
        return [gifts.standing(connection, one).state for one in of]


def all_gifts(house: BankHouse, issue: Issue) -> tuple[Gift, ...]:
    with house.app.read() as connection:
        return store.of_request(connection, node(house, issue))


def taken(house: BankHouse) -> list[int]:
    """Give what cards were charged, in the bank's units."""
    return [one["amount"] for one in house.bank.bank.all("charge") if one["paid"]]


def going_on(house: BankHouse) -> list[str]:
    """Give how each gift that comes again and again stands at the bank."""
    return [one["status"] for one in house.bank.bank.all("subscription")]


def ledger(house: BankHouse) -> dict[str, int]:
    """Give the project's balances in EUR; they sum to nothing, and agree with the bank's."""
    with house.app.read() as connection:
        sums = books.in_book(connection, f"project:{house.garden.repo.id}")
    assert not sum(sums.values())
    cash = sum(one["net"] for one in house.bank.bank.all("balance_transaction"))
    assert sums.get(("stripe:balance", "EUR"), 0) == cash
    return {account: minor for (account, _code), minor in sums.items()}
