"""Buyers and sellers who try to get more than was agreed: nobody does, and nobody gets less."""

import threading
from datetime import timedelta
from fractions import Fraction

import httpx
import pytest
from sqlalchemy import text

from bot.sandbox.stripe import troubles
from bot.selling import settling, store
from bot.selling.store import Sale
from core.money import Money
from donations.giving import store as gifts
from donations.giving.rules import Act
from donations.giving.store import Giver, Said
from donations.giving.terms import Terms
from donations.sharing import store as shares
from licensing.sold import reading
from tests.bank import BankHouse
from tests.economy import PLAIN
from tests.scenarios.agreement import push_files
from tests.scenarios.selling import (
    BUY,
    RULES,
    buy,
    last_sale,
    licence,
    open_shop,
)
from tests.visitor import Visitor

PAGE = "/potluck-sandbox/garden"
CHOSEN = {"licensee": "Acme Ltd", "accept": "yes"}
API = "/api/v1/repos/potluck-sandbox/garden/licences"


def held(house: BankHouse, sale: Sale) -> reading.Licence:
    found = licence(house, sale)
    assert found is not None
    return found


def standing(house: BankHouse, sale: Sale) -> list[str]:
    with house.app.read() as connection:
        return [why for why, _cause in reading.reasons(connection, held(house, sale).id)]


def paid(house: BankHouse, which: int = -1) -> dict[str, object]:
    return list(house.bank.bank.all("charge"))[which]


def ask(house: BankHouse, file: str, **more: str) -> dict[str, object]:
    body = {"licence": file, "product": "pro"} | more
    answer = httpx.post(f"{house.url}{API}/validate", json=body, verify=PLAIN)
    assert answer.status_code in {200, 400}, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_money_that_went_back_stays_a_reason_whatever_is_disputed_or_comes_home(
    bank_house: BankHouse,
) -> None:
    open_shop(bank_house, RULES.replace("tax_percent", 'partial_refund = "revoke"\ntax_percent'))
    with Visitor(bank_house) as acme:
        buy(bank_house, acme)
    sale, bank = last_sale(bank_house), bank_house.bank.bank
    troubles.refunded(bank, paid(bank_house), 1_000, {})
    bank_house.settle()
    assert standing(bank_house, sale) == ["REFUNDED"]
    dispute = troubles.disputed(bank, paid(bank_house))
    bank_house.settle()
    troubles.dispute_ends(bank, dispute, won=True)
    bank_house.settle()
    assert standing(bank_house, sale) == ["REFUNDED"]
    assert held(bank_house, sale).revoked_at is not None
    # A second part goes back and comes home again: the first is gone all the same.
    with bank_house.app.write() as connection:
        for deed in ("refunded", "refund_failed"):
            act = Act(deed, "re_home", bank_house.now, 500, str(paid(bank_house)["id"]))
            gifts.note(connection, sale.gift, act, bank_house.now)
            settling.settle(connection, sale, bank_house.settings.secret_key, bank_house.now)
    assert held(bank_house, sale).revoked_at is not None


def test_the_file_of_a_renewal_that_went_back_is_worth_no_more_than_what_was_paid(
    bank_house: BankHouse,
) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        page = buy(bank_house, acme)
        first = last_sale(bank_house)
        renewed = acme.submit(page, {}, "renew", follow=False)
        bank_house.pay(renewed.headers["location"])
        bank_house.settle()
        longer = acme.get(f"{page}/licence").text
        second = last_sale(bank_house)
        acme.submit(f"{PAGE}/bought/{second.gift.key}", {}, "back")
        bank_house.settle()
        assert ask(bank_house, longer)["code"] == "VALID"
        bank_house.advance(timedelta(days=366))
        assert ask(bank_house, longer)["code"] == "EXPIRED"
        # Products that ask nobody know it from the list.
        bank_house.tick("sweep_sales")
        bank_house.settle()
        assert standing(bank_house, first) == ["REFUNDED"]
        # And it goes on once it is paid for.
        renewed = acme.submit(page, {}, "renew", follow=False)
        bank_house.pay(renewed.headers["location"])
        bank_house.settle()
        assert standing(bank_house, first) == []
        longer = acme.get(f"{page}/licence").text
        assert ask(bank_house, longer)["code"] == "VALID"
        # What was over before goes back: nothing is left to run, and the money is noted.
        again = last_sale(bank_house)
        acme.submit(f"{PAGE}/bought/{again.gift.key}", {}, "back")
        bank_house.settle()
        with bank_house.app.read() as connection:
            assert gifts.standing(connection, again.gift).state == "given_back"
        assert standing(bank_house, first) == ["REFUNDED"]
        assert ask(bank_house, longer)["code"] == "REVOKED"
    # PostgreSQL knows no NUL in texts: what cannot be there is not found, and is no fault of ours.
    assert ask(bank_house, "\0" * 36)["code"] == "NOT_FOUND"
    assert ask(bank_house, longer, release="v\0")["status"] == 400


def test_who_renews_gets_every_seat_that_is_paid_and_nothing_is_taken_for_what_is_off(
    bank_house: BankHouse,
) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        page = buy(bank_house, acme)
        first = last_sale(bank_house)
        form = acme.get(page)
        more = RULES.replace("most_seats = 5", "seats = 3\nmost_seats = 5")
        more = more.replace('["reports"]', '["sso"]')
        push_files(bank_house, {".github/potluck.toml": more, "COMMERCIAL.md": "Another text.\n"})
        bank_house.settle()
        assert acme.fill_in(form, {}, "renew").status_code == 409, "it costs more by now"
        assert "From then on it opens also: <code>sso</code>" in acme.get(page).text
        renewed = acme.submit(page, {}, "renew", follow=False)
        late = acme.submit(page, {}, "renew", follow=False).headers["location"]
        bank_house.pay(renewed.headers["location"])
        bank_house.settle()
        assert last_sale(bank_house).gift.money.minor == 18_000
        assert held(bank_house, first).terms.seats == 3
        assert held(bank_house, first).terms.entitlements == ("reports", "sso")
        # Nobody was shown another text than the first.
        assert last_sale(bank_house).text_sha256 == first.text_sha256
        acme.submit(page, {}, "back")
        bank_house.settle()
        assert standing(bank_house, first) == ["REFUNDED"]
        assert acme.fill_in(form, {}, "renew").status_code == 409
        back = bank_house.pay(late).headers["location"]
        bank_house.settle()
        with bank_house.app.read() as connection:
            key = back.rsplit("/", 1)[1]
            gift = gifts.by_key(connection, key)
            assert gift is not None
            assert gifts.standing(connection, gift).state == "given_back"


def test_what_changed_since_it_was_shown_is_not_sold(bank_house: BankHouse) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        form, own = acme.get(f"{BUY}/pro"), acme.get(f"{BUY}/own")
        push_files(bank_house, {"COMMERCIAL.md": "You owe us your house.\n"})
        bank_house.settle()
        swapped = acme.fill_in(form, CHOSEN, "buy")
        assert swapped.status_code == 409
        assert "changed since you opened this page" in swapped.text
        dearer = RULES.replace("60.00", "600.00").replace('least = "10"', 'least = "9"')
        form = acme.get(f"{BUY}/pro")
        push_files(bank_house, {".github/potluck.toml": dearer})
        bank_house.settle()
        assert acme.fill_in(form, CHOSEN, "buy").status_code == 409
        assert acme.fill_in(own, CHOSEN | {"amount": "20.00"}, "buy").status_code == 409
        # Whoever corrects the name on the same form is not led to pay for the wrong one.
        form = acme.get(f"{BUY}/own")
        good = CHOSEN | {"amount": "20.00"}
        assert acme.fill_in(form, good, "buy", follow=False).status_code == 303
        other = acme.fill_in(form, good | {"licensee": "Acme GmbH"}, "buy", follow=False)
        assert other.status_code == 409
        # A form that bears the key of a gift sells nothing.
        split = Terms(product="donation", split=(("project", 1),))
        repo_id, price = bank_house.garden.repo.id, Money(2_000, "EUR")
        said = Said("d" * 32, repo_id, "", "donation", "once", price, split)
        with bank_house.app.write() as connection:
            given = gifts.say(connection, said, Giver(), bank_house.now)
        assert acme.fill_in(form, good | {"key": given.key}, "buy").status_code == 409
        with bank_house.app.read() as connection:
            assert given.id not in store.said_since(connection, given.said_at)


def test_a_hidden_project_takes_neither_file_nor_refund_from_its_buyers(
    bank_house: BankHouse,
) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        acme.sign_in(bank_house.garden.ada)
        page = buy(bank_house, acme)
        sale = last_sale(bank_house)
        bank_house.world.set_private(bank_house.garden.repo, private=True)
        bank_house.settle()
        kept = acme.get(page)
        assert kept.status_code == 200
        assert f"/you/gifts/{sale.gift.key}" in acme.get("/you/licences").text
        assert "BEGIN POTLUCK LICENCE" in acme.get(f"/you/licences/{sale.gift.key}").text
        acme.fill_in(kept, {}, "back")
        bank_house.settle()
    assert standing(bank_house, sale) == ["REFUNDED"]


def test_what_settled_in_another_currency_is_shared_too(bank_house: BankHouse) -> None:
    bank_house.bank.bank.settle_in("usd", eur=Fraction(110, 100))
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        buy(bank_house, acme)
        bank_house.advance(timedelta(days=80))
        bank_house.tick("share_income")
        bank_house.settle()
        with bank_house.app.read() as connection:
            (made,) = shares.statements(connection, bank_house.garden.repo.id)
        assert made.currency == "USD"
        assert made.record["income"] == made.record["project"] > 5_000


def test_two_renewals_that_are_paid_at_once_are_two(bank_house: BankHouse) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        page = buy(bank_house, acme)
        first = last_sale(bank_house)
        renewals = []
        for _ in range(2):
            acme.submit(page, {}, "renew", follow=False)
            renewals.append(last_sale(bank_house))
    secret, now = bank_house.settings.secret_key, bank_house.now
    with bank_house.app.write() as connection:
        for sale in renewals:
            charge = Act("paid", f"ch_{sale.gift.id}", now, sale.gift.money.minor)
            gifts.note(connection, sale.gift, charge, now)

    def settle(sale: Sale, begun: threading.Event, go_on: threading.Event) -> None:
        with bank_house.app.write() as connection:
            settling.settle(connection, sale, secret, now)
            begun.set()
            assert go_on.wait(20)

    done, go_on, begun = threading.Event(), threading.Event(), threading.Event()
    done.set()
    one = threading.Thread(target=settle, args=(renewals[0], begun, go_on))
    other = threading.Thread(target=settle, args=(renewals[1], threading.Event(), done))
    one.start()
    assert begun.wait(20)
    other.start()
    _wait_for_a_waiter(bank_house)
    go_on.set()
    one.join()
    other.join()
    assert str(held(bank_house, first).terms.expires_at) == "2029-11-20 23:59:59+00:00"


def _wait_for_a_waiter(house: BankHouse) -> None:
    """Wait until somebody waits for a lock; SQLite lets nobody else write anyway."""
    if not house.settings.database_url.startswith("postgresql"):
        return
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(2_000):
        with house.app.read() as connection:
            if connection.scalar(waits):
                return
    pytest.fail("nobody waits")
