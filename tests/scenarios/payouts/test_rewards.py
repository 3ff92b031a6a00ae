"""From an accepted request to a person's account: by a split that was public before the work."""

from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import answer
from tests.scenarios.payouts.paying import accept, account_of, standing, sweep, transfers
from tests.scenarios.pledges.promising import garden, ledger, promise


def test_a_split_said_before_the_work_pays_each_person_once_and_to_the_cent(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, ada, chen = garden(house), house.garden.ada, house.garden.chen
    say(house, issue, ada, "/split @ada 100")
    assert "`/split` is for maintainers" in answer(issue, ada)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 60 @{chen.login} 40")
    assert "written down" in answer(issue, house.garden.mara)
    promise(house, issue, "50.03")
    accept(house, issue)
    found = standing(house, issue)
    assert sum(one.money.minor for one in found.values()) == 5003 - 100
    sums = ledger(house)
    assert sums[account_of(ada)] == -2942
    assert transfers(house) == []
    sweep(house)
