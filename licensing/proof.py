"""Proof: the register checked against itself, and exported so that others can check it without us."""

import base64
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from licensing import chain
from licensing.tables import agreement, agreement_version, signature


def verify_chain(connection: Connection) -> tuple[str, ...]:
    """Check every agreement's chain, texts and columns; a sentence for each thing that does not hold."""
    return tuple(
        f"agreement of repository {row.scope_id}: {problem}"
        for row in connection.execute(select(agreement).order_by(agreement.c.id)).all()
        for problem in _problems(connection, row)
    )


def export_chain(connection: Connection) -> dict[str, Any]:
    """Give every register as plain JSON values, for `licensing.chain.verify_export`.

    What is personal and can be erased (logins) is not part of it.
    """
    rows = connection.execute(select(agreement).order_by(agreement.c.id)).all()
    return {"format": chain.FORMAT, "agreements": [_exported(connection, row) for row in rows]}


def _exported(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    return {
        "repository": row.scope_id,
        "head": {"sequence": row.head_sequence, "hash": row.head_hash},
        "versions": [
            {
                "version": f"{version.major}.{version.minor}",
                "mode": version.mode,
                "document": version.document,
                "sha256": version.sha256,
                "published_at": version.published_at.isoformat(),
                "content": base64.b64encode(version.content).decode("ascii"),
            }
            for version in _versions(connection, row.id)
        ],
        "records": [
            {
                "sequence": item.sequence,
                "record": item.record,
                "previous": item.previous,
                "hash": item.hash,
            }
            for item, _columns in _links(connection, row.id)
        ],
    }


def _problems(connection: Connection, row: Row[Any]) -> Iterator[str]:
    bound = {}
    versions = {}
    for version in _versions(connection, row.id):
        name = f"{version.major}.{version.minor}"
        bound[name] = {
            "document_sha256": version.sha256,
            "document": version.document,
            "mode": version.mode,
            "published_at": version.published_at.isoformat(),
        }
        versions[version.id] = name
        if chain.sha256(version.content) != version.sha256:
            yield f"the text of version {name} was changed: its hash does not fit"
    pairs = list(_links(connection, row.id))
    head = (row.head_sequence, row.head_hash)
    yield from chain.problems_of((item for item, _columns in pairs), head)
    for item, columns in pairs:
        yield from chain.record_problems(item, row.scope_id, bound)
        yield from _column_problems(item, columns, versions)


def _column_problems(
    item: chain.Link, columns: Row[Any], versions: dict[int, str]
) -> Iterator[str]:
    """Hold the columns that are searched against the record that is proven."""
    expected = {
        "version": versions.get(columns.version_id),
        "github_id": columns.github_id,
        "comment_id": columns.comment_id,
        "method": columns.method,
        "capacity": columns.capacity,
        "pull_request": columns.number,
        "signed_at": columns.acted_at.isoformat(),
        "recorded_at": columns.recorded_at.isoformat(),
    }
    record = chain.parsed(item.record)
    for name, value in expected.items():
        if record.get(name) != value:
            yield f"record {item.sequence} and its row differ in {name}"


def _versions(connection: Connection, agreement_id: int) -> tuple[Row[Any], ...]:
    return tuple(
        connection.execute(
            select(agreement_version)
            .where(agreement_version.c.agreement_id == agreement_id)
            .order_by(agreement_version.c.major, agreement_version.c.minor)
        )
    )


def _links(connection: Connection, agreement_id: int) -> Iterator[tuple[chain.Link, Row[Any]]]:
    rows = connection.execute(
        select(signature)
        .where(signature.c.agreement_id == agreement_id)
        .order_by(signature.c.sequence)
    )
    for row in rows:
        yield chain.Link(row.sequence, row.record, row.previous_hash, row.hash), row


def extents(connection: Connection) -> tuple[chain.Extent, ...]:
    """Say what there is of each register, as `licensing.chain.extents` does of an export."""
    rows = connection.execute(select(agreement).order_by(agreement.c.id)).all()
    return tuple(_extent(connection, row) for row in rows)


def _extent(connection: Connection, row: Row[Any]) -> chain.Extent:
    versions = _versions(connection, row.id)
    own = signature.c.agreement_id == row.id
    signed = set(connection.scalars(select(signature.c.version_id).where(own).distinct()))
    names = {version.id: f"{version.major}.{version.minor}" for version in versions}
    return chain.Extent(
        repository=row.scope_id,
        versions=tuple(names.values()),
        signed=frozenset(name for number, name in names.items() if number in signed),
        records=connection.scalar(select(func.count()).select_from(signature).where(own)) or 0,
        head=row.head_hash,
    )
