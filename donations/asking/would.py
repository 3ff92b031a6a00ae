"""What people would give where there is no bank: said by an account, counted apart, never as money.

One for each account and request: whoever says it again changes it. When there is a bank, each is
asked once to make it real.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from core.db import insert_once
from core.money import Money
from donations.asking.tables import would_give
from donations.giving import store
from donations.giving.heard import hears
from donations.giving.rules import Act


@dataclass(frozen=True)
class Said:
    """What somebody would give for a request."""

    id: int
    repo_id: int
    about: str
    github_id: int
    money: Money
    language: str
    invited: bool


def say(
    connection: Connection,
    where: tuple[int, str],
    github_id: int,
    money: Money,
    language: str,
    now: datetime,
) -> None:
    """Write down what an account would give; `where` is (repo_id, the request's node id)."""
    keys = {"about": where[1], "github_id": github_id}
    said = {
        "repo_id": where[0],
        "minor": money.minor,
        "currency": money.currency,
        "language": language,
        "said_at": now,
        "over_at": None,
    }
    if not insert_once(connection, would_give, keys | said):
        own = would_give.c
        again = update(would_give).where(own.about == where[1], own.github_id == github_id)
        connection.execute(again.values(**said))


def end(connection: Connection, about: str, github_id: int, now: datetime) -> bool:
    """Take it back, or take it that it was made real; says whether there was something."""
    own = would_give.c
    here = update(would_give).where(own.about == about, own.github_id == github_id)
    return connection.execute(here.where(own.over_at.is_(None)).values(over_at=now)).rowcount > 0


@hears
def make_real(connection: Connection, gift_id: int, done: Act, now: datetime) -> None:
    """Count no more as what somebody would give what they promised with a card."""
    gift = store.by_name(connection, f"gift:{gift_id}") if done.deed == "saved" else None
    if gift is not None and (who := store.giver_of(connection, gift.id).github_id) is not None:
        end(connection, gift.about, who, now)


def of(connection: Connection, about: str, github_id: int) -> Said | None:
    """Give what an account would give for a request."""
    own = would_give.c
    here = select(would_give).where(own.about == about, own.github_id == github_id)
    row = connection.execute(here.where(own.over_at.is_(None))).one_or_none()
    return _said(row) if row else None


def of_person(connection: Connection, github_id: int, most: int = 100) -> tuple[Said, ...]:
    """Give all that an account would give, the newest first."""
    own = would_give.c
    mine = select(would_give).where(own.github_id == github_id, own.over_at.is_(None))
    return tuple(
        _said(row) for row in connection.execute(mine.order_by(own.id.desc()).limit(most))
    )


def sums(connection: Connection, about: str) -> tuple[tuple[Money, int], ...]:
    """Give how much people would give for a request, and how many, by currency."""
    own = would_give.c
    rows = connection.execute(
        select(own.currency, func.sum(own.minor), func.count())
        .where(own.about == about, own.over_at.is_(None))
        .group_by(own.currency)
        .order_by(own.currency)
    )
    return tuple((Money(int(minor), code), count) for code, minor, count in rows)


def uninvited(connection: Connection, most: int) -> tuple[Said, ...]:
    """Give what nobody was asked yet to make real, the oldest first."""
    own = would_give.c
    waiting = select(would_give).where(own.invited_at.is_(None), own.over_at.is_(None))
    return tuple(_said(row) for row in connection.execute(waiting.order_by(own.id).limit(most)))


def invited(connection: Connection, number: int, now: datetime) -> None:
    """Note that somebody was asked to make it real: they are asked once."""
    own = would_give.c.id == number
    connection.execute(update(would_give).where(own).values(invited_at=now))


def forget(connection: Connection, github_id: int) -> int:
    """Forget all that somebody would give; says how much."""
    mine = delete(would_give).where(would_give.c.github_id == github_id)
    return connection.execute(mine).rowcount


def _said(row: Row[Any]) -> Said:
    money = Money(row.minor, row.currency)
    invited_ = row.invited_at is not None
    return Said(row.id, row.repo_id, row.about, row.github_id, money, row.language, invited_)
