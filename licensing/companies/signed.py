"""What companies signed: each signature with its version, its text and its record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select

from licensing.companies.tables import company, company_contact
from licensing.tables import agreement, agreement_version, record


@dataclass(frozen=True)
class CompanySigned:
    """A company signed one version; `number` is the company's, `login` None once it was erased.

    `hash` and `previous` are those of its record in the chain of its agreement.
    """

    agreement_id: int
    version_id: int
    number: int
    name: str
    domain: str
    manager_id: int
    login: str | None
    repo_id: int
    scope: str
    scope_id: int
    version: str
    mode: str
    language: str
    document: str
    content: bytes
    sha256: str
    sequence: int
    record: str
    hash: str
    previous: str
    shown_at: datetime
    signed_at: datetime
    recorded_at: datetime


def of_company(
    connection: Connection, agreement_id: int, number: int
) -> tuple[CompanySigned, ...]:
    """Give all that a company signed, oldest first."""
    return tuple(_read(connection, agreement_id, company.c.company == number))


def one(connection: Connection, agreement_id: int, sequence: int) -> CompanySigned | None:
    """Give what a company signed with one record of the chain."""
    return next(_read(connection, agreement_id, company.c.sequence == sequence), None)


def _read(
    connection: Connection, agreement_id: int, where: ColumnElement[bool]
) -> Iterator[CompanySigned]:
    here = company.c
    version = agreement_version.c
    rows = connection.execute(
        select(
            company,
            *(agreement.c.scope, agreement.c.scope_id),
            *(version.major, version.minor, version.mode, version.language),
            *(version.document, version.content, version.sha256),
            *(version.company_document, version.company_content, version.company_sha256),
            *(record.c.record, record.c.hash, record.c.previous_hash),
            company_contact.c.login,
        )
        .join(agreement, agreement.c.id == here.agreement_id)
        .join(agreement_version, version.id == here.version_id)
        .join(record, _beside(record))
        .outerjoin(company_contact, _beside(company_contact))
        .where(here.agreement_id == agreement_id, where)
        .order_by(here.sequence)
    )
    return map(_signed, rows)


def _beside(table: Any) -> ColumnElement[bool]:
    return and_(
        table.c.agreement_id == company.c.agreement_id, table.c.sequence == company.c.sequence
    )


def _signed(row: Row[Any]) -> CompanySigned:
    given = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it
    texts = ("document", "content", "sha256")
    named = {"number", "version", "previous", *texts}
    theirs = "company_" if row.company_document else ""
    return CompanySigned(
        **{name: given[name] for name in CompanySigned.__dataclass_fields__.keys() - named},
        **{name: given[f"{theirs}{name}"] for name in texts},
        number=row.company,
        version=f"{row.major}.{row.minor}",
        previous=row.previous_hash,
    )
