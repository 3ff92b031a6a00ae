"""Receipts: numbered without gaps, the same bytes for ever, only for gifts that stayed, by who may issue."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest

from bot.sandbox.stripe import troubles
from bot.sandbox.stripe.bank import Json
from core.money import Money
from donations.receipts import fields, store
from donations.receipts.fields import Donor, Facts, Issuer
from tests.bank import BankHouse
from tests.scenarios.giving.test_fund_page import FUND, last, switch_on
from tests.visitor import Visitor

BODY = Issuer(
    name="Les Jardins libres",
    address="1 rue des Lilas, 69001 Lyon",
    country="FR",
    registration="W691234567",
    basis="Rescrit du 3 mai 2025",
    object="Le jardinage libre",
    quality="Association d’intérêt général",
    signatory="M. Lindqvist",
    signatory_quality="présidente",
)
ZOE = {
    "first_name": "Zoé",
    "name": "Dupont",
    "address": "2 rue X",
    "postcode": "69002",
    "city": "Lyon",
    "country": "France",
}
FACTS = Facts("fr_individual", Money(5000, "EUR"), date(2026, 11, 22), "card", BODY, Donor(**ZOE))


@pytest.mark.parametrize("name", fields._OF_ISSUER["fr_individual"])
def test_a_french_receipt_lacks_nothing_of_the_body(name: str) -> None:
    assert not fields.missing(FACTS)
    assert fields.missing(replace(FACTS, issuer=replace(BODY, **{name: ""}))) == (
        f"issuer.{name}",
    )


@pytest.mark.parametrize("name", fields.asked("fr_individual"))
def test_a_french_receipt_lacks_nothing_of_the_donor(name: str) -> None:
    assert fields.missing(replace(FACTS, donor=replace(FACTS.donor, **{name: ""}))) == (
        f"donor.{name}",
    )


def test_each_country_wants_its_own() -> None:
    company = Donor(
        company="Potager SAS",
        form="SAS",
        siren="732 829 320",
        address="3 rue Y",
        postcode="69003",
        city="Lyon",
        country="France",
    )
    of = replace(FACTS, kind="fr_company", donor=company)
    assert not fields.missing(of)
    wrong = replace(of, donor=replace(company, siren="732829321"))
    assert fields.missing(wrong) == ("donor.siren",)
    assert "money.currency" in fields.missing(replace(FACTS, money=Money(5000, "USD")))
    assert "issuer.country" in fields.missing(replace(FACTS, kind="us_gift"))
    charity = Issuer("Garden Trust", "1 High Street", "GB", "XR1234", "HMRC letter")
    donor = Donor("Doe", "Jo", "2 High Street", "AB1 2CD")
    gift_aid = Facts("uk_gift_aid", Money(500, "GBP"), date(2026, 1, 2), "card", charity, donor)
    assert fields.missing(gift_aid) == ("donor.taxpayer",)
    assert fields.offered(replace(BODY, basis=""), Money(100, "EUR")) == ("payment",)
    assert fields.offered(None, Money(100, "EUR")) == ()


def paid(house: BankHouse, visitor: Visitor, amount: str = "20.00") -> str:
    url = visitor.submit(FUND, {"amount": amount}, "give", follow=False).headers["location"]
    page = str(house.pay(url).headers["location"])
    house.settle()
    return page


def test_a_donor_gets_a_receipt_that_never_changes_and_is_cancelled_by_another(
    bank_house: BankHouse,
) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as zoe:
        page = paid(bank_house, zoe)
        assert 'id="receipts"' not in zoe.get(page).text, "nobody issues receipts yet"
        with bank_house.app.write() as connection:
            store.record_issuer(connection, bank_house.garden.repo.id, BODY, bank_house.now)
        lacking = zoe.submit(page, ZOE | {"address": ""}, "receipt-fr_individual")
        assert (lacking.status_code, "is missing, or not right" in lacking.text) == (422, True)
        assert 'value="Dupont"' in lacking.text, "nobody writes again what they wrote"
        assert "Write the street and the number." in lacking.text
        assert 'aria-describedby="fr_individual-address-error"' in lacking.text
        in_han = zoe.submit(page, ZOE | {"name": "山田"}, "receipt-fr_individual")
        assert (in_han.status_code, "letters that the paper can show" in in_han.text) == (
            422,
            True,
        )
        done = zoe.submit(page, ZOE | {"company": "Potager SAS"}, "receipt-fr_individual")
        assert "FR-2026-000001" in done.text
        (of,) = issued(bank_house)
        paper = page.replace("http://127.0.0.1:8000", "") + f"/receipt/{of.id}.pdf"
        first = zoe.get(paper).content
        is_whole(first)
        assert "Potager" not in text_of(first), "nobody asked a person for a company"
        with bank_house.app.write() as connection:
            other = replace(BODY, name="Another name")
            store.record_issuer(connection, bank_house.garden.repo.id, other, bank_house.now)
        assert zoe.get(paper).content == first
        charge = next(bank_house.bank.bank.all("charge"))
        troubles.refunded(bank_house.bank.bank, charge, 100, {})
        bank_house.settle()
        assert "X-2026-000001" in zoe.get(page).text
        assert zoe.get(paper).content == first
        assert totals(bank_house) == {}
        for_what_is_left(bank_house, zoe, page, charge)
        assert zoe.get(paper).content == first


def for_what_is_left(house: BankHouse, zoe: Visitor, page: str, charge: Json) -> None:
    """Have another receipt where a part of the payment went back, until nothing is left of it."""
    offered = zoe.get(page)
    assert "€19.00 is left of this payment" in offered.text
    assert "It takes the place of FR-2026-000001" in offered.text
    assert 'value="2 rue X"' in offered.text, "what the donor told before need not be told again"
    done = zoe.fill_in(offered, ZOE, "receipt-fr_individual")
    assert "FR-2026-000002" in done.text
    assert zoe.fill_in(offered, ZOE, "receipt-fr_individual").status_code == 409, "and only once"
    assert totals(house) == {("fr_individual", "EUR"): (1, 1_900)}
    of = issued(house)[-1]
    said = text_of(zoe.get(f"{page}/receipt/{of.id}.pdf").content)
    assert "*** 19,00" in said
    assert "remplace le reçu FR-2026-000001, qui est annulé" in said
    house.tick("reconcile_stripe")
    house.settle()
    assert totals(house) == {("fr_individual", "EUR"): (1, 1_900)}, "heard once more"
    troubles.refunded(house.bank.bank, charge, 1_900, {})
    house.settle()
    assert "X-2026-000002" in zoe.get(page).text
    gone = text_of(zoe.get(f"{page}/receipt/{issued(house)[-1].id}.pdf").content)
    assert ("FR-2026-000002" in gone, "remplace" in gone) == (True, False)
    assert "receipt-fr_individual" not in zoe.get(page).text
    assert totals(house) == {}


def text_of(pdf: bytes) -> str:
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    return " ".join(text.replace("\xa0", " ").split())


def totals(house: BankHouse) -> dict[tuple[str, str], Any]:
    with house.app.read() as connection:
        return store.totals(connection, BODY.registration, 2026)


SECTION_5 = (
    *("FR-2026-000001", "Les Jardins libres", "W691234567", "1 rue des Lilas, 69001 Lyon"),
    *("Le jardinage libre", "Association d’intérêt général", "Zoé Dupont"),
    *("2 rue X, 69002 Lyon, France", "*** 20,00", "Date du versement", "11580*05"),
    *(
        "Article 200 du code",
        "Forme du don",
        "Numéraire",
        "Mode de versement",
        "prélèvement, carte",
    ),
    *("Date d’émission", "M. Lindqvist, présidente", "sans contrepartie"),
)
"""What the French form wants of a receipt for a person, number by number."""


def is_whole(pdf: bytes) -> None:
    """Open a French receipt: nothing is missing on it, and it says what kind of PDF it is."""
    paper = pypdf.PdfReader(io.BytesIO(pdf))
    text = paper.pages[0].extract_text().replace("\xa0", " ")
    assert [said for said in SECTION_5 if said not in text] == []
    stated = paper.root_object["/Metadata"].get_object().get_data().decode()
    flags = ("<pdfaid:part>2", "<pdfaid:conformance>A", "<pdfuaid:part>1")
    assert [one for one in flags if one not in stated] == []
    assert paper.root_object["/Lang"] == "fr"
    assert paper.root_object["/MarkInfo"]["/Marked"]


def issued(house: BankHouse) -> tuple[store.Receipt, ...]:
    with house.app.read() as connection:
        return store.of_gift(connection, last(house).id)


def test_numbers_have_no_gaps_and_years_add_up(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as zoe:
        paid(bank_house, zoe)
    gift, now = last(bank_house), datetime(2027, 1, 2, tzinfo=UTC)
    with bank_house.app.write() as connection:
        made = [
            store.issue(connection, FACTS, gift.id, f"ch_{number}", now) for number in range(3)
        ]
        assert store.issue(connection, FACTS, gift.id, "ch_1", now) == made[1]
    lacking = replace(FACTS, donor=Donor())
    with bank_house.app.write() as connection, pytest.raises(store.Incomplete):
        store.issue(connection, lacking, gift.id, "ch_9", now)
    with bank_house.app.write() as connection:
        made.append(store.issue(connection, FACTS, gift.id, "ch_4", now))
        gone = store.cancel(connection, made[0], now)
        assert store.cancel(connection, made[0], now) == gone
        found = store.totals(connection, "W691234567", 2026)
    assert [one.name for one in made] == [f"FR-2026-00000{number}" for number in (1, 2, 3, 4)]
    assert gone.name == "X-2027-000001"
    assert found == {("fr_individual", "EUR"): (3, 15_000)}


def test_each_payment_has_its_own_receipts_and_one_that_goes_back_has_none(
    bank_house: BankHouse,
) -> None:
    switch_on(bank_house)
    bank = bank_house.bank.bank
    with Visitor(bank_house) as zoe:
        fields = {"amount": "20.00", "rhythm": "month"}
        url = zoe.submit(FUND, fields, "give", follow=False).headers["location"]
        page = str(bank_house.pay(url).headers["location"])
        bank_house.settle()
        bank_house.advance(timedelta(days=31))
        bank_house.settle()
        with bank_house.app.write() as connection:
            store.record_issuer(connection, bank_house.garden.repo.id, BODY, bank_house.now)
        newest, oldest = bank.all("charge")
        zoe.submit(page, {}, "receipt-payment-2")
        zoe.submit(page, {}, "receipt-payment")
        assert kinds(bank_house) == ["payment", "payment"]
        disputed = troubles.disputed(bank, oldest)
        bank_house.settle()
        assert kinds(bank_house) == ["payment", "payment"], "it may be won"
        assert "receipt-fr_individual-2" not in zoe.get(page).text
        fine = zoe.submit(page, ZOE, "receipt-fr_individual")
        assert "FR-2026-000001" in fine.text, "another month is not disputed"
        troubles.dispute_ends(bank, disputed, won=True)
        bank_house.settle()
        assert kinds(bank_house) == ["payment", "payment", "fr_individual"]
        assert "receipt-fr_individual-2" in zoe.get(page).text, "what was won was given"
        zoe.submit(page, form="back")
        bank_house.settle()
    assert kinds(bank_house).count("cancellation") == 2
    last_ones = [one for one in issued(bank_house) if one.kind == "cancellation"]
    gone = {one.id: one.payment for one in issued(bank_house)}
    assert {gone[one.cancels or 0] for one in last_ones} == {newest["id"]}


def kinds(house: BankHouse) -> list[str]:
    return [one.kind for one in issued(house)]


def test_a_receipt_is_refused_while_the_money_goes_back(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with bank_house.app.write() as connection:
        store.record_issuer(connection, bank_house.garden.repo.id, BODY, bank_house.now)
    with Visitor(bank_house) as zoe:
        page = paid(bank_house, zoe)
        offered = zoe.get(page)
        zoe.submit(page, form="back")
        assert zoe.fill_in(offered, ZOE, "receipt-fr_individual").status_code == 409
    assert issued(bank_house) == ()


def test_two_who_ask_for_one_receipt_at_once_get_the_same(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with bank_house.app.write() as connection:
        store.record_issuer(connection, bank_house.garden.repo.id, BODY, bank_house.now)
    with ExitStack() as stack:
        zoe = stack.enter_context(Visitor(bank_house))
        page = paid(bank_house, zoe)
        pages = [(zoe, zoe.get(page))]
        for _more in range(3):
            other = stack.enter_context(Visitor(bank_house))
            pages.append((other, other.get(page)))
        threads = stack.enter_context(ThreadPoolExecutor(4))
        asked = [
            threads.submit(one.fill_in, seen, ZOE, "receipt-fr_individual", follow=False)
            for one, seen in pages
        ]
        assert {one.result().status_code for one in asked} <= {303, 409}
    assert [one.number for one in issued(bank_house)] == [1]
