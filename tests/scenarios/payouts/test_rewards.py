"""From an accepted request to a person's account: by a split that was public before the work."""

from bot.sandbox.stripe import connect
from bot.sandbox.stripe.server import StripeSandbox
from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import answer
from tests.scenarios.payouts.paying import (
    accept,
    account_of,
    join,
    standing,
    sweep,
    transfers,
)
from tests.scenarios.pledges.promising import GARDEN, garden, ledger, page, promise
from tests.visitor import Visitor


def test_a_split_said_before_the_work_pays_each_person_once_and_to_the_cent(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, ada, chen = garden(house), house.garden.ada, house.garden.chen
    say(house, issue, ada, "/split @ada 100")
    assert "`/split` is for maintainers" in answer(issue, ada)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 60 @{chen.login} 40")
    assert "written down" in answer(issue, house.garden.mara)
    shown = page(house, f"{GARDEN}/requests/{issue.number}")
    assert "Who gets it" in shown
    assert "60%" in shown
    promise(house, issue, "50.03")
    accept(house, issue)
    found = standing(house, issue)
    assert sum(one.money.minor for one in found.values()) == 5003 - 100
    assert ledger(house)[account_of(ada)] == -2942
    assert transfers(house) == []
    account = join(house, ada)
    sweep(house)
    (sent,) = transfers(house)
    assert (sent["amount"], sent["destination"]) == (2942, account)
    charge = next(house.bank.bank.all("charge"))["id"]
    assert sent["source_transaction"] == charge
    assert sent["transfer_group"].startswith("reward:")
    sums = ledger(house)
    assert account_of(ada) not in sums
    assert sums[account_of(chen)] == -1961
    for _again in range(2):
        sweep(house)
        house.bank.hooks.again(house.bank.bank.events[-1])
    assert len(transfers(house)) == 1
    with Visitor(house) as visitor:
        visitor.sign_in(ada)
        mine = visitor.get("/you/payouts").text
        assert "You can be paid" in mine
        assert "Sent" in mine
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1")
    assert "stays as it was" in answer(issue, house.garden.mara)
    assert isinstance(house.bank, StripeSandbox)
    assert connect
