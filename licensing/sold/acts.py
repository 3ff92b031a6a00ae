"""What was done with a seller's licences and keys: a chain for each, one cause doing one thing once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from core.db import insert_once
from core.digests import START, canonical, digest, parsed
from licensing.sold.tables import act, book

Kind = Literal[
    "issued", "renewed", "refiled", "revoked", "reinstated", "key_made", "key_signs", "key_retired"
]


@dataclass(frozen=True)
class Cause:
    """Why something is done: the `source` (such as `stripe`) and its own name for the occasion."""

    source: str
    external_id: str


@dataclass(frozen=True)
class Act:
    """An act in its place."""

    sequence: int
    kind: str
    licence: str
    record: Mapping[str, Any]
    acted_at: datetime


def hold(connection: Connection, repo_id: int) -> None:
    """Begin a seller's book if there is none, and hold it until the transaction ends."""
    first = {"repo_id": repo_id, "head_sequence": 0, "head_hash": START, "revocations": 0}
    insert_once(connection, book, first)
    held = select(book.c.repo_id).where(book.c.repo_id == repo_id)
    connection.execute(held.with_for_update()).one()


def done(connection: Connection, repo_id: int, kind: Kind, cause: Cause) -> Act | None:
    """Give what this cause did already; ask while the book is held."""
    found = connection.execute(
        select(act).where(
            act.c.repo_id == repo_id,
            act.c.kind == kind,
            act.c.source == cause.source,
            act.c.external_id == cause.external_id,
        )
    ).one_or_none()
    return None if found is None else _act(found)


def append(
    connection: Connection,
    repo_id: int,
    kind: Kind,
    cause: Cause,
    facts: Mapping[str, Any],
    now: datetime,
    licence: str = "",
) -> int:
    """Write an act behind the last one and give its sequence; the book must be held."""
    head = connection.execute(select(book).where(book.c.repo_id == repo_id)).one()
    sequence = head.head_sequence + 1
    record = canonical(
        {
            **facts,
            "sequence": sequence,
            "repository": repo_id,
            "kind": kind,
            "licence": licence,
            "source": cause.source,
            "external_id": cause.external_id,
            "acted_at": now.isoformat(),
        }
    )
    values = {
        "repo_id": repo_id,
        "sequence": sequence,
        "kind": kind,
        "licence": licence,
        "source": cause.source,
        "external_id": cause.external_id,
        "record": record,
        "previous_hash": head.head_hash,
        "hash": digest(head.head_hash, record),
        "acted_at": now,
    }
    connection.execute(insert(act).values(values))
    end = {"head_sequence": sequence, "head_hash": values["hash"]}
    connection.execute(update(book).where(book.c.repo_id == repo_id).values(end))
    return int(sequence)


def of_licence(connection: Connection, licence: str) -> tuple[Act, ...]:
    """Give what was done with a licence, oldest first."""
    rows = connection.execute(select(act).where(act.c.licence == licence).order_by(act.c.sequence))
    return tuple(_act(row) for row in rows)


def problems(connection: Connection, repo_id: int) -> Iterator[str]:
    """Name everything that does not hold in a seller's chain, in order."""
    previous, sequence = START, 0
    rows = connection.execute(select(act).where(act.c.repo_id == repo_id).order_by(act.c.sequence))
    for row in rows:
        sequence += 1
        if row.sequence != sequence:
            yield f"act {row.sequence} stands where act {sequence} belongs"
            sequence = row.sequence
        if row.previous_hash != previous:
            yield f"act {row.sequence} does not follow the one before it"
        if digest(row.previous_hash, row.record) != row.hash or not _agrees(row):
            yield f"act {row.sequence} was changed: its hash does not fit"
        previous = row.hash
    head = connection.execute(select(book).where(book.c.repo_id == repo_id)).one()
    if (head.head_sequence, head.head_hash) != (sequence, previous):
        yield f"the chain ends at act {sequence}, but its head names act {head.head_sequence}"


def sellers(connection: Connection) -> tuple[int, ...]:
    """Give the repositories that have a book, by their numbers."""
    return tuple(connection.scalars(select(book.c.repo_id).order_by(book.c.repo_id)))


def _agrees(row: Row[Any]) -> bool:
    said = parsed(row.record)
    columns = {
        "sequence": row.sequence,
        "repository": row.repo_id,
        "kind": row.kind,
        "licence": row.licence,
        "source": row.source,
        "external_id": row.external_id,
        "acted_at": row.acted_at.isoformat(),
    }
    return all(said.get(name) == value for name, value in columns.items())


def _act(row: Row[Any]) -> Act:
    return Act(row.sequence, row.kind, row.licence, parsed(row.record), row.acted_at)
