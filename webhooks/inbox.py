"""The inbox: every delivery as it came, kept before it is answered, and its way to the end.

received → due → running → done | due again | dead
         ↘ ignored | quarantined

or `suspended`, until the repository that it is about can be reached again.

The door stores `received`; the worker looks inside and sorts; from `due` on, the row is a
queue's (see `core.queue`). A finished row loses its body after a while but never goes away:
its delivery id is what makes a second one harmless.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Row, func, null, or_, select, update
from sqlalchemy.engine.interfaces import DBAPICursor

from core.queue import KEPT_ERROR, Queue
from webhooks.deliveries import (
    FINISHED,
    HAS_BODY,
    IN_STATE,
    IS_FINISHED,
    UNFINISHED,
    Delivery,
    Packed,
    delivery,
    unpack,
)
from webhooks.inbox_statements import ONE, RECEIVED, SORTED

ROWS_AT_ONCE = 32
"""In one statement: few enough texts for the database to keep them all prepared."""

IDS_AT_ONCE = 500
LONGEST_NUMBER = 18
"""Digits that fit a 64-bit integer for certain."""

__all__ = [
    "Census",
    "Delivery",
    "Sorted",
    "census",
    "delivery",
    "find",
    "known",
    "listing",
    "load",
    "prune",
    "queue",
    "received",
    "requeue",
    "resume",
    "sort",
    "store",
    "store_by",
    "totals",
]

queue = Queue(delivery)


@dataclass(frozen=True)
class Sorted:
    """What the worker found inside: `state` is due, ignored or quarantined, `note` says why.

    `event` replaces the name under which the delivery came (Stripe's is inside the body).
    """

    id: int
    state: str
    entity: str | None = None
    note: str | None = None
    event: str | None = None


@dataclass(frozen=True)
class Census:
    """How many unfinished rows are in each state, and since when the oldest of them waits."""

    unfinished: dict[str, int]
    oldest: datetime | None


def store(connection: Connection, packed: Sequence[Packed]) -> set[tuple[str, str]]:
    """Store each once; give the (source, guid) of those that were not there yet."""
    return store_by(connection.connection.cursor(), connection.dialect, packed)


def store_by(
    cursor: DBAPICursor, dialect: Dialect, packed: Sequence[Packed]
) -> set[tuple[str, str]]:
    """Do the same past SQLAlchemy, whose work for each row would cost more than the database's."""
    instant = delivery.c.received_at.type.dialect_impl(dialect).bind_processor(dialect)
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    fresh: set[tuple[str, str]] = set()
    for start in range(0, len(packed), ROWS_AT_ONCE):
        part = packed[start : start + ROWS_AT_ONCE]
        keys = {(row.source, row.guid) for row in part}
        cursor.execute(_find(mark, len(part)), tuple(row.guid for row in part))
        keys.difference_update(cursor.fetchall())
        values: list[object] = []
        for row in part:
            at = instant(row.received_at) if instant else row.received_at
            values += (*row, at)
            values[-4] = at
        cursor.execute(_insert(mark, len(part)), tuple(values))
        fresh |= keys
    return fresh


@cache
def _find(mark: str, rows: int) -> str:
    marks = ", ".join([mark] * rows)
    return f"SELECT source, guid FROM delivery WHERE guid IN ({marks})"  # noqa: S608 -- marks only


@cache
def _insert(mark: str, rows: int) -> str:
    one = f"({', '.join([mark] * 7)}, 'received', {mark})"
    return (
        "INSERT INTO delivery (source, guid, event, content_type, received_at, body, body_sha256,"  # noqa: S608 -- marks only
        f" state, due_at) VALUES {', '.join([one] * rows)} ON CONFLICT (source, guid) DO NOTHING"
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        source=row.source,
        guid=row.guid,
        event=row.event,
        content_type=row.content_type,
        received_at=row.received_at,
        body=None if row.body is None else unpack(row.body),
        body_sha256=row.body_sha256,
        state=row.state,
        entity=row.entity,
        attempts=row.attempts,
        due_at=row.due_at,
        finished_at=row.finished_at,
        note=row.error,
    )


def received(connection: Connection, most: int) -> tuple[Delivery, ...]:
    """Read up to `most` deliveries that nobody has looked into, oldest first, with bodies."""
    return tuple(_delivery(row) for row in connection.execute(RECEIVED, {"_most": most}))


def sort(connection: Connection, decisions: Iterable[Sorted], now: datetime) -> int:
    """Write down what was found inside; give how many rows were still waiting for it."""
    rows = [
        {
            "_id": decision.id,
            "_state": decision.state,
            "_entity": decision.entity,
            "_note": decision.note and decision.note[:KEPT_ERROR],
            "_event": decision.event,
            "_now": now,
            "_finished_at": now if decision.state in FINISHED else None,
        }
        for decision in decisions
    ]
    return connection.execute(SORTED, rows).rowcount if rows else 0


def load(connection: Connection, row_id: int) -> Delivery | None:
    """Read one delivery with its body."""
    row = connection.execute(ONE, {"_id": row_id}).one_or_none()
    return None if row is None else _delivery(row)


def find(connection: Connection, key: str) -> Delivery | None:
    """Read the delivery with this guid, or else with this number, with its body."""
    query = select(delivery).where(delivery.c.guid == key).order_by(delivery.c.id).limit(1)
    row = connection.execute(query).one_or_none()
    if row is not None:
        return _delivery(row)
    is_number = key.isascii() and key.isdecimal() and len(key) <= LONGEST_NUMBER
    return load(connection, int(key)) if is_number else None


def listing(
    connection: Connection,
    state: str | None = None,
    most: int = 50,
    before: int | None = None,
) -> tuple[Delivery, ...]:
    """List the newest, without bodies; `before` is the lowest id of the page before.

    Raises KeyError for a state that there is not.
    """
    heads = [null().label("body") if c.name == "body" else c for c in delivery.c]
    query = select(*heads).order_by(delivery.c.id.desc()).limit(most)
    if state is not None:
        query = query.where(IN_STATE[state])
    if before is not None:
        query = query.where(delivery.c.id < before)
    return tuple(_delivery(row) for row in connection.execute(query))


def known(connection: Connection, source: str, guids: Collection[str]) -> set[str]:
    """Say which of `guids` we hold."""
    wanted = list(guids)
    found: set[str] = set()
    for start in range(0, len(wanted), IDS_AT_ONCE):
        part = wanted[start : start + IDS_AT_ONCE]
        query = select(delivery.c.guid).where(
            delivery.c.source == source, delivery.c.guid.in_(part)
        )
        found.update(connection.execute(query).scalars())
    return found


def requeue(connection: Connection, row_id: int, now: datetime) -> bool:
    """Have a finished delivery looked into and handled again; False if it has no body any more."""
    result = connection.execute(
        update(delivery)
        .where(delivery.c.id == row_id, IS_FINISHED, HAS_BODY)
        .values(state="received", due_at=now, attempts=0, finished_at=None, error=None)
    )
    return result.rowcount == 1


def resume(connection: Connection, repo_id: int, now: datetime) -> int:
    """Make due again what rested because this repository could not be reached; says how much."""
    entity = delivery.c.entity
    about_it = or_(
        entity == f"repository:{repo_id}",
        entity.like(f"thread:{repo_id}:%"),
        entity.like(f"commit:{repo_id}:%"),
    )
    again = update(delivery).where(IN_STATE["suspended"], HAS_BODY, about_it)
    values = {"state": "due", "due_at": now, "attempts": 0, "finished_at": None}
    return connection.execute(again.values(**values)).rowcount


def census(connection: Connection) -> Census:
    """Count what is unfinished; costs nothing for what is finished."""
    counts = {}
    firsts = []
    for state in UNFINISHED:
        count, first = connection.execute(
            select(func.count(), func.min(delivery.c.id)).where(IN_STATE[state])
        ).one()
        counts[state] = count
        firsts.append(first)
    oldest = min((row_id for row_id in firsts if row_id is not None), default=None)
    oldest_at = connection.execute(
        select(delivery.c.received_at).where(delivery.c.id == oldest)
    ).scalar_one_or_none()
    return Census(counts, oldest_at)


def totals(connection: Connection) -> dict[str, int]:
    """Count what is finished, by state, over an index alone: about 10 ms for 300,000 rows."""
    query = select(delivery.c.state, func.count()).where(IS_FINISHED).group_by(delivery.c.state)
    counts = dict.fromkeys(FINISHED, 0)
    for state, count in connection.execute(query):
        counts[state] = count
    return counts


def prune(connection: Connection, before: datetime, most: int = 500) -> int:
    """Drop the bodies of up to `most` deliveries finished before then; give how many it were."""
    oldest = (
        select(delivery.c.id)
        .where(IS_FINISHED, HAS_BODY, delivery.c.finished_at < before)
        .order_by(delivery.c.finished_at)
        .limit(most)
    )
    result = connection.execute(
        update(delivery).where(delivery.c.id.in_(oldest.scalar_subquery())).values(body=None)
    )
    return result.rowcount
