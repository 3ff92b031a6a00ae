"""Gifts in currencies that are given up, and those that go on in their place, in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Column, Connection, ForeignKey, Index, String, Table, delete, select

from core.db import UtcDateTime, insert_once, metadata
from donations.giving import store
from donations.giving.retiring import Why
from donations.giving.store import Gift

gift_retiring = Table(
    "gift_retiring",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("why", String(8), nullable=False),
    Column("into", String(3), nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
)
"""Since when a giver knows, and when the gift ends; no row where all is well again."""

gift_successor = Table(
    "gift_successor",
    metadata,
    Column("gift_id", ForeignKey("gift.id"), primary_key=True, autoincrement=False),
    Column("before_id", ForeignKey("gift.id"), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Index("ix_gift_successor_before", "before_id"),
)
"""A gift that goes on in place of `before_id`, because its giver said so."""


@dataclass(frozen=True)
class Told:
    """What a giver was told of a currency that is given up."""

    why: Why
    into: str
    told_at: datetime
    ends_at: datetime


def note(connection: Connection, gift: Gift, told: Told) -> bool:
    """Write down what a giver is told; says whether it is news."""
    return insert_once(connection, gift_retiring, {"gift_id": gift.id, **vars(told)})


def of(connection: Connection, gift_id: int) -> Told | None:
    """Give what a giver was told; None where nothing was."""
    here = gift_retiring.c.gift_id == gift_id
    row = connection.execute(select(gift_retiring).where(here)).one_or_none()
    if row is None:
        return None
    return Told(cast("Why", row.why), row.into, row.told_at, row.ends_at)


def forget(connection: Connection, gift_id: int) -> None:
    """Take it back: the project takes the currency again."""
    connection.execute(delete(gift_retiring).where(gift_retiring.c.gift_id == gift_id))


def follow(connection: Connection, after: Gift, before: Gift, now: datetime) -> None:
    """Write down that a gift goes on in place of another."""
    values = {"gift_id": after.id, "before_id": before.id, "said_at": now}
    insert_once(connection, gift_successor, values)


def before(connection: Connection, gift_id: int) -> Gift | None:
    """Give the gift in whose place another one goes on."""
    here = select(gift_successor.c.before_id).where(gift_successor.c.gift_id == gift_id)
    number = connection.scalar(here)
    return store.by_name(connection, f"gift:{number}") if number else None


def after(connection: Connection, gift_id: int) -> Gift | None:
    """Give the last gift that was said to go on in place of one."""
    here = gift_successor.c.before_id == gift_id
    last = select(gift_successor.c.gift_id).where(here).order_by(gift_successor.c.gift_id.desc())
    number = connection.scalar(last.limit(1))
    return store.by_name(connection, f"gift:{number}") if number else None
