"""Files that wait for approval: kept row by row, with what GitHub said about each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from licensing.imports.assessing import Bearer, Place, State
from licensing.imports.tables import import_batch, import_row
from licensing.imports.values import Broken, Entry, Format, Parsed

KEPT = timedelta(days=30)
"""How long rows stay after the upload, or after the approval; the file itself is never kept."""

BatchState = Literal["looking", "ready", "taking", "approved", "dropped"]
FROM_FILE = ""
"""In place of a version: each row counts for the one that it names."""


@dataclass(frozen=True)
class Batch:
    """One file. `version` is the chosen one, `FROM_FILE` for what each row names."""

    id: int
    repo_id: int
    agreement_id: int
    format: Format
    sha256: str
    version: str
    state: BatchState
    broken: tuple[Broken, ...]
    taken: int
    uploaded_by: int
    uploaded_at: datetime
    approved_by: int | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """One row of a file as it is kept, with what GitHub said and how it was judged."""

    entry: Entry
    bearer: Bearer | None
    looked_up: bool
    state: State | Literal["waits", "taken", "left"]
    github_id: int | None
    reason: str | None
    doubts: tuple[str, ...]
    counts_for: str
    left_out: bool


def keep(
    connection: Connection,
    place: Place,
    agreement_id: int,
    parsed: Parsed,
    version: str,
    uploaded_by: int,
    now: datetime,
) -> int:
    """Keep what was read of a file, to be looked up and approved; gives the batch's number."""
    written = connection.execute(
        insert(import_batch).values(
            repo_id=place.repo_id,
            agreement_id=agreement_id,
            format=parsed.format,
            sha256=parsed.sha256,
            version=version,
            state="looking",
            broken=[[one.line, one.fault] for one in parsed.broken],
            taken=0,
            uploaded_by=uploaded_by,
            uploaded_at=now,
        )
    )
    key = written.inserted_primary_key
    batch_id = int(key[0]) if key else 0
    if parsed.entries:
        rows = [_values(batch_id, one) for one in parsed.entries]
        connection.execute(insert(import_row), rows)
    return batch_id


def _values(batch_id: int, one: Entry) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "line": one.line,
        "key": f"id:{one.github_id}" if one.github_id else f"login:{one.login.lower()}",
        "login": one.login,
        "given_id": one.github_id,
        "signed_at": one.signed_at,
        "version": one.version,
        "repo": one.repo,
        "repo_id": one.repo_id,
        "reference": one.reference,
        "ended": one.ended,
        "for_company": one.for_company,
        # What does not stand any more is taken over in no case: nobody has to be looked up for it.
        "looked_up": one.ended,
        "github_id": one.github_id,
        "state": "waits",
        "doubts": [],
        "counts_for": "",
        "left_out": False,
    }


def batch(connection: Connection, repo_id: int, batch_id: int) -> Batch | None:
    """Give a file by its number, if it is one of this repository's."""
    row = connection.execute(
        select(import_batch).where(
            import_batch.c.id == batch_id, import_batch.c.repo_id == repo_id
        )
    ).one_or_none()
    return _batch(row) if row else None


def held(connection: Connection, batch_id: int) -> Batch | None:
    """Give a file so that nobody else changes it until the transaction ends."""
    row = connection.execute(
        select(import_batch).where(import_batch.c.id == batch_id).with_for_update()
    ).one_or_none()
    return _batch(row) if row else None


def batches(connection: Connection, repo_id: int, most: int = 20) -> tuple[Batch, ...]:
    """Give the last files of a repository, newest first."""
    rows = connection.execute(
        select(import_batch)
        .where(import_batch.c.repo_id == repo_id)
        .order_by(import_batch.c.id.desc())
        .limit(most)
    )
    return tuple(_batch(row) for row in rows)


def to_look_up(connection: Connection, batch_id: int, most: int) -> tuple[str, ...]:
    """Give the next accounts that GitHub is to be asked for: `id:NUMBER` or `login:NAME`."""
    rows = connection.scalars(
        select(import_row.c.key)
        .distinct()
        .where(import_row.c.batch_id == batch_id, ~import_row.c.looked_up)
        .order_by(import_row.c.key)
        .limit(most)
    )
    return tuple(rows)


def note(connection: Connection, batch_id: int, found: Mapping[str, Bearer | None]) -> None:
    """Write down what GitHub said about accounts, by key."""
    for key, bearer in found.items():
        values: dict[str, Any] = {"looked_up": True}
        if bearer is not None:
            values |= {
                "github_id": bearer.id,
                "login_now": bearer.login,
                "type": bearer.type,
                "born_at": bearer.born_at,
            }
        connection.execute(
            update(import_row)
            .where(import_row.c.batch_id == batch_id, import_row.c.key == key)
            .values(**values)
        )


def leave_out(
    connection: Connection, batch_id: int, shown: Collection[int], taken: Collection[int]
) -> None:
    """Of the lines that were shown, leave out those that are not to be taken."""
    here = update(import_row).where(import_row.c.batch_id == batch_id)
    out = [line for line in shown if line not in taken]
    connection.execute(here.where(import_row.c.line.in_(out)).values(left_out=True))
    connection.execute(here.where(import_row.c.line.in_(taken)).values(left_out=False))


def set_state(connection: Connection, batch_id: int, state: BatchState) -> None:
    """Set what is to be done with a file next; `pieces` sets that it was approved."""
    connection.execute(
        update(import_batch).where(import_batch.c.id == batch_id).values(state=state)
    )


def counts(connection: Connection, batch_id: int) -> dict[str, int]:
    """Count the rows of a file by what they came to."""
    found = connection.execute(
        select(import_row.c.state, func.count())
        .where(import_row.c.batch_id == batch_id)
        .group_by(import_row.c.state)
    )
    return {state: int(number) for state, number in found}


def doubted(connection: Connection, batch_id: int) -> tuple[tuple[frozenset[str], bool], ...]:
    """Give the doubts of each doubtful row, and whether it was left out by hand."""
    found = connection.execute(
        select(import_row.c.doubts, import_row.c.left_out).where(
            import_row.c.batch_id == batch_id, import_row.c.state == "doubtful"
        )
    )
    return tuple((frozenset(row.doubts), row.left_out) for row in found)


def rows(
    connection: Connection,
    batch_id: int,
    state: str = "",
    after: int = 0,
    most: int | None = None,
) -> tuple[Kept, ...]:
    """Give rows by their line, those behind `after`; of one state where it is named."""
    statement: Select[Any] = (
        select(import_row)
        .where(import_row.c.batch_id == batch_id, import_row.c.line > after)
        .order_by(import_row.c.line)
    )
    if state:
        statement = statement.where(import_row.c.state == state)
    if most is not None:
        statement = statement.limit(most)
    return tuple(_kept(row) for row in connection.execute(statement))


def some(connection: Connection, batch_id: int, most: int) -> tuple[Kept, ...]:
    """Give the next rows that can be taken over, the oldest act first."""
    theirs = (import_row.c.batch_id == batch_id) & import_row.c.state.in_(("good", "doubtful"))
    ordered = select(import_row).where(theirs).order_by(import_row.c.signed_at, import_row.c.line)
    return tuple(map(_kept, connection.execute(ordered.limit(most))))


def forget(connection: Connection, github_id: int, logins: Iterable[str]) -> int:
    """Erase the rows about a person, and say how many; what was taken over stands in the chain."""
    keys = [f"login:{login.lower()}" for login in logins]
    theirs = or_(import_row.c.github_id == github_id, import_row.c.key.in_(keys))
    return connection.execute(delete(import_row).where(theirs)).rowcount


def prune(connection: Connection, now: datetime) -> int:
    """Forget the rows of files that were approved or uploaded long ago, and say how many."""
    last = func.coalesce(import_batch.c.approved_at, import_batch.c.uploaded_at)
    old = select(import_batch.c.id).where(last <= now - KEPT)
    gone = connection.execute(delete(import_row).where(import_row.c.batch_id.in_(old))).rowcount
    connection.execute(
        update(import_batch)
        .where(import_batch.c.id.in_(old), import_batch.c.state.in_(("looking", "ready")))
        .values(state="dropped")
    )
    return gone


def _batch(row: Row[Any]) -> Batch:
    names = set(Batch.__dataclass_fields__) - {"broken"}
    given = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it
    broken = tuple(Broken(line, fault) for line, fault in row.broken)
    return Batch(broken=broken, **{name: given[name] for name in names})


def _kept(row: Row[Any]) -> Kept:
    bearer = None
    if row.login_now is not None:
        bearer = Bearer(row.github_id, row.login_now, row.type, row.born_at)
    entry = Entry(
        line=row.line,
        login=row.login,
        signed_at=row.signed_at,
        github_id=row.given_id,
        version=row.version,
        repo=row.repo,
        repo_id=row.repo_id,
        reference=row.reference,
        ended=row.ended,
        for_company=row.for_company,
    )
    return Kept(
        entry,
        bearer,
        row.looked_up,
        row.state,
        row.github_id,
        row.reason,
        tuple(row.doubts),
        row.counts_for,
        row.left_out,
    )
