"""Somebody buys a licence, holds it, renews it, has the money back; and what may not be sold is not."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.sandbox.stripe import troubles
from bot.selling.store import Sale
from donations import store as books
from donations.calls import stripe_call
from donations.giving.tables import gift as gift_table
from donations.receipts import store as receipts
from licensing.sold import checking, keys, reading
from licensing.sold.purposes import Purpose
from tests.bank import BankHouse
from tests.post_office import MailHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.giving.test_receipts import BODY, ZOE
from tests.scenarios.selling import (
    BUY,
    RULES,
    TEXT,
    buy,
    certify,
    last_sale,
    licence,
    licences,
    open_shop,
)
from tests.visitor import Visitor

ANOTHER = RULES.replace('mode = "cla"', 'mode = "cla"\nexempt_users = [7]')


def balances(house: BankHouse) -> dict[str, int]:
    with house.app.read() as connection:
        found = books.in_book(connection, f"project:{house.garden.repo.id}")
    assert sum(found.values()) == 0
    return {account: -minor for (account, _code), minor in found.items()}


def calls(house: BankHouse) -> int:
    with house.app.read() as connection:
        return connection.scalar(select(func.count()).select_from(stripe_call)) or 0


def revoked_for(house: BankHouse, licence_id: str) -> list[str]:
    with house.app.read() as connection:
        return [reason for reason, _cause in reading.reasons(connection, licence_id)]


def test_a_licence_is_bought_and_held(bank_house: BankHouse) -> None:
    commit = open_shop(bank_house)
    with Visitor(bank_house) as acme:
        shop = acme.get(BUY)
        assert "€60.00" in shop.text
        assert "from €10.00" in shop.text
        assert acme.get(f"{BUY}/licence.txt").text == TEXT
        page = buy(bank_house, acme, seats="2")
        assert "Here is your licence" in acme.get(page).text
        with bank_house.app.write() as connection:
            receipts.record_issuer(connection, bank_house.garden.repo.id, BODY, bank_house.now)
        bought = acme.get(page)
        assert "receipt-fr_individual" not in bought.text
        taxes = ZOE | {"kind": "fr_individual"}
        assert acme.fill_in(bought, taxes, "receipt-invoice").status_code == 409
        file = acme.get(f"{page}/licence")
        assert "Acme" not in file.headers["content-disposition"]

        sale = last_sale(bank_house)
        with bank_house.app.read() as connection:
            pinned = keys.pinned(connection, bank_house.garden.repo.id)
        said = checking.signed_message(file.text, pinned, Purpose.LICENCE).decode()
        assert commit in said
        assert '"licensee":"Acme Ltd"' in said
        assert '"seats":2' in said
        assert runs_until(bank_house, sale) == "2027-11-20 23:59:59+00:00"
        # 120.00 holds 20.00 tax; the bank's fee is borne by what is shared, not by the state.
        assert balances(bank_house)[f"tax:{bank_house.garden.repo.id}"] == 2_000
        shared = balances(bank_house)[f"licences:{bank_house.garden.repo.id}"]
        assert shared == 10_000 - fee(bank_house)


def test_a_licence_is_renewed_and_given_back(bank_house: BankHouse) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        page = buy(bank_house, acme)
        sale = last_sale(bank_house)
        renewed = acme.submit(page, {}, "renew", follow=False)
        bank_house.pay(renewed.headers["location"])
        bank_house.settle()
        assert runs_until(bank_house, sale) == "2028-11-20 23:59:59+00:00"
        assert licences(bank_house) == 1

        # The renewal goes back, and the licence runs as before; then all of it.
        second = last_sale(bank_house)
        acme.submit(f"/potluck-sandbox/garden/bought/{second.gift.key}", {}, "back")
        bank_house.settle()
        assert runs_until(bank_house, sale) == "2027-11-20 23:59:59+00:00"
        held = licence(bank_house, sale)
        assert held is not None
        assert held.revoked_at is None
        acme.submit(page, {}, "back")
        bank_house.settle()
        assert "This licence was taken back" in acme.get(page).text
        assert revoked_for(bank_house, held.id) == ["REFUNDED"]
    assert balances(bank_house)[f"licences:{bank_house.garden.repo.id}"] < 0


def runs_until(house: BankHouse, sale: Sale) -> str:
    held = licence(house, sale)
    return str(held.terms.expires_at) if held else ""


def newest(house: BankHouse) -> Any:
    return list(house.bank.bank.all("charge"))[-1]


def fee(house: BankHouse) -> int:
    moved = house.bank.bank.all("balance_transaction")
    found = [one for one in moved if one["type"] == "charge"]
    return sum(int(one["fee"]) for one in found)


def test_what_is_not_certified_is_not_sold_and_the_bank_hears_nothing(
    bank_house: BankHouse,
) -> None:
    commit = open_shop(bank_house)
    before = calls(bank_house)
    with Visitor(bank_house) as acme:
        form = acme.get(f"{BUY}/pro")
        # The agreement's ledger changes, and nothing is kept from which to judge again.
        push_files(bank_house, {".github/potluck.toml": ANOTHER})
        bank_house.settle()
        refused = acme.fill_in(form, {"licensee": "Acme", "accept": "yes"}, "buy")
        assert refused.status_code == 409
        assert "It cannot be bought now" in refused.text
    assert calls(bank_house) == before
    assert licences(bank_house) == 0
    with bank_house.app.read() as connection:
        assert connection.scalar(select(func.count()).select_from(gift_table)) == 0
    assert commit


def test_what_stopped_being_sellable_while_somebody_paid_goes_back(
    bank_house: BankHouse,
) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        chosen = {"licensee": "Acme Ltd", "accept": "yes"}
        url = acme.submit(f"{BUY}/pro", chosen, "buy", follow=False).headers["location"]
        push_files(bank_house, {".github/potluck.toml": ANOTHER})
        bank_house.settle()
        page = bank_house.pay(url).headers["location"]
        bank_house.settle()
        assert "The money goes back" in acme.get(page).text
    assert licences(bank_house) == 0
    assert f"tax:{bank_house.garden.repo.id}" not in balances(bank_house)


def test_trying_is_once_for_each_person_and_needs_no_card(bank_house: BankHouse) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as ada:
        assert "Sign in to try it" in ada.get(f"{BUY}/pro").text
        ada.sign_in(bank_house.garden.ada)
        chosen = {"licensee": "Ada Park", "accept": "yes"}
        form = ada.get(f"{BUY}/pro")
        page = ada.fill_in(form, chosen, "try")
        assert "to try" in page.text
        held = licence(bank_house, last_sale(bank_house))
        assert held is not None
        assert held.terms.edition == "trial"
        assert held.terms.expires_at == (bank_house.now + timedelta(days=30)).replace(
            hour=23, minute=59, second=59, microsecond=0
        )
        # The same form again is the same licence; a new one is refused, and nothing is written.
        assert ada.fill_in(form, chosen, "try").status_code == 200
        assert "You tried this before" in ada.get(f"{BUY}/pro").text
        again = ada.fill_in(form, chosen | {"key": "b" * 32}, "try")
        assert again.status_code == 409
        assert licences(bank_house) == 1
        assert "Garden Pro" in ada.get("/you/licences").text


def test_hostile_and_mistaken_forms_are_told_and_buy_nothing(bank_house: BankHouse) -> None:
    site = '[[selling.products]]\nid = "site"\nprice = "9000.00"\nmost_seats = 200\n'
    open_shop(bank_house, RULES + site)
    good = {"licensee": "Acme", "accept": "yes", "seats": "1"}
    with Visitor(bank_house) as acme:
        page = acme.get(f"{BUY}/pro")
        for bad in (
            {"licensee": " "},
            {"licensee": "bo@example.com"},
            {"accept": ""},
            {"seats": "0"},
            {"seats": "6"},
            {"seats": "1e1"},
            {"seats": "٣"},
        ):
            assert acme.fill_in(page, good | bad, "buy").status_code == 422, bad
        assert acme.fill_in(page, good | {"key": "x"}, "buy").status_code == 400
        assert acme.get(f"{BUY}/nothing").status_code == 404
        # So many seats cost more than a card can carry: they are not led to a bank that says no.
        many = acme.fill_in(acme.get(f"{BUY}/site"), good | {"seats": "200"}, "buy")
        assert (many.status_code, "more than" in many.text) == (422, True)
        own = acme.get(f"{BUY}/own")
        for amount, told in (
            ("9.99", True),
            ("0", True),
            ("-5", False),
            ("NaN", False),
            ("", False),
        ):
            sent = acme.fill_in(own, good | {"amount": "own", "own": amount}, "buy")
            assert (sent.status_code, "at least €10.00" in sent.text) == (422, told), amount
            assert "Choose nothing" not in sent.text
        sent = acme.fill_in(own, good | {"amount": "own", "own": "12.50"}, "buy", follow=False)
        assert sent.status_code == 303
        # Somebody goes back and changes their mind: they are not led to pay what they chose before.
        again = acme.fill_in(own, good | {"amount": "own", "own": "20"}, "buy")
        assert again.status_code == 409
    assert last_sale(bank_house).gift.money.minor == 1_250


def test_a_promised_price_does_not_rise(bank_house: BankHouse) -> None:
    locked = RULES.replace('price = "60.00"', 'price = "60.00"\nlocked_until = 2026-12-31')
    open_shop(bank_house, locked)
    dearer = locked.replace("60.00", "70.00")
    for_sale(bank_house, dearer)
    with Visitor(bank_house) as acme:
        assert "promised on better terms" in acme.get(f"{BUY}/pro").text
        # Nor under another name: what was promised has to be there, or nothing is sold.
        for_sale(bank_house, dearer.replace('id = "pro"', 'id = "best"'))
        for name in ("best", "own"):
            assert "price of “Garden Pro” was promised" in acme.get(f"{BUY}/{name}").text
        bank_house.advance(timedelta(days=60))
        assert "€70.00" in acme.get(f"{BUY}/best").text
        assert "promised" not in acme.get(f"{BUY}/own").text


def for_sale(house: BankHouse, rules: str) -> None:
    push_files(house, {".github/potluck.toml": rules})
    house.settle()
    certify(house, house.garden.repo.tags["v1.0"])


def test_buyers_are_written_to_when_it_is_there_taken_back_holds_again_and_ends(
    mail_house: MailHouse,
) -> None:
    open_shop(mail_house)
    bank = mail_house.bank.bank
    with Visitor(mail_house) as acme:
        buy(mail_house, acme)
    dispute = troubles.disputed(bank, newest(mail_house))
    mail_house.settle()
    troubles.dispute_ends(bank, dispute, won=True)
    mail_house.settle()
    for days in (330, 20):
        mail_house.advance(timedelta(days=days))
        mail_house.tick("sweep_sales")
        mail_house.settle()
    subjects = [one["subject"] for _to, one in mail_house.office.came]
    assert subjects == [
        "Your licence: Garden Pro",
        "Your licence for Garden Pro was taken back",
        "Your licence for Garden Pro holds again",
        "Your licence for Garden Pro ends on November 20, 2027",
    ]
