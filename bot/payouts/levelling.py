"""A pot of all who build, or a project, that fell below nothing: own money first, then what comes next.

What somebody gave for all who build may go back after it was shared. Those who got it keep it: the
project's reserve makes it good, and where that is too little the house lends the rest, and has it
back from whatever is given for the builders next. So it is for the project's own money, which may
have made a loss good before its giver had it back. What is lent stands in the books, nowhere else.
"""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.awards.clawing import QUIET
from core.money import Money
from donations import store as books
from donations.giving.tables import act, gift
from donations.ledger import Cause, Entry, Transaction, recovered
from donations.payouts import store
from donations.payouts.store import SOURCE
from donations.tables import balance, book, entry, transaction

LENDER = "loss:refunds"


def projects(connection: Connection, now: datetime) -> None:
    """Bring every project's own account that is below nothing back to it, and have back what was lent."""
    lent = balance.alias()
    mine = (lent.c.book_id == balance.c.book_id) & (lent.c.currency == balance.c.currency)
    rows = connection.execute(
        select(book.c.name, balance.c.currency)
        .join(book, book.c.id == balance.c.book_id)
        .outerjoin(lent, mine & (lent.c.account == LENDER))
        .where(balance.c.account == book.c.name, book.c.name.startswith("project:"))
        .where((balance.c.minor > 0) | ((balance.c.minor < 0) & (lent.c.minor > 0)))
        .order_by(book.c.id, balance.c.currency)
    )
    for name, code in rows.all():
        level(connection, name, name, code, now)


def level(connection: Connection, name: str, account: str, code: str, now: datetime) -> Money:
    """Bring an account back to nothing, or have back what was lent to it; gives what is there."""
    books.hold(connection, name)
    money = store.owed_in(connection, name, account, code)
    times, lent = _lent(connection, name, account, money.currency)
    if money.minor < 0 and _is_quiet(connection, name, now):
        own = store.owed_in(connection, name, name, money.currency)
        borne = recovered(-money, [(name, own)], LENDER)
    elif money.minor > 0 and lent > 0:
        borne = ((LENDER, -Money(min(lent, money.minor), money.currency)),)
    else:
        return money
    total = sum((part for _account, part in borne), Money(0, money.currency))
    entries = (*(Entry(one, part) for one, part in borne), Entry(account, -total))
    cause = Cause(SOURCE, _cause(account, money.currency, times + 1), "clawback")
    books.post(connection, Transaction(name, cause, now, entries), now)
    return money + total


def _cause(account: str, code: str, number: int) -> str:
    return f"pot:{account}:{code}:{number}"


def _lent(connection: Connection, name: str, account: str, code: str) -> tuple[int, int]:
    """Say how often a pot was levelled, and what the house has not had back of it."""
    there = (transaction.c.book_id == entry.c.book_id) & (
        transaction.c.sequence == entry.c.sequence
    )
    rows = connection.execute(
        select(transaction.c.external_id, entry.c.account, entry.c.minor)
        .join(entry, there)
        .join(book, book.c.id == transaction.c.book_id)
        .where(book.c.name == name, transaction.c.source == SOURCE)
        .where(transaction.c.kind == "clawback")
        .where(
            transaction.c.external_id.startswith(f"pot:{account}:{code}:", autoescape=True),
        )
    ).all()
    lent = sum(row.minor for row in rows if row.account == LENDER)
    return len({row.external_id for row in rows}), int(lent)


def _is_quiet(connection: Connection, name: str, now: datetime) -> bool:
    """Say whether no payment to a project is disputed, and none went back or came home for a day.

    What else is heard of gifts, payments among it, is heard every day where many give.
    """
    of = gift.c.repo_id == int(name.partition(":")[2])
    told = select(act.c.deed, act.c.evidence).join(gift, gift.c.id == act.c.gift_id).where(of)
    ended = {"dispute_won", "dispute_lost"}
    rows = connection.execute(told.where(act.c.deed.in_(("disputed", *ended)))).all()
    over = {row.evidence for row in rows if row.deed in ended}
    if any(row.evidence not in over for row in rows):
        return False
    last = select(func.max(act.c.recorded_at)).join(gift, gift.c.id == act.c.gift_id).where(of)
    back = act.c.deed.in_(("refunded", "refund_failed", "disputed", *ended))
    heard: datetime | None = connection.scalar(last.where(back))
    return heard is None or now >= heard + QUIET
