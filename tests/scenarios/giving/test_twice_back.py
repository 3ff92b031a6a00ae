"""Whoever gives back at once with others gives back no more than there was."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from bot.sandbox.stripe import troubles
from tests.bank import BankHouse
from tests.scenarios.giving.test_fund_page import FUND, switch_on
from tests.scenarios.pledges.promising import ledger
from tests.visitor import Visitor


def test_two_who_give_back_at_once_and_the_dashboard_give_back_no_more_than_was_taken(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    switch_on(house)
    with ExitStack() as stack:
        people = [stack.enter_context(Visitor(house)) for _ in range(3)]
        pages = [_given(house, one) for one in people[:2]]
        # Three windows of the same gift: one click is taken, whoever is first.
        threads = stack.enter_context(ThreadPoolExecutor(3))
        seen = [(one, one.get(pages[0])) for one in people]
        asked = [threads.submit(one.fill_in, it, {}, "back", follow=False) for one, it in seen]
        assert sorted(one.result().status_code for one in asked) == [303, 409, 409]
        house.settle()
        # Of the other gift the dashboard gives a part back before we hear of it, and we all of it.
        form = people[1].get(pages[1])
        charge = next(one for one in bank.all("charge") if not one["amount_refunded"])
        troubles.refunded(bank, charge, 500, {})
        assert people[1].fill_in(form, {}, "back", follow=False).status_code == 303
        house.settle()
        back = people[1].get(pages[1])
    taken = {one["id"]: one["amount"] for one in bank.all("charge")}
    for number, most in taken.items():
        parts = [one["amount"] for one in bank.all("refund") if one["charge"] == number]
        assert sum(parts) <= most
    assert sorted(one["amount"] for one in bank.all("refund")) == [500, 2000]
    assert "€5.00 of it went back." in back.text
    assert sum(ledger(house).values()) == 0


def test_what_is_disputed_is_not_given_back_besides(bank_house: BankHouse) -> None:
    house, bank = bank_house, bank_house.bank.bank
    switch_on(house)
    with Visitor(house) as bo:
        page = _given(house, bo)
        form = bo.get(page)
        troubles.disputed(bank, next(bank.all("charge")))
        house.settle()
        assert 'id="back"' not in bo.get(page).text
        assert bo.fill_in(form, {}, "back", follow=False).status_code == 409
        house.settle()
        assert ("POST", "/v1/refunds") not in {one[:2] for one in house.bank.requests}
        troubles.dispute_ends(bank, next(bank.all("dispute")), won=False)
        house.settle()
        assert bo.fill_in(form, {}, "back", follow=False).status_code == 409
    assert sum(ledger(house).values()) == 0


def _given(house: BankHouse, who: Visitor) -> str:
    url = who.submit(FUND, {"amount": "20.00"}, "give", follow=False).headers["location"]
    page = str(house.pay(url).headers["location"])
    house.settle()
    return page
