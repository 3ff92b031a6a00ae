"""A payment that is looked into waits, and a debit that its holder takes back is taken no more."""

import pytest

from bot.sandbox.stripe import troubles
from donations.payouts.rules import WARNED_FOR
from tests.bank import BankHouse
from tests.scenarios.asking import ask, say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.payouts.paying import accept, join, sweep, transfers
from tests.scenarios.pledges.promising import garden, page, promise, states


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_looked_into_waits_and_what_may_not_be_taken_is_let_go(
    bank_house: BankHouse,
) -> None:
    house, ada, bank = bank_house, bank_house.garden.ada, bank_house.bank.bank
    issue = garden(house)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 100")
    promise(house, issue, "30")
    accept(house, issue)
    charge = next(bank.all("charge"))
    review = troubles.reviewed(bank, charge)
    house.settle()
    join(house, ada)
    sweep(house, DAY)
    assert transfers(house) == []
    troubles.review_ends(bank, review)
    # What is heard of late is looked at as it is now.
    opened = next(one for one in bank.events if one["type"] == "review.opened")
    house.bank.hooks.again(opened)
    house.settle()
    # What the card's network warns of is not made good by whoever looked into it.
    troubles.warned(bank, charge)
    troubles.review_ends(bank, review)
    house.settle()
    sweep(house, DAY)
    assert transfers(house) == []
    sweep(house, WARNED_FOR)
    assert [one["amount"] for one in transfers(house)] == [2930]

    other = ask(house, ada, "A bench in the shade")
    path = promise(house, other, "50")
    assert states(house, other) == ["saved"]
    troubles.mandate_ends(bank, next(bank.all("payment_method")))
    house.settle()
    assert states(house, other) == ["over"]
    assert "This promise is over" in page(house, path)
    accept(house, other)
    assert len(list(bank.all("charge"))) == 1
