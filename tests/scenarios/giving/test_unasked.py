"""Money that nobody said goes back and is shown; what another currency brings is counted as it was said."""

import logging

import pytest

from bot.sandbox.stripe import payments, troubles
from bot.sandbox.stripe.bank import Json
from core.money import Money
from donations import store as books
from donations.giving import store
from donations.giving.rules import Act
from donations.giving.store import Gift, Giver, Said
from tests.bank import BankHouse
from tests.scenarios.giving.test_fund_page import FUND, switch_on
from tests.scenarios.giving.test_gifts import TERMS, give, ledger, page, standing
from tests.visitor import Visitor


def take(house: BankHouse, gift: Gift, amount: int, currency: str) -> Json:
    """Take money in the name of a gift, as somebody at the dashboard could."""
    bank = house.bank.bank
    made = payments.intent(bank, amount, currency, None)
    made["metadata"] = {"potluck": gift.name}
    payments.pay(bank, made, "pm_card_visa")
    return bank.find("charge", made["latest_charge"])


def held(house: BankHouse, currency: str) -> int:
    moved = house.bank.bank.all("balance_transaction")
    return sum(one["net"] for one in moved if one["currency"] == currency)


def balance(house: BankHouse, account: str) -> dict[str, int]:
    with house.app.read() as connection:
        return {one.currency: one.minor for one in books.balances(connection, account)}


@pytest.mark.parametrize(("amount", "currency"), [(900, "eur"), (1000, "usd"), (1000, "eur")])
def test_what_was_not_said_is_booked_sent_back_and_flagged(
    bank_house: BankHouse, amount: int, currency: str, caplog: pytest.LogCaptureFixture
) -> None:
    switch_on(bank_house)
    gift = give(bank_house, Money(1000, "EUR"))
    bank_house.pay(page(bank_house, gift))
    bank_house.settle()
    with caplog.at_level(logging.ERROR):
        strange = take(bank_house, gift, amount, currency)
        bank_house.bank.hooks.shuffle(3)
        bank_house.settle()
    assert "payment is not what was said" in caplog.text
    assert strange["amount_refunded"] == amount
    assert standing(bank_house, gift) == ("paid", 1000, 0)
    for code in {"eur", currency}:
        assert ledger(bank_house)["stripe:balance", code.upper()] == held(bank_house, code)
    assert not balance(bank_house, f"refund:gift-{gift.id}")
    assert balance(bank_house, "loss:refunds")[currency.upper()] > 0
    assert len(list(bank_house.bank.bank.all("refund"))) == 1
    with Visitor(bank_house) as bo:
        seen = bo.get(f"{FUND}/{gift.key}")
    assert "More came than you said" in seen.text


def test_another_currency_of_the_account_changes_no_sum_of_the_gift(
    bank_house: BankHouse,
) -> None:
    gift = give(bank_house, Money(5000, "JPY"))
    bank_house.pay(page(bank_house, gift))
    (came,) = bank_house.bank.bank.all("balance_transaction")
    came.update(currency="eur", amount=3050, fee=71, net=2979, exchange_rate=0.0061)
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 5000, 0)
    assert ledger(bank_house)["stripe:balance", "EUR"] == 2979
    charge = next(bank_house.bank.bank.all("charge"))
    refund = troubles.refunded(bank_house.bank.bank, charge, 2000, {})
    went = bank_house.bank.bank.find("balance_transaction", refund["balance_transaction"])
    went.update(currency="eur", amount=-1220, net=-1240, fee=20)
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 5000, 2000)
    assert ledger(bank_house)["stripe:balance", "EUR"] == 2979 - 1240
    with bank_house.app.read() as connection:
        refunded = next(one for one in store.acts(connection, gift.id) if one.deed == "refunded")
    assert refunded.payment == charge["id"]


def test_many_gifts_of_one_person_are_no_crowd(bank_house: BankHouse) -> None:
    now = bank_house.now
    with bank_house.app.write() as connection:
        for number in range(10):
            said = Said(f"{number:032x}", 7, "", "donation", "once", Money(500, "EUR"), TERMS)
            who = Giver(github_id=9 if number < 6 else None)
            gift = store.say(connection, said, who, now)
            store.note(connection, gift, Act("paid", f"ch_{number}", now, 500), now)
        assert store.chosen(connection, 7, "EUR") == (500,) * 5
