"""Every currency goes all the way, and `potluck check` proves what the pages sum."""

import pytest
from sqlalchemy import insert, update

from bot.sandbox.stripe import troubles
from core.money import Money, from_stripe, to_stripe
from donations.giving import proof
from donations.giving.tables import act, total
from tests.bank import BankHouse
from tests.scenarios.giving.test_gifts import give, ledger, page, standing


def problems(house: BankHouse) -> list[str]:
    with house.app.read() as connection:
        return list(proof.problems(connection))


@pytest.mark.parametrize(
    ("money", "sent"),
    [
        (Money(500, "JPY"), 500),
        (Money(5_120, "KWD"), 5_120),
        (Money(150, "ISK"), 15_000),
        (Money(9_000, "UGX"), 900_000),
        (Money(1_234_500, "HUF"), 1_234_500),
    ],
)
def test_each_currency_goes_in_and_back_to_the_last_unit(
    bank_house: BankHouse, money: Money, sent: int
) -> None:
    code = money.currency
    assert to_stripe(money) == sent
    gift = give(bank_house, money)
    bank_house.pay(page(bank_house, gift))
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", money.minor, 0)
    bank = bank_house.bank.bank
    (charge,) = bank.all("charge")
    assert (charge["amount"], charge["currency"]) == (sent, code.lower())
    troubles.refunded(bank, charge, sent // 5, {})
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", money.minor, money.minor // 5)
    held = sum(one["net"] for one in bank.all("balance_transaction"))
    there = Money(ledger(bank_house)["stripe:balance", code], code)
    assert there == from_stripe(held, code)
    bank_house.tick("prove_reserves")
    bank_house.settle()
    assert problems(bank_house) == []


def test_a_total_that_drifts_and_a_payment_without_its_books_are_found(
    bank_house: BankHouse,
) -> None:
    gift = give(bank_house, Money(1000, "EUR"))
    bank_house.pay(page(bank_house, gift))
    bank_house.settle()
    assert problems(bank_house) == []
    with bank_house.app.write() as connection:
        connection.execute(update(total).values(minor=total.c.minor + 1))
    (found,) = problems(bank_house)
    assert "is not the sum" in found
    made_up = {
        "gift_id": gift.id,
        "deed": "paid",
        "evidence": "ch_made_up",
        "payment": "",
        "minor": 1,
        "at": bank_house.now,
        "recorded_at": bank_house.now,
    }
    with bank_house.app.write() as connection:
        connection.execute(insert(act).values(made_up))
    (found,) = problems(bank_house)
    assert (
        found == f"book of project:{gift.repo_id}: 1 payments are posted, but 2 are noted of gifts"
    )
