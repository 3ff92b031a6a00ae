"""Promises that settle in another currency: the books hold what came, at one rate, and lose nothing."""

from fractions import Fraction

from core.money import Money
from donations import store as books
from donations.giving import store as gifts
from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.giving.test_gifts import give as give_once
from tests.scenarios.giving.test_gifts import page as bank_page
from tests.scenarios.giving.test_gifts import standing
from tests.scenarios.intents.calling import DAY
from tests.scenarios.pledges.promising import (
    all_gifts,
    garden,
    give,
    node,
    page,
    pass_time,
    press,
    promise,
    states,
)

ALL = "split = { feature = 1 }\n"


def book(house: BankHouse) -> dict[tuple[str, str], int]:
    """Give the project's balances; each currency sums to nothing and agrees with the bank."""
    with house.app.read() as connection:
        found = books.in_book(connection, f"project:{house.garden.repo.id}")
    for code in {code for _account, code in found}:
        assert not sum(minor for (_account, own), minor in found.items() if own == code)
        moved = house.bank.bank.all("balance_transaction")
        held = sum(one["net"] for one in moved if one["currency"] == code.lower())
        assert found.get(("stripe:balance", code), 0) == held
    return found


def test_a_promise_in_euros_is_owed_in_the_dollars_that_came_and_the_rate_is_shown(
    bank_house: BankHouse,
) -> None:
    bank_house.bank.bank.settle_in("usd", eur=Fraction(108, 100))
    issue, mara = garden(bank_house, ALL), bank_house.garden.mara
    say(bank_house, issue, mara, "/split @ada 100")
    path = promise(bank_house, issue, "50")
    bank_house.world.close(issue, mara)
    say(bank_house, issue, mara, "/accept")
    (gift,) = all_gifts(bank_house, issue)
    with bank_house.app.read() as connection:
        assert gifts.standing(connection, gift).kept == 5000
    shown = page(bank_house, path)
    assert "€50.00 into $54.00" in shown.replace("US$", "$")
    account, sums = f"request:{node(bank_house, issue)}", book(bank_house)
    there = -sums[account, "USD"]
    assert 5200 < there < 5400
    assert (account, "EUR") not in sums
    assert not any(name == "conversion" for name, _code in sums)
    pass_time(bank_house, 15 * DAY)
    pass_time(bank_house, DAY)
    assert (account, "USD") not in book(bank_house)
    assert ("loss:fees", "USD") not in book(bank_house)


def test_what_goes_back_at_another_rate_is_borne_and_what_is_left_is_the_projects(
    bank_house: BankHouse,
) -> None:
    bank = bank_house.bank.bank
    bank.settle_in("usd", eur=Fraction(110, 100))
    issue, mara = garden(bank_house, ALL), bank_house.garden.mara
    stays = give(bank_house, issue, "10")
    give(bank_house, issue, "20")
    bank_house.world.close(issue, mara, "not_planned")
    bank_house.settle()
    assert press(bank_house, stays, "leave").status_code == 303
    project = (f"project:{bank_house.garden.repo.id}", "USD")
    assert book(bank_house)[project] < -1000
    bank.settle_in("usd", eur=Fraction(100, 100))
    pass_time(bank_house, 14 * DAY)
    for _ in range(3):
        pass_time(bank_house, DAY)
    assert states(bank_house, issue) == ["paid", "given_back"]
    sums = book(bank_house)
    assert (f"request:{node(bank_house, issue)}", "USD") not in sums
    assert sums[project] == -sums["stripe:balance", "USD"]


def test_a_payment_whose_fee_is_not_known_yet_is_written_down_once_it_is(
    bank_house: BankHouse,
) -> None:
    gift = give_once(bank_house, Money(1000, "EUR"))
    bank_house.pay(bank_page(bank_house, gift))
    charge = next(bank_house.bank.bank.all("charge"))
    known, charge["balance_transaction"] = charge["balance_transaction"], None
    bank_house.settle()
    assert standing(bank_house, gift) == ("open", 0, 0)
    charge["balance_transaction"] = known
    bank_house.bank.bank.tell("charge.updated", charge)
    bank_house.bank.bank.tell("charge.updated", charge)
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 1000, 0)
