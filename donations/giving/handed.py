"""What could not go back to a giver, and is paid to them by hand: booked once, never beyond what is owed.

Money whose refund failed is owed to its giver (`refund:gift-N`), who says where to. Whoever runs
the service sends it from their own bank: so it leaves by `bank`, where what was taken from the
processor to that bank stands. Where nothing was taken, they lent it, and `bank` says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from core.errors import UserError
from core.money import Money
from donations import store as books
from donations.giving import rules, store
from donations.giving.rules import Act
from donations.giving.store import Gift
from donations.giving.tables import giver, handed
from donations.ledger import BANK, Cause, Entry, Transaction
from donations.tables import balance, book, entry, transaction

SOURCE = "operator"
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,39}", re.ASCII)
"""What may name a payment by hand: it stands in the public books."""


@dataclass(frozen=True)
class Owed:
    """What is owed to a gift's giver because it could not go back; `since` the first of it."""

    gift: Gift
    money: Money
    since: datetime


@dataclass(frozen=True)
class Handed:
    """What was paid by hand; `by` and `note` are empty once they were erased."""

    reference: str
    money: Money
    by: str
    note: str
    at: datetime


def owing(connection: Connection) -> tuple[Owed, ...]:
    """Give all that is owed to givers, the oldest gift first."""
    here = balance.c.account.startswith("refund:gift-", autoescape=True)
    names = connection.scalars(
        select(balance.c.account).where(here, balance.c.minor < 0).distinct()
    ).all()
    numbers = sorted(int(one.rpartition("-")[2]) for one in names)
    gifts = (store.by_name(connection, f"gift:{number}") for number in numbers)
    return tuple(
        Owed(one, money, _since(connection, one, money.currency))
        for one in gifts
        if one is not None
        for money in owed(connection, one)
    )


def owed(connection: Connection, of: Gift) -> tuple[Money, ...]:
    """Give what is owed to the giver of a gift in each currency."""
    there = books.balances_in(connection, _book(of), _account(of))
    return tuple(-one for one in there if one.minor < 0)


def of_gift(connection: Connection, gift_id: int) -> tuple[Handed, ...]:
    """Give what was paid to a gift's giver by hand, the oldest first."""
    rows = connection.execute(
        select(handed).where(handed.c.gift_id == gift_id).order_by(handed.c.at)
    )
    return tuple(
        Handed(row.reference, Money(row.minor, row.currency), row.by, row.note, row.at)
        for row in rows
    )


def pay(connection: Connection, of: Gift, done: Handed) -> bool:
    """Book what was paid by hand; False where this reference is booked already, for the same.

    Raises `UserError` where it is booked for something else, or where so much is not owed.
    """
    if not REFERENCE.fullmatch(done.reference):
        raise UserError(f"{done.reference!r} is no reference: letters, figures and ._/+- only.")
    store.hold(connection, of)
    books.hold(connection, _book(of))
    if (known := _known(connection, done.reference)) is not None:
        if known == (of.id, done.money):
            return False
        raise UserError(f"{done.reference} is booked already, for another payment.")
    codes = {one.currency: one for one in owed(connection, of)}
    most = codes.get(done.money.currency, Money(0, done.money.currency))
    if not 0 < done.money.minor <= most.minor:
        raise UserError(f"No more than {most.decimal} {most.currency} is owed to {of.name}.")
    values = {"reference": done.reference, "gift_id": of.id, "by": done.by, "note": done.note}
    values |= {"minor": done.money.minor, "currency": done.money.currency, "at": done.at}
    connection.execute(insert(handed).values(values))
    _note(connection, of, done, most)
    entries = (Entry(_account(of), done.money), Entry(BANK, -done.money))
    about = store.booked(connection, of).about
    cause = Cause(SOURCE, done.reference, "refund")
    books.post(connection, Transaction(_book(of), cause, done.at, entries, about), done.at)
    return True


def payments(connection: Connection, of: Gift, reference: str) -> tuple[str, ...]:
    """Give the payments of a gift of which a reference paid something back."""
    acts = store.acts(connection, of.id)
    mine = (one for one in acts if one.deed == "handed")
    return tuple(one.payment for one in mine if one.evidence == _evidence(reference, one.payment))


def forget(connection: Connection, github_id: int) -> int:
    """Erase what was noted beside payments to somebody: amounts and references stay."""
    theirs = select(giver.c.gift_id).where(giver.c.github_id == github_id)
    own = handed.c.gift_id.in_(theirs) & (handed.c.note != "")
    return connection.execute(update(handed).where(own).values(note="", by="")).rowcount


def forget_gift(connection: Connection, gift_id: int) -> None:
    """Erase what was noted beside payments for one gift."""
    own = handed.c.gift_id == gift_id
    connection.execute(update(handed).where(own).values(note="", by=""))


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each payment by hand that is not posted as it is noted."""
    posted = {
        (row.external_id, row.account, row.currency): row.minor
        for row in connection.execute(
            select(transaction.c.external_id, entry.c.account, entry.c.currency, entry.c.minor)
            .join(
                entry,
                (entry.c.book_id == transaction.c.book_id)
                & (entry.c.sequence == transaction.c.sequence),
            )
            .where(transaction.c.source == SOURCE, entry.c.account != BANK)
        )
    }
    noted = {
        (row.reference, f"refund:gift-{row.gift_id}", row.currency): row.minor
        for row in connection.execute(select(handed))
    }
    for reference, _account, _code in sorted(dict(posted.items() ^ noted.items())):
        yield f"what was paid by hand under {reference} is not what is in the books"


def _note(connection: Connection, of: Gift, done: Handed, most: Money) -> None:
    """Write down of which payments it was, in the gift's own currency.

    What nobody said and could not be sent back is in no act of the gift, nor is this part of it.
    """
    back = rules.owed_back(store.acts(connection, of.id))
    left = done.money.minor
    if most.currency != of.money.currency:
        left = sum(back.values()) * left // most.minor
    for payment, minor in back.items():
        part = min(left, minor)
        left -= part
        if part:
            act = Act("handed", _evidence(done.reference, payment), done.at, part, payment)
            store.note(connection, of, act, done.at)


def _evidence(reference: str, payment: str) -> str:
    return f"hand:{reference}:{payment}"[:120]


def _known(connection: Connection, reference: str) -> tuple[int, Money] | None:
    row = connection.execute(select(handed).where(handed.c.reference == reference)).one_or_none()
    return (row.gift_id, Money(row.minor, row.currency)) if row else None


def _since(connection: Connection, of: Gift, code: str) -> datetime:
    """Say when what is owed began to be: after the last time that nothing was."""
    rows = connection.execute(
        select(entry.c.minor, entry.c.happened_at)
        .join(book, book.c.id == entry.c.book_id)
        .where(book.c.name == _book(of), entry.c.account == _account(of))
        .where(entry.c.currency == code)
        .order_by(entry.c.sequence)
    )
    total, since = 0, of.said_at
    for row in rows:
        since = row.happened_at if total >= 0 else since
        total += row.minor
    return since


def _book(of: Gift) -> str:
    return f"project:{of.repo_id}"


def _account(of: Gift) -> str:
    return f"refund:gift-{of.id}"
