"""Proof: the register checked against itself; `licensing.exports` lets others check it without us."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from licensing import (
    chain,
    coverage_proof,
    declarations,
    details,
    exports,
    ledger,
    papers,
    waivers,
)
from licensing.companies import writing
from licensing.companies.tables import ROWS as ROWS_OF_COMPANIES
from licensing.tables import agreement, agreement_version, record, signature, withdrawal

ROWS: dict[str, tuple[Table, dict[str, str]]] = {
    "signature": (
        signature,
        {
            "version": "version_id",
            "github_id": "github_id",
            "comment_id": "comment_id",
            "method": "method",
            "capacity": "capacity",
            "repository": "repo_id",
            "pull_request": "number",
            "signed_at": "acted_at",
            "signed_by": "signed_by",
            "shown_at": "shown_at",
            "recorded_at": "recorded_at",
        },
    ),
    "withdrawal": (
        withdrawal,
        {name: name for name in ("github_id", "actor_id", "reason", "acted_at", "recorded_at")},
    ),
    **ROWS_OF_COMPANIES,
    **waivers.ROWS,
    **declarations.ROWS,
    **papers.ROWS,
}
"""For each kind of record its table, and which column repeats which field of the record."""


NOTHING = chain.sha256(b"")


def verify_chain(connection: Connection) -> tuple[str, ...]:
    """Check chains, texts, columns and coverage; a sentence for each thing that does not hold."""
    agreements = connection.execute(select(agreement).order_by(agreement.c.id)).all()
    chains = tuple(
        f"agreement of {row.scope} {row.scope_id}: {problem}"
        for row in agreements
        for problem in _problems(connection, row)
    )
    known: dict[tuple[Any, Any, str], dict[str, Any]] = {}
    for row in agreements:
        texts = (item.record for item in exports.links(connection, row.id))
        known |= ledger.evidence_of((row.scope, row.scope_id), texts)
    return chains + tuple(coverage_proof.problems(connection, known))


def _problems(connection: Connection, row: Row[Any]) -> Iterator[str]:
    bound = {}
    names = {}
    for version in _versions(connection, row.id):
        called = exports.name(version)
        said = exports.said(version) | {"sha256": version.sha256}
        bound[called] = {ours: said[theirs] for ours, theirs in chain.PUBLISHED.items()}
        bound[called] |= {name: said[name] for name in chain.ALSO if name in said}
        names[version.id] = called
        if chain.sha256(version.content) != version.sha256:
            yield f"the text of version {called} was changed: its hash does not fit"
        if chain.sha256(version.company_content or b"") != (version.company_sha256 or NOTHING):
            yield f"the text for companies of version {called} was changed: its hash does not fit"
    links = tuple(exports.links(connection, row.id))
    yield from chain.problems_of(links, (row.head_sequence, row.head_hash))
    for item in links:
        yield from chain.record_problems(item, (row.scope, row.scope_id), bound)
    yield from chain.unbound(names.values(), links)
    yield from _column_problems(connection, row.id)
    yield from _row_problems(connection, row.id, links, names)
    yield from details.problems(connection, row.id)
    yield from writing.problems(connection, row.id)


def _column_problems(connection: Connection, agreement_id: int) -> Iterator[str]:
    """Hold what is searched in the table of records against their texts."""
    for row in connection.execute(select(record).where(record.c.agreement_id == agreement_id)):
        said = chain.parsed(row.record)
        for name in ("kind", "recorded_at"):
            if said.get(name) != _plain(getattr(row, name), name, {}):
                yield f"record {row.sequence} and its row differ in {name}"


def _row_problems(
    connection: Connection, agreement_id: int, links: Sequence[chain.Link], names: dict[int, str]
) -> Iterator[str]:
    """Hold the rows that are searched against the records that are proven, both ways."""
    kinds = {item.sequence: chain.parsed(item.record) for item in links}
    found: dict[str, set[int]] = {kind: set() for kind in ROWS}
    for kind, (table, columns) in ROWS.items():
        for row in connection.execute(select(table).where(table.c.agreement_id == agreement_id)):
            found[kind].add(row.sequence)
            said = kinds.get(row.sequence, {})
            if said.get("kind") != kind:
                yield f"there is a {kind} at {row.sequence}, but no record of it"
                continue
            for name, column in columns.items():
                if said.get(name) != _plain(getattr(row, column), column, names):
                    yield f"record {row.sequence} and its row differ in {name}"
    for sequence, said in kinds.items():
        kind = str(said.get("kind"))
        if kind in found and sequence not in found[kind]:
            yield f"record {sequence} has no row: its {kind} was taken away"


def _plain(value: Any, column: str, names: dict[int, str]) -> Any:
    if column == "version_id":
        return names.get(value)
    if column == "team_id" and value == 0:
        return None  # Written before teams were known by number: its record names none.
    return value.isoformat() if isinstance(value, datetime) else value


def _versions(connection: Connection, agreement_id: int) -> tuple[Row[Any], ...]:
    return tuple(
        connection.execute(
            select(agreement_version)
            .where(agreement_version.c.agreement_id == agreement_id)
            .order_by(agreement_version.c.major, agreement_version.c.minor)
        )
    )


def extents(connection: Connection) -> tuple[chain.Extent, ...]:
    """Say what there is of each register, as `licensing.chain.extents` does of an export."""
    rows = connection.execute(select(agreement).order_by(agreement.c.id)).all()
    return tuple(_extent(connection, row) for row in rows)


def _extent(connection: Connection, row: Row[Any]) -> chain.Extent:
    links = tuple(exports.links(connection, row.id))
    return chain.Extent(
        scope=row.scope,
        scope_id=row.scope_id,
        versions=tuple(exports.name(version) for version in _versions(connection, row.id)),
        bound=frozenset(str(chain.parsed(item.record).get("version")) for item in links),
        records=len(links),
        head=row.head_hash,
    )
