"""Rewards and shares in the database: what is owed to people, written once and followed by acts.

    made = store.owe(connection, Owing(...), now)

is how any part of the service pays people: it posts, once for each cause, from an account of a
book to `owed:person-NUMBER`, and whoever can be paid is paid by transfer from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from core.db import insert_once
from core.money import Money
from donations import calls
from donations import store as books
from donations.ledger import Cause, Entry, Kind, Mark, Transaction
from donations.payouts import shares
from donations.payouts.rules import Act, Lapse
from donations.payouts.shares import Payment, Reward, reward_of
from donations.payouts.tables import debt, payee, reward, share, share_act, share_wait
from donations.tables import balance, book

SOURCE = "payouts"


@dataclass(frozen=True)
class Owing:
    """What becomes owed to people: out of `account` of `book`, by `shares` (account number, money).

    `cause` names why, once for ever; `rest` goes to other accounts in the same posting. `owed_days`
    and `lapse` say until when it waits for somebody who cannot be paid, and where it goes then. It is
    shared by `weights` (account number, weight), as `version` of the split said.
    """

    cause: str
    book: str
    account: str
    shares: tuple[tuple[int, Money], ...]
    rest: tuple[tuple[str, Money], ...] = ()
    about: str = ""
    kind: Kind = "award"
    marks: tuple[Mark, ...] = ()
    owed_days: int = 180
    lapse: Lapse = "project"
    payments: tuple[Payment, ...] = ()
    weights: tuple[tuple[int, int], ...] = ()
    version: int = 0


def account_of(github_id: int) -> str:
    """Name the account of what is owed to a person."""
    return f"owed:person-{github_id}"


def owe(connection: Connection, of: Owing, now: datetime) -> Reward | None:
    """Let money become owed to people; None where nobody gets anything. Once for each cause."""
    money = [part for _who, part in (*of.shares, *of.rest) if part]
    if not money:
        return None
    values = {
        "cause": of.cause,
        "book": of.book,
        "about": of.about,
        "currency": money[0].currency,
        "owed_days": of.owed_days,
        "lapse": of.lapse,
        "payments": [list(one) for one in of.payments],
        "weights": [list(one) for one in of.weights],
        "version": of.version,
        "made_at": now,
    }
    is_new = insert_once(connection, reward, values)
    row = connection.execute(select(reward).where(reward.c.cause == of.cause)).one()
    made = reward_of(row)
    if not is_new:
        return made
    taken = sum(money[1:], money[0])
    entries = [Entry(of.account, taken)]
    entries += [Entry(account_of(who), -part) for who, part in of.shares if part]
    entries += [Entry(account, -part) for account, part in of.rest if part]
    post(connection, made, of.cause, of.kind, entries, now, of.marks)
    for who, part in of.shares:
        if part:
            know(connection, who)
            number = _add(connection, made, who, part, now)
            _net(connection, made, number, who, now)
    return made


def post(
    connection: Connection,
    of: Reward,
    name: str,
    kind: Kind,
    entries: Sequence[Entry],
    now: datetime,
    marks: tuple[Mark, ...] = (),
) -> bool:
    """Post what happens to a reward into its book; False where that was done."""
    cause = Cause(SOURCE, name[:120], kind)
    wanted = Transaction(of.book, cause, now, tuple(entries), of.about, marks)
    return books.post(connection, wanted, now).outcome == "posted"


def _add(connection: Connection, of: Reward, who: int, part: Money, now: datetime) -> int:
    fresh = {"reward_id": of.id, "github_id": who, "minor": part.minor}
    (number,) = connection.execute(insert(share).values(**fresh)).inserted_primary_key or (0,)
    connection.execute(insert(share_wait).values(share_id=number, live=True, due_at=now))
    return int(number)


def _net(connection: Connection, of: Reward, number: int, who: int, now: datetime) -> None:
    """Let a new share make good what the person's earlier ones of the same book still owe."""
    _make_good(connection, of, number, debts(connection, who, of.book, of.currency), now)


def net_own(connection: Connection, of: Reward, number: int, now: datetime) -> None:
    """Let a share that is owed once more make good what was lent for it while its person had it."""
    own = select(debt).where(debt.c.share_id == number).order_by(debt.c.id)
    _make_good(connection, of, number, connection.execute(own).all(), now)


def _make_good(
    connection: Connection, of: Reward, number: int, lent: Sequence[Row[Any]], now: datetime
) -> None:
    for row in lent:
        if _is_being_taken(connection, row.id):
            continue
        (own,) = shares.shares(connection, (number,))
        part = min(own.standing.left, outstanding(connection, row.id, row.minor))
        if part <= 0:
            continue
        money = Money(part, of.currency)
        entries = [Entry(account_of(own.github_id), money), Entry(row.bearer, -money)]
        name = f"net:{number}:{row.id}"
        post(connection, of, name, "clawback", entries, now)
        shares.note(connection, number, Act("netted", name, now, part, f"debt:{row.id}"), now)


def _is_being_taken(connection: Connection, debt_id: int) -> bool:
    """Say whether a debt may still be taken from their account: nobody makes it good twice."""
    name = f"debt:{debt_id}"
    asked = calls.asked_about(connection, name, "take:")
    if all(one.state == "failed" for one in asked):
        return False
    here = (share_act.c.concerns == name) & (share_act.c.deed == "taken")
    return connection.scalar(select(share_act.c.id).where(here).limit(1)) is None


def debts(connection: Connection, who: int, book_name: str, currency: str) -> Sequence[Row[Any]]:
    """Give what somebody's later shares of a book are to make good, the oldest first."""
    here = (debt.c.github_id == who) & (debt.c.book == book_name) & (debt.c.currency == currency)
    return connection.execute(select(debt).where(here).order_by(debt.c.id)).all()


def outstanding(connection: Connection, debt_id: int, minor: int) -> int:
    """Say how much of a debt is not made good yet."""
    made = select(func.coalesce(func.sum(share_act.c.minor), 0)).where(
        share_act.c.concerns == f"debt:{debt_id}", share_act.c.deed.in_(("netted", "taken"))
    )
    return minor - int(connection.scalar(made) or 0)


def posted_at(connection: Connection, name: str, kind: Kind) -> datetime | None:
    """Say when something was posted under this name; None where it was not."""
    found = books.stored(connection, Cause(SOURCE, name[:120], kind))
    return found.transaction.happened_at if found else None


def know(connection: Connection, github_id: int) -> None:
    """Let there be a row for somebody to whom money is owed."""
    nobody: dict[str, object] = {"stripe_id": "", "country": "", "payable": False}
    fresh = nobody | {"told": False, "consents": False, "tries": 0}
    insert_once(connection, payee, {"github_id": github_id} | fresh)


def hold(connection: Connection, github_id: int) -> Row[Any]:
    """Let nobody else decide about somebody's money until the transaction ends; gives their row."""
    know(connection, github_id)
    here = select(payee).where(payee.c.github_id == github_id).with_for_update()
    return connection.execute(here).one()


def owed_in(connection: Connection, book_name: str, account: str, currency: str) -> Money:
    """Give what one book owes to an account in a currency."""
    found = connection.scalar(
        select(balance.c.minor)
        .join(book, book.c.id == balance.c.book_id)
        .where(book.c.name == book_name, balance.c.account == account)
        .where(balance.c.currency == currency)
    )
    return Money(-int(found or 0), currency)


def due(connection: Connection, now: datetime, most: int) -> tuple[tuple[int, int], ...]:
    """Give (share, person) of what is to be looked at, the longest waiting first."""
    waiting = (
        select(share.c.id, share.c.github_id)
        .join(share_wait, share_wait.c.share_id == share.c.id)
        .where(share_wait.c.live, share_wait.c.due_at <= now)
    )
    rows = connection.execute(waiting.order_by(share_wait.c.due_at, share.c.id).limit(most))
    return tuple((row.id, row.github_id) for row in rows)


def wait_for(connection: Connection, share_id: int, due_at: datetime | None) -> None:
    """Say when to look at a share next; None where nothing is left to do."""
    values = {"live": due_at is not None} | ({"due_at": due_at} if due_at else {})
    connection.execute(
        update(share_wait).where(share_wait.c.share_id == share_id).values(**values)
    )
