"""How an act of a company is written: its record, the row that repeats it, and who acted."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from licensing import chain, records
from licensing.companies.tables import acknowledgement, company, company_contact, company_listing
from licensing.companies.values import Acknowledging, CompanyAct, Contact, Wanted
from licensing.tables import record

CONTACT = ("github_id", "login", "address", "title", "salt")
"""What the hash in the record is of."""


def write_company(connection: Connection, act: CompanyAct, number: int, now: datetime) -> int:
    """Write that a company signed, with whoever did so, and give the record's sequence."""
    contact = sealed(act.manager)
    common = {
        "company": number,
        "name": act.name,
        "domain": act.domain,
        "manager_id": act.manager.github_id,
    }
    facts = {
        **records.of_version(act.version.for_companies),
        **common,
        "repository": act.repo_id,
        "shown_at": act.shown_at.isoformat(),
        "signed_at": act.signed_at.isoformat(),
        "contact_sha256": contact_sha256(contact),
    }
    row = {
        **common,
        "version_id": act.version.id,
        "repo_id": act.repo_id,
        "shown_at": act.shown_at,
        "signed_at": act.signed_at,
    }
    agreement_id = act.version.agreement_id
    told = (facts, row)
    sequence = records.write(connection, agreement_id, "company", company, told, now).sequence
    keep(connection, agreement_id, sequence, contact)
    return sequence


def write_listing(connection: Connection, agreement_id: int, wanted: Wanted, now: datetime) -> int:
    """Write a listing and give its sequence."""
    facts = {
        "company": wanted.company,
        "rule": wanted.rule,
        "github_id": wanted.github_id,
        "pattern": wanted.pattern,
        "team_id": wanted.team_id,
        "from": wanted.from_at.isoformat(),
        "until": wanted.until_at.isoformat() if wanted.until_at else None,
        "actor_id": wanted.actor_id,
    }
    row = {
        "company": wanted.company,
        "rule": wanted.rule,
        "github_id": wanted.github_id,
        "pattern": wanted.pattern,
        "team_id": wanted.team_id,
        "from_at": wanted.from_at,
        "until_at": wanted.until_at,
        "actor_id": wanted.actor_id,
    }
    told = (facts, row)
    done = records.write(connection, agreement_id, "listing", company_listing, told, now)
    return done.sequence


def write_acknowledgement(connection: Connection, act: Acknowledging, now: datetime) -> int:
    """Write an acknowledgement, with whoever made it, and give its sequence."""
    contact = sealed(act.person)
    row: dict[str, Any] = {
        "company": act.company,
        "github_id": act.found.github_id,
        "role": act.role,
        "domains": sorted(act.found.domains),
        "teams": sorted(act.found.teams),
    }
    facts = {
        **records.of_version(act.version.for_companies),
        **row,
        "shown_at": act.shown_at.isoformat(),
        "acknowledged_at": act.acknowledged_at.isoformat(),
        "contact_sha256": contact_sha256(contact),
    }
    row |= {
        "version_id": act.version.id,
        "shown_at": act.shown_at,
        "acknowledged_at": act.acknowledged_at,
    }
    agreement_id, told = act.version.agreement_id, (facts, row)
    table = acknowledgement
    done = records.write(connection, agreement_id, "acknowledgement", table, told, now)
    keep(connection, agreement_id, done.sequence, contact)
    return done.sequence


def sealed(who: Contact) -> dict[str, str | int]:
    """Give what is kept of somebody beside the chain, with a salt of its own."""
    return {
        "github_id": who.github_id,
        "login": who.login,
        "address": who.address,
        "title": who.title,
        "salt": secrets.token_hex(32),
    }


def contact_sha256(contact: Mapping[str, Any]) -> str:
    """Give what the chain keeps of a contact: nothing can be told from it without the salt."""
    return chain.sha256(chain.canonical(contact).encode())


def problems(connection: Connection, agreement_id: int) -> Iterator[str]:
    """Name each contact that is not the one of its record, of one agreement."""
    table = company_contact
    rows = connection.execute(
        select(table, record.c.record)
        .outerjoin(
            record,
            (record.c.agreement_id == table.c.agreement_id)
            & (record.c.sequence == table.c.sequence),
        )
        .where(table.c.agreement_id == agreement_id)
        .order_by(table.c.sequence)
    )
    for row in rows:
        kept = {name: row._mapping[name] for name in CONTACT}  # noqa: SLF001 - SQLAlchemy's own name
        if chain.parsed(row.record or "").get("contact_sha256") != contact_sha256(kept):
            yield f"the contact beside record {row.sequence} was changed"


def keep(
    connection: Connection, agreement_id: int, sequence: int, contact: Mapping[str, Any]
) -> None:
    """Keep who acted, until it is erased."""
    values = {"agreement_id": agreement_id, "sequence": sequence, **contact}
    connection.execute(insert(company_contact).values(**values))
