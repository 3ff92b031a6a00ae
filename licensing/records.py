"""The one place that appends to an agreement's chain: every act becomes a record behind the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from licensing import chain, version_texts
from licensing.tables import agreement, record
from licensing.versions import AgreementVersion


@dataclass(frozen=True)
class Head:
    """The end of a chain, held until the transaction ends: nobody appends meanwhile."""

    scope: str
    scope_id: int
    sequence: int
    hash: str


@dataclass(frozen=True)
class Written:
    """Where an act stands: its place in the chain, and the number of its row."""

    sequence: int
    row_id: int


def hold(connection: Connection, agreement_id: int) -> Head:
    """Hold the end of an agreement's chain; look at what is there only after this."""
    row = connection.execute(
        select(agreement).where(agreement.c.id == agreement_id).with_for_update()
    ).one()
    return Head(row.scope, row.scope_id, row.head_sequence, row.head_hash)


def append(
    connection: Connection,
    agreement_id: int,
    kind: chain.Kind,
    facts: Mapping[str, Any],
    recorded_at: datetime,
) -> int:
    """Write an act behind the last one of its agreement and give its sequence, counted from 1.

    `facts` are plain JSON values, instants as ISO 8601; nothing in them may have to be erased.
    """
    head = hold(connection, agreement_id)
    sequence = head.sequence + 1
    whole = {
        **facts,
        "kind": kind,
        "sequence": sequence,
        "scope": head.scope,
        "scope_id": head.scope_id,
        "recorded_at": recorded_at.isoformat(),
    }
    link = chain.link(sequence, head.hash, whole)
    connection.execute(
        insert(record).values(
            agreement_id=agreement_id,
            sequence=sequence,
            kind=kind,
            record=link.record,
            previous_hash=link.previous,
            hash=link.hash,
            recorded_at=recorded_at,
        )
    )
    connection.execute(
        update(agreement)
        .where(agreement.c.id == agreement_id)
        .values(head_sequence=sequence, head_hash=link.hash)
    )
    return sequence


def write(
    connection: Connection,
    agreement_id: int,
    kind: chain.Kind,
    table: Table,
    told: tuple[Mapping[str, Any], Mapping[str, Any]],
    recorded_at: datetime,
) -> Written:
    """Append an act and insert the row that repeats it for searching: `told` is the one and the other."""
    facts, row = told
    sequence = append(connection, agreement_id, kind, facts, recorded_at)
    common = {"agreement_id": agreement_id, "sequence": sequence, "recorded_at": recorded_at}
    done = connection.execute(insert(table).values(**common, **row))
    key = done.inserted_primary_key
    return Written(sequence, int(key[0]) if key else 0)


def of_version(version: AgreementVersion) -> dict[str, Any]:
    """Give what a record repeats of the version that it rests on; see `chain.BOUND`."""
    return {
        "version": version.version,
        "mode": version.mode,
        "document": version.document,
        "document_sha256": version.sha256,
        "published_at": version.published_at.isoformat(),
    }


def of_publication(version: AgreementVersion) -> dict[str, Any]:
    """Give what the record of a publication says of the version; see `chain.PUBLISHED`."""
    return of_version(version) | {
        "language": version.language,
        "outbound": version.outbound,
        "outbound_licences": list(version.outbound_licences),
        "reaches_back": version.reaches_back,
        "paths": list(version.paths),
        "publisher_id": version.publisher_id,
        "phrase": version.phrase,
        "counts_from": version.counts_from.isoformat(),
        **_for_companies(version),
    }


def _for_companies(version: AgreementVersion) -> dict[str, Any]:
    if not version.company_document:
        return {}
    return {name: getattr(version, name) for name in version_texts.FOR_COMPANIES.values()}
