"""What was offered and chosen leads to a goal, and the request says what is promised."""

from datetime import timedelta

import pytest

from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.pledges.promising import GARDEN, garden, page, promise
from tests.visitor import Visitor


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_price_of_the_chosen_offer_is_proposed_as_the_goal_and_promises_are_shown(
    bank_house: BankHouse,
) -> None:
    issue, people = garden(bank_house), bank_house.garden
    say(
        bank_house,
        issue,
        people.ada,
        "/intend\nneed: water\ntest: it runs\nbudget: 200-400 EUR\nuntil: 1d",
    )
    say(bank_house, issue, people.bo, "/bid 280 EUR 8d a clock and a valve")
    promise(bank_house, issue, "20")
    bank_house.advance(DAY + timedelta(minutes=5))
    bank_house.tick("sweep_intents")
    bank_house.settle()
    say(bank_house, issue, people.mara, "/choose @bo")
    asked = f"{GARDEN}/requests/{issue.number}"
    assert "€20.00</span> promised by 1 person" in page(bank_house, asked)
    with Visitor(bank_house) as mara:
        mara.sign_in(people.mara)
        shown = mara.get(f"{asked}/campaign").text
    assert "The offer that was chosen costs €280.00" in shown
    assert 'value="280.00"' in shown
