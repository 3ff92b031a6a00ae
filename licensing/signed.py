"""What a person signed, or signed for a minor: each signature with its version and its record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from licensing.tables import (
    agreement,
    agreement_repository,
    agreement_version,
    record,
    signature,
    signer,
    withdrawal,
)


@dataclass(frozen=True)
class Signed:
    """One signature; `login` is None once erased, `withdrawn_at` None as long as it stands.

    `hash` and `previous` are those of its record in the chain of its agreement.
    """

    id: int
    agreement_id: int
    scope: str
    scope_id: int
    version: str
    mode: str
    language: str
    document: str
    sha256: str
    sequence: int
    record: str
    hash: str
    previous: str
    github_id: int
    login: str | None
    method: str
    capacity: str
    signed_by: int | None
    repo_id: int
    number: int | None
    shown_at: datetime | None
    acted_at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None


def of_person(connection: Connection, github_id: int) -> tuple[Signed, ...]:
    """Give all that somebody signed, and what they signed as a guardian, newest first."""
    rows = connection.execute(
        _signatures().where(theirs(github_id)).order_by(signature.c.id.desc())
    )
    return tuple(_signed(row) for row in rows)


def one(connection: Connection, signature_id: int, github_id: int) -> Signed | None:
    """Give one signature, if it is this person's or made by them as a guardian."""
    row = connection.execute(
        _signatures().where(signature.c.id == signature_id, theirs(github_id))
    ).one_or_none()
    return _signed(row) if row else None


def text_of(connection: Connection, signature_id: int) -> bytes:
    """Give the exact bytes that a signature is bound to."""
    found = connection.scalar(
        select(agreement_version.c.content)
        .join(signature, signature.c.version_id == agreement_version.c.id)
        .where(signature.c.id == signature_id)
    )
    return bytes(found or b"")


def newer_major(connection: Connection, one: Signed) -> str | None:
    """Give the newest version of the agreement, if its MAJOR is above the one that was signed."""
    table = agreement_version
    newest = connection.execute(
        select(table.c.major, table.c.minor)
        .where(table.c.agreement_id == one.agreement_id)
        .order_by(table.c.major.desc(), table.c.minor.desc())
        .limit(1)
    ).one()
    is_newer = newest.major > int(one.version.partition(".")[0])
    return f"{newest.major}.{newest.minor}" if is_newer else None


def repositories_of(connection: Connection, agreement_id: int) -> Sequence[int]:
    """Give the numbers of the repositories in which an agreement is in force."""
    return connection.scalars(
        select(agreement_repository.c.repo_id)
        .where(agreement_repository.c.agreement_id == agreement_id, agreement_repository.c.active)
        .order_by(agreement_repository.c.repo_id)
    ).all()


def theirs(github_id: int) -> ColumnElement[bool]:
    """Give the condition that a row of `signature` is somebody's, or made by them as a guardian."""
    as_guardian = and_(
        signature.c.signed_by == github_id,
        signature.c.capacity == "guardian",
        # Signed by hand: the number is that of the maintainer who received the paper.
        signature.c.method != "paper",
    )
    return or_(signature.c.github_id == github_id, as_guardian)


def _signatures() -> Select[Any]:
    ends = (
        select(func.min(withdrawal.c.acted_at))
        .where(
            withdrawal.c.agreement_id == signature.c.agreement_id,
            withdrawal.c.github_id == signature.c.github_id,
            withdrawal.c.sequence > signature.c.sequence,
        )
        .scalar_subquery()
    )
    its_record = and_(
        record.c.agreement_id == signature.c.agreement_id,
        record.c.sequence == signature.c.sequence,
    )
    version = agreement_version.c
    return (
        select(
            signature,
            *(agreement.c.scope, agreement.c.scope_id),
            *(version.major, version.minor, version.mode, version.language),
            *(version.document, version.sha256),
            *(record.c.record, record.c.hash, record.c.previous_hash),
            signer.c.login,
            ends.label("withdrawn_at"),
        )
        .join(agreement, agreement.c.id == signature.c.agreement_id)
        .join(agreement_version, agreement_version.c.id == signature.c.version_id)
        .join(record, its_record)
        .join(signer, signer.c.signature_id == signature.c.id, isouter=True)
    )


def _signed(row: Row[Any]) -> Signed:
    given = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it
    names = set(Signed.__dataclass_fields__) - {"version", "previous"}
    return Signed(
        **{name: given[name] for name in names},
        version=f"{row.major}.{row.minor}",
        previous=row.previous_hash,
    )
