"""What the bank tells twice and at once is one licence and one income; money back is one line of the list."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
from sqlalchemy import select

from bot.sandbox.hooks import post
from bot.selling import settling
from donations.tables import transaction
from tests.bank import BankHouse
from tests.economy import PLAIN
from tests.scenarios.selling import buy, last_sale, licence, licences, open_shop
from tests.visitor import Visitor

API = "/api/v1/repos/potluck-sandbox/garden/licences"


def tell_twice_at_once(house: BankHouse) -> None:
    """Let each event come through two doors in the same instant, from now on."""

    def both(
        url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        with ThreadPoolExecutor(2) as doors:
            sent = [doors.submit(post, url, headers, body) for _ in range(2)]
            first, second = (one.result() for one in sent)
        assert first[0] == second[0] == 202
        return first

    house.bank.hooks.post = both


def settle_twice_at_once(house: BankHouse) -> None:
    """Let two workers look at the newest sale in the same instant, as after a lease that ran out."""
    sale = last_sale(house)
    # SQLite lets only one write at all; PostgreSQL lets both come as far as the sale.
    ready = Barrier(2 if "postgresql" in house.app.url else 1)

    def settle() -> None:
        with house.app.write() as connection:
            ready.wait(timeout=20)
            settling.settle(connection, sale, house.settings.secret_key, house.now)

    with ThreadPoolExecutor(2) as workers:
        for one in [workers.submit(settle) for _ in range(2)]:
            one.result(timeout=30)


def booked(house: BankHouse) -> Counter[str]:
    """Count what stands in the books of that kind."""
    with house.app.read() as connection:
        return Counter(connection.scalars(select(transaction.c.kind)))


def number_of_list(house: BankHouse) -> int:
    answer = httpx.get(f"{house.url}{API}/revocations", verify=PLAIN)
    return int(answer.json()["number"])


def test_told_twice_at_once_it_is_sold_once_and_money_back_is_one_entry(
    bank_house: BankHouse,
) -> None:
    tell_twice_at_once(bank_house)
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        page = buy(bank_house, acme)
        settle_twice_at_once(bank_house)
        assert licences(bank_house) == 1
        paid = booked(bank_house)
        assert (paid["licence"], paid["fee"]) == (1, 1)
        held, number = licence(bank_house, last_sale(bank_house)), number_of_list(bank_house)
        assert held is not None

        acme.submit(page, {}, "back")
        bank_house.settle()
        settle_twice_at_once(bank_house)
    assert number_of_list(bank_house) == number + 1
    asked = {"licence": held.id, "product": "pro"}
    answer = httpx.post(f"{bank_house.url}{API}/validate", json=asked, verify=PLAIN).json()
    assert answer["code"] == "REVOKED"
    assert booked(bank_house) - paid == Counter(refund=1)
