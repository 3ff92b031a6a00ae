"""Rows of a file held against the register: judged as often as need be."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from licensing.bases import ended
from licensing.imports import store
from licensing.imports.assessing import Judged, Place, Standing, assess
from licensing.imports.store import Batch
from licensing.imports.tables import import_row
from licensing.tables import agreement_version, signature, withdrawal


def judge(connection: Connection, batch: Batch, place: Place, now: datetime) -> tuple[Judged, ...]:
    """Judge every row by what is known now, and write it down; the batch becomes `ready`."""
    kept = store.rows(connection, batch.id)
    judged = assess(
        ((one.entry, one.bearer) for one in kept),
        place,
        batch.version,
        published(connection, batch.agreement_id),
        standing(connection, batch.agreement_id),
        now,
    )
    table = import_row.c
    changed = [
        {"of_line": new.entry.line, **_judgement(new)}
        for old, new in zip(kept, judged, strict=True)
        if (old.state, old.reason, old.doubts, old.counts_for)
        != (new.state, new.reason, new.doubts, new.version)
    ]
    if changed:
        statement = update(import_row).where(
            table.batch_id == batch.id, table.line == bindparam("of_line")
        )
        connection.execute(statement, changed)
    store.set_state(connection, batch.id, "ready")
    return judged


def _judgement(one: Judged) -> dict[str, Any]:
    return {
        "state": one.state,
        "reason": one.reason,
        "doubts": list(one.doubts),
        "counts_for": one.version,
    }


def published(connection: Connection, agreement_id: int) -> frozenset[str]:
    """Give the names of all versions of an agreement."""
    table = agreement_version.c
    found = connection.execute(
        select(table.major, table.minor).where(table.agreement_id == agreement_id)
    )
    return frozenset(f"{row.major}.{row.minor}" for row in found)


def standing(
    connection: Connection, agreement_id: int, people: Collection[int] | None = None
) -> Standing:
    """Give who signed which version, and who has withdrawn; of `people` alone, if given."""
    version, here = agreement_version.c, signature.c.agreement_id == agreement_id
    gone = withdrawal.c.agreement_id == agreement_id
    if people is not None:
        here &= signature.c.github_id.in_(people)
        gone &= withdrawal.c.github_id.in_(people)
    signed = connection.execute(
        select(signature.c.github_id, version.major, version.minor)
        .join(agreement_version, version.id == signature.c.version_id)
        .where(here, ~ended())
    )
    withdrew = connection.scalars(select(withdrawal.c.github_id).distinct().where(gone))
    return Standing(
        frozenset((row.github_id, f"{row.major}.{row.minor}") for row in signed),
        frozenset(withdrew),
    )
