"""The inbox: every delivery as it came, kept before it is answered, and its way to the end.

received → due → running → done | due again | dead
         ↘ ignored | quarantined

The door stores `received`; the worker looks inside and sorts; from `due` on, the row is a
queue's (see `core.queue`). A finished row loses its body after a while but never goes away:
its delivery id is what makes a second one harmless.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, func, null, select, update

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

ROWS_AT_ONCE = (64, 16, 4, 1)
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
    "sort",
    "store",
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
    """Store each once; give the (source, guid) of those that were not there yet.

    Written for speed: a few statements of fixed sizes for any number of rows, past the
    per-row work of SQLAlchemy (see docs/decisions/0002).
    """
    instant = delivery.c.received_at.type.dialect_impl(connection.dialect)
    written = instant.bind_processor(connection.dialect) or _unchanged
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    fresh: set[tuple[str, str]] = set()
    for part in _parts(packed):
        values: list[object] = []
        for row in part:
            at = written(row.received_at)
            values += (*row[:4], at, *row[5:], at)
        found = connection.exec_driver_sql(_insert(mark, len(part)), tuple(values))
        fresh.update((source, guid) for source, guid in found)
    return fresh


def _asis_in(value: object) -> object:
    return value


def _unchanged(value: object) -> object:
    return value


def _parts(packed: Sequence[Packed]) -> Iterator[Sequence[Packed]]:
    start = 0
    for size in ROWS_AT_ONCE:
        while len(packed) - start >= size:
            yield packed[start : start + size]
            start += size


def _insert(mark: str, rows: int) -> str:
    one = f"({', '.join([mark] * 7)}, 'received', {mark})"
    return (
        "INSERT INTO delivery (source, guid, event, content_type, received_at, body, body_sha256,"  # noqa: S608 -- only marks are put in
        f" state, due_at) VALUES {', '.join([one] * rows)}"
        " ON CONFLICT (source, guid) DO NOTHING RETURNING source, guid"
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
    rows = connection.execute(
        select(delivery).where(IN_STATE["received"]).order_by(delivery.c.id).limit(most)
    )
    return tuple(_delivery(row) for row in rows)


def sort(connection: Connection, decisions: Iterable[Sorted], now: datetime) -> int:
    """Write down what was found inside; give how many rows were still waiting for it."""
    rows = [
        {
            "_id": decision.id,
            "_state": decision.state,
            "_entity": decision.entity,
            "_note": decision.note and decision.note[:KEPT_ERROR],
            "_event": decision.event,
            "_finished_at": now if decision.state in FINISHED else None,
        }
        for decision in decisions
    ]
    if not rows:
        return 0
    statement = (
        update(delivery)
        .where(delivery.c.id == bindparam("_id"), IN_STATE["received"])
        .values(
            state=bindparam("_state"),
            entity=bindparam("_entity"),
            error=bindparam("_note"),
            event=func.coalesce(bindparam("_event", type_=String), delivery.c.event),
            due_at=now,
            finished_at=bindparam("_finished_at"),
        )
    )
    return connection.execute(statement, rows).rowcount


def load(connection: Connection, row_id: int) -> Delivery | None:
    """Read one delivery with its body."""
    row = connection.execute(select(delivery).where(delivery.c.id == row_id)).one_or_none()
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
    return dict.fromkeys(FINISHED, 0) | dict(connection.execute(query).tuples().all())


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
