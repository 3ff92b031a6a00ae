"""A file that was approved is taken over in pieces, each whole in its own transaction.

One transaction for twenty thousand signatures would keep everybody else from writing for half a
minute on SQLite. Signatures stand each for itself, so that a part of them is true as well: what
is written counts, the page says how far it is, and whatever stops it is gone on from.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from licensing.imports import judging, store
from licensing.imports.assessing import Doubt, Judged, held_against
from licensing.imports.store import Batch, Kept
from licensing.imports.tables import import_batch, import_row

AT_ONCE = 200
"""Rows of one piece: well below a second on SQLite."""

_OPEN = import_row.c.state.in_(("good", "doubtful"))


def begin(
    connection: Connection, batch_id: int, doubts: Collection[Doubt], by: int, now: datetime
) -> None:
    """Write down who approved a file, and leave what they do not want."""
    rows = connection.execute(
        select(import_row.c.line, import_row.c.doubts, import_row.c.left_out).where(
            import_row.c.batch_id == batch_id, import_row.c.state == "doubtful"
        )
    )
    unwanted = [row.line for row in rows if row.left_out or not set(row.doubts) <= set(doubts)]
    for at in range(0, len(unwanted), AT_ONCE):
        some = import_row.c.line.in_(unwanted[at : at + AT_ONCE])
        connection.execute(
            update(import_row).where(import_row.c.batch_id == batch_id, some).values(state="left")
        )
    connection.execute(
        update(import_row)
        .where(import_row.c.batch_id == batch_id, import_row.c.left_out, _OPEN)
        .values(state="left")
    )
    connection.execute(
        update(import_batch)
        .where(import_batch.c.id == batch_id)
        .values(state="taking", approved_by=by, approved_at=now)
    )


def following(connection: Connection, batch: Batch) -> Iterator[tuple[Kept, Judged]]:
    """Give the next rows, the oldest act first, each as it is judged by what is known now."""
    found = store.some(connection, batch.id, AT_ONCE)
    people = {row.github_id for row in found if row.github_id is not None}
    known = judging.standing(connection, batch.agreement_id, people)
    published = judging.published(connection, batch.agreement_id)
    for row in found:
        one = Judged(
            row.entry,
            "doubtful" if row.doubts else "good",
            row.github_id,
            row.counts_for,
            doubts=tuple(row.doubts),  # type: ignore[arg-type]  # written from these very words
        )
        if one.github_id is None or one.version not in published:
            yield row, Judged(row.entry, "refused", one.github_id, one.version, "version")
        else:
            yield row, held_against(one, known)


def took(connection: Connection, batch_id: int, line: int) -> None:
    """Write down that a row was taken over."""
    _set(connection, batch_id, line, "taken", None)
    connection.execute(
        update(import_batch)
        .where(import_batch.c.id == batch_id)
        .values(taken=import_batch.c.taken + 1)
    )


def passed(connection: Connection, batch_id: int, one: Judged) -> None:
    """Write down why a row was not taken over after all."""
    _set(connection, batch_id, one.entry.line, one.state, one.reason)


def _set(connection: Connection, batch_id: int, line: int, state: str, reason: str | None) -> None:
    connection.execute(
        update(import_row)
        .where(import_row.c.batch_id == batch_id, import_row.c.line == line)
        .values(state=state, reason=reason)
    )


def are_left(connection: Connection, batch_id: int) -> bool:
    """Say whether rows are still to be taken over."""
    return bool(
        connection.scalar(select(exists().where(import_row.c.batch_id == batch_id, _OPEN)))
    )


def finish(connection: Connection, batch_id: int) -> None:
    """Write down that all that was wanted is taken over; what is left open is left."""
    connection.execute(
        update(import_row).where(import_row.c.batch_id == batch_id, _OPEN).values(state="left")
    )
    connection.execute(
        update(import_batch).where(import_batch.c.id == batch_id).values(state="approved")
    )
