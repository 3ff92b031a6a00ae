"""The nightly proof of reserves: what the bank says beside what the books say, once a day."""

import json
from datetime import timedelta
from typing import Any

from core.money import Money
from donations import calls, movements, store
from donations.asked import OpenSession
from donations.ledger import CASH, Cause, Transaction
from tests.bank import BankHouse
from tests.house import House
from tests.visitor import Visitor

PAGES = {"success_url": "http://x.test/ok", "cancel_url": "http://x.test/no"}


def night(house: House) -> None:
    house.advance(timedelta(days=1))
    house.tick("prove_reserves")
    house.settle()


def newest(house: House) -> dict[str, Any]:
    with Visitor(house) as visitor:
        found: dict[str, Any] = json.loads(visitor.get("/reserves.json").text)["proofs"][0]
    return found


def pay(house: BankHouse, cents: int) -> None:
    with house.app.write() as connection:
        call = OpenSession("gift:1", "payment", cents, "EUR", "A gift", **PAGES)
        calls.put(connection, call, "gift:1", house.now)
    house.settle()
    with house.app.read() as connection:
        kept = calls.by_key(connection, "gift:1")
    assert kept
    house.pay(kept.url)
    house.settle()


def booked(house: House) -> int:
    with house.app.read() as connection:
        return sum(money.minor for money in store.balances(connection, CASH))


def test_what_the_bank_holds_and_the_books_do_not_know_is_said_until_they_do(
    bank_house: BankHouse,
) -> None:
    pay(bank_house, 2500)
    night(bank_house)
    found = newest(bank_house)
    held = found["processor"]["EUR"]
    assert 0 < held < 2500  # the bank has kept its fee
    unknown = held - found["held"].get("EUR", 0)
    assert unknown == held - booked(bank_house)

    if unknown:
        entries = movements.received(Money(unknown, "EUR"), "project:7")
        late = Transaction("project:7", Cause("stripe", "late", "gift"), bank_house.now, entries)
        with bank_house.app.write() as connection:
            assert store.post(connection, late, bank_house.now).outcome == "posted"
    bank_house.tick("prove_reserves")
    bank_house.settle()
    assert newest(bank_house) == found, "one proof a day: the first stands"
    night(bank_house)
    found = newest(bank_house)
    assert (found["processor"], found["held"]) == ({"EUR": held}, {"EUR": held})


def test_where_no_bank_is_connected_the_proof_says_so(house: House) -> None:
    with Visitor(house) as visitor:
        assert "The first one is written tonight." in visitor.get("/reserves").text
        night(house)
        assert newest(house)["processor"] is None
        page = visitor.get("/reserves").text
    assert "No payment processor is connected" in page
    assert "Nothing was owed to anybody, and nothing was held." in page


def test_a_currency_that_nobody_knows_keeps_no_other_from_being_proven(
    bank_house: BankHouse,
) -> None:
    pay(bank_house, 2500)
    strange = bank_house.bank.bank.make("ch", "charge")
    bank_house.bank.bank.post("adjustment", 700, "qqq", strange)
    night(bank_house)
    assert set(newest(bank_house)["processor"]) == {"EUR"}
