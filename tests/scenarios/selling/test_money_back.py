"""Money that goes back takes the licence, a part does not, and an invoice stays beside its credit notes."""

import io
from dataclasses import replace

import pypdf
from sqlalchemy import text

from bot.sandbox.stripe import troubles
from core.money import Money
from donations.receipts import notes, proof
from donations.receipts import store as receipts
from tests.bank import BankHouse
from tests.scenarios.giving.test_receipts import BODY, ZOE
from tests.scenarios.intents.calling import DAY
from tests.scenarios.pledges.promising import pass_time
from tests.scenarios.selling import buy, last_sale, licence, open_shop
from tests.scenarios.selling.test_buying import newest, revoked_for
from tests.scenarios.selling.test_proof import undone, unguarded
from tests.visitor import Visitor

ALTERED = (
    ("receipt", "UPDATE receipt SET number = 9 WHERE kind = 'credit_note' AND number = 2"),
    ("receipt", "UPDATE receipt SET minor = minor + 1 WHERE kind = 'credit_note'"),
    ("receipt_paper", "UPDATE receipt_paper SET record = replace(record, 'Dupont', 'Durand')"),
    ("receipt_paper", "UPDATE receipt_paper SET pdf_sha256 = 'x' WHERE pdf IS NOT NULL"),
)


def test_a_dispute_takes_the_licence_and_winning_it_gives_it_again(
    bank_house: BankHouse,
) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as acme:
        page = buy(bank_house, acme)
    held = licence(bank_house, last_sale(bank_house))
    assert held is not None
    bank = bank_house.bank.bank
    dispute = troubles.disputed(bank, newest(bank_house))
    bank_house.settle()
    assert revoked_for(bank_house, held.id) == ["DISPUTED"]
    troubles.dispute_ends(bank, dispute, won=True)
    bank_house.settle()
    assert revoked_for(bank_house, held.id) == []
    # A part that goes back is no reason where the project says so.
    troubles.refunded(bank, newest(bank_house), 1_000, {})
    bank_house.settle()
    assert revoked_for(bank_house, held.id) == []
    what_goes_back_is_credited_and_the_invoice_stays(bank_house, page)
    assert set(revoked_for(bank_house, held.id)) == {"REFUNDED"}


def what_goes_back_is_credited_and_the_invoice_stays(house: BankHouse, page: str) -> None:
    of = replace(BODY, vat="FR12732829320")
    with house.app.write() as connection:
        receipts.record_issuer(connection, house.garden.repo.id, of, house.now)
    with Visitor(house) as acme:
        # A part went back before anybody asked for the invoice: it is credited once all is quiet.
        lacking = acme.submit(page, ZOE | {"city": ""}, "receipt-invoice")
        assert (lacking.status_code, "?" in str(lacking.url)) == (422, False)
        assert 'value="Dupont"' in lacking.text, "nobody writes again what they wrote"
        assert 'aria-invalid="true" aria-describedby="invoice-city-error"' in lacking.text
        acme.fill_in(lacking, {"city": "Paris"}, "receipt-invoice")
        assert [one.kind for one in papers(house)] == ["invoice"]
        pass_time(house, DAY)
        shown = acme.get(page)
        first, note = papers(house)
        assert (first.name, note.name) == ("I-2026-000001", "C-2026-000001")
        assert "C-2026-000001" in shown.text
        assert "€10.00" in shown.text
        paper = acme.get(f"{page}/receipt/{first.id}.pdf").content
        troubles.refunded(house.bank.bank, newest(house), 5_000, {})
        house.settle()
        pass_time(house, DAY)
        invoice, *notes = papers(house)
        assert [one.name for one in notes] == ["C-2026-000001", "C-2026-000002"]
        assert (invoice, {one.credits for one in notes}) == (first, {first.id})
        assert acme.get(f"{page}/receipt/{first.id}.pdf").content == paper
        said = pypdf.PdfReader(io.BytesIO(acme.get(f"{page}/receipt/{note.id}.pdf").content))
    for words in ("Facture d’avoir", "I-2026-000001", "8,33", "20 % · 1,67", "FR12732829320"):
        assert words in said.pages[0].extract_text().replace("\xa0", " ")
    for table, change in ALTERED:
        with undone(house) as connection:
            unguarded(connection, table)
            assert not list(proof.problems(connection))
            connection.execute(text(change))
            assert list(proof.problems(connection)), change
    what_was_credited_too_much_is_cancelled_by_a_record(house, invoice, notes)
    with house.app.read() as connection:
        found = receipts.totals(connection, "W691234567", 2026)
    assert found == {("invoice", "EUR"): (1, 6_000), ("credit_note", "EUR"): (2, 6_000)}


def what_was_credited_too_much_is_cancelled_by_a_record(
    house: BankHouse, invoice: receipts.Receipt, had: list[receipts.Receipt]
) -> None:
    """The first refund had failed, and the second gave a part of it back: nobody knew for long."""
    back = [(had[0].payment, Money(1_000, "EUR")), (had[1].payment, Money(4_000, "EUR"))]
    with undone(house) as connection:
        made = notes.credit_back(connection, invoice, back, house.now)
        assert [(one.kind, one.money.minor) for one in made] == [
            ("cancellation", 5_000),
            ("credit_note", 4_000),
        ]
        assert notes.credit_back(connection, invoice, back, house.now) == ()
        assert not list(proof.problems(connection))
        found = receipts.totals(connection, "W691234567", 2026)
        assert found["credit_note", "EUR"] == (2, 5_000)
        taxes = [receipts.facts_of(connection, one) for one in (had[0], made[1])]
        assert sum(one.item.tax for one in taxes if one and one.item) == 833


def papers(house: BankHouse) -> tuple[receipts.Receipt, ...]:
    with house.app.read() as connection:
        return receipts.of_gift(connection, last_sale(house).gift.id)
