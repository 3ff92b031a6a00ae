"""What goes back of an invoice is credited to the cent, tax and all, in however many parts."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from donations.giving.rules import Act, owed_back, standing, went_back
from donations.receipts import credit
from donations.receipts.credit import Standing
from donations.receipts.fields import Facts, Issuer, Item

DAY = date(2026, 11, 22)
BODY = Issuer("The Garden association", "1 rue des Lilas", "FR", "732829320", vat="FR12732829320")


@given(st.integers(1, 10**7), st.integers(0, 50), st.lists(st.integers(1, 10**6), max_size=8))
def test_all_credit_notes_come_to_the_invoice_and_its_tax_at_most(
    minor: int, percent: int, parts: list[int]
) -> None:
    tax = minor * percent // (100 + percent)
    whole, item = Money(minor, "EUR"), Item("Pro", tax=tax, percent=str(percent))
    invoice = Facts("invoice", whole, DAY, "card", BODY, item=item)
    credited, taxes = Money(0, "EUR"), 0
    gone = [(f"re_{place}", Money(part, "EUR")) for place, part in enumerate([*parts, minor])]
    for evidence, part in credit.parts(whole, gone).items():
        before = Standing(credited, taxes)
        note = credit.note(invoice, "I-2026-000001", before, part, DAY)
        assert note.item
        assert 0 <= note.item.tax <= note.money.minor <= dict(gone)[evidence].minor
        assert (note.kind, note.cancels, note.donor) == (
            "credit_note",
            "I-2026-000001",
            invoice.donor,
        )
        credited += note.money
        taxes += note.item.tax
    assert (credited, taxes) == (whole, tax)


def test_a_refund_that_failed_and_was_made_again_is_credited_once() -> None:
    paid = datetime(2026, 11, 22, tzinfo=UTC)
    days = [paid + timedelta(days=day) for day in range(4)]
    acts = [
        Act("paid", "ch", paid, 9_000),
        Act("refunded", "re_1", days[1], 3_000, "ch"),
        Act("refund_failed", "re_1", days[2], 3_000, "ch"),
        Act("refunded", "re_2", days[3], 4_000, "ch"),
        Act("disputed", "du", days[3], 500, "ch"),
        Act("refunded", "re_3", days[3], 500, "another"),
    ]
    found = {one.evidence: one.minor for one in went_back(acts, "ch")}
    assert found == {"re_1": 3_000, "re_2": 1_000}
    # What is still owed is owed: the second gave back a part of it, and credits nothing.
    less = [*acts[:3], Act("refunded", "re_2", days[3], 1_000, "ch")]
    assert [one.minor for one in went_back(less, "ch")] == [3_000, 0]
    # What was sent by hand is owed no more, and went back with the refund that failed.
    sent = Act("handed", "hand:B-17:ch", days[2] + timedelta(hours=1), 1_200, "ch")
    assert [owed_back(some) for some in (acts[:3], [*acts[:3], sent], [*less, sent], acts)] == [
        {"ch": 3_000},
        {"ch": 1_800},
        {"ch": 800},
        {},
    ]
    assert [one.minor for one in went_back([*less, sent], "ch")] == [3_000, 0]
    assert (standing(acts[:3]).kept, standing([*acts[:3], sent]).kept) == (9_000, 7_800)
    lost = [*acts, Act("dispute_lost", "du", days[3], 500, "ch")]
    assert sum(one.minor for one in went_back(reversed(lost), "ch")) == 4_500
