"""Credit notes on an invoice, brought to what went back of it: one that says too much is cancelled."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core.money import Money
from donations.receipts import credit, store
from donations.receipts.credit import Standing
from donations.receipts.store import About, Receipt

AGAIN = ":after:"
"""Stands between what went back and the note whose place another one takes."""


def credit_back(
    connection: Connection, of: Receipt, gone: Sequence[tuple[str, Money]], now: datetime
) -> tuple[Receipt, ...]:
    """Bring the credit notes on an invoice to what went back of it; gives the papers that are new.

    `gone` is (evidence, money) in the order in which it happened. The invoice stays as it is, and
    so does each note that is right. One that turned out to be wrong is cancelled by a record with
    a number of its own, and another takes its place.
    """
    wanted = credit.parts(of.money, gone)
    made: list[Receipt] = []
    standing, last = _standing(connection, of)
    for evidence, one in list(standing.items()):
        if wanted.get(evidence) != one.money:
            made.append(store.cancel(connection, one, now))
            del standing[evidence]
    for evidence, money in wanted.items():
        if evidence not in standing:
            about = f"{evidence}{AGAIN}{last[evidence].id}" if evidence in last else evidence
            standing[evidence] = _note(connection, of, standing.values(), money, about, now)
            made.append(standing[evidence])
    return tuple(made)


def _standing(
    connection: Connection, of: Receipt
) -> tuple[dict[str, Receipt], dict[str, Receipt]]:
    """Give the notes that stand, and the last of all that there were, by what went back."""
    issued = store.of_gift(connection, of.gift_id)
    gone = {one.cancels for one in issued}
    last = {one.payment.partition(AGAIN)[0]: one for one in issued if one.credits == of.id}
    return {name: one for name, one in last.items() if one.id not in gone}, last


def _note(
    connection: Connection,
    of: Receipt,
    standing: Iterable[Receipt],
    money: Money,
    about: str,
    now: datetime,
) -> Receipt:
    before = Standing(Money(0, money.currency))
    for one in standing:
        facts = store.facts_of(connection, one)
        tax = facts.item.tax if facts and facts.item else 0
        before = Standing(before.money + one.money, before.tax + tax)
    invoice = store.whole(connection, of, now)
    facts = credit.note(invoice, of.name, before, money, now.date())
    where = About(of.registration, now.year, of.gift_id, about, credits=of.id)
    return store.write(connection, facts, where, now)
