"""Looking companies up: what they signed, whom they list, who acknowledged."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from licensing.companies.tables import (
    acknowledgement,
    company,
    company_contact,
    company_listing,
    company_listing_end,
    retraction,
)
from licensing.companies.values import (
    Acknowledged,
    Company,
    Contact,
    End,
    Listing,
    managers,
)
from licensing.tables import agreement_version


def find(connection: Connection, agreement_id: int, number: int) -> Company | None:
    """Give a company by its number."""
    found = _companies(connection, agreement_id, company.c.company == number)
    return found[0] if found else None


def all_of(connection: Connection, agreement_id: int) -> tuple[Company, ...]:
    """Give every company that signed any version of an agreement, oldest first."""
    return _companies(connection, agreement_id)


def on_domain(connection: Connection, agreement_id: int, domain: str) -> tuple[Company, ...]:
    """Give the companies that were proven by a domain."""
    return _companies(connection, agreement_id, company.c.domain == domain)


def managed_by(
    connection: Connection, agreement_id: int, person: int, now: datetime
) -> tuple[Company, ...]:
    """Give the companies for which a person acts."""
    listed = connection.scalars(
        select(company_listing.c.company)
        .where(
            company_listing.c.agreement_id == agreement_id,
            company_listing.c.github_id == person,
            company_listing.c.rule == "manager",
        )
        .distinct()
    ).all()
    here = company.c.company.in_(listed)
    return tuple(
        one
        for one in (_companies(connection, agreement_id, here) if listed else ())
        if person in acting(connection, one, now)
    )


def acting(connection: Connection, found: Company, now: datetime) -> frozenset[int]:
    """Give the numbers of those who act for a company now."""
    listed = listings(connection, found.agreement_id, found.number, only="manager")
    said = acknowledged(connection, found.agreement_id, found.number)
    return managers(listed, said, now)


def listings(
    connection: Connection, agreement_id: int, number: int, only: str | None = None
) -> tuple[Listing, ...]:
    """Give a company's listings with all their ends, oldest first."""
    where = company_listing.c.company == number
    if only:
        where = and_(where, company_listing.c.rule == only)
    return read(connection, agreement_id, where)


def listing(connection: Connection, agreement_id: int, number: int) -> Listing | None:
    """Give one listing by its number, with its ends."""
    found = read(connection, agreement_id, company_listing.c.sequence == number)
    return found[0] if found else None


def turned(
    connection: Connection, since: datetime, now: datetime
) -> tuple[tuple[int, Listing], ...]:
    """Give, with their agreements, the listings that began or ended after `since`, until `now`."""
    one, end = company_listing.c, company_listing_end.c
    within = [and_(it > since, it <= now) for it in (one.from_at, one.until_at, end.ends_at)]
    ended = and_(end.agreement_id == one.agreement_id, end.listing == one.sequence)
    rows = connection.execute(
        select(one.agreement_id, one.sequence)
        .outerjoin_from(company_listing, company_listing_end, ended)
        .where(or_(*within), one.rule != "manager")
        .distinct()
        .order_by(one.agreement_id, one.sequence)
    ).all()
    return _each(connection, rows)


def teams(connection: Connection, now: datetime) -> tuple[tuple[int, Listing], ...]:
    """Give, with their agreements, the listings of teams that have not ended."""
    one = company_listing.c
    rows = connection.execute(
        select(one.agreement_id, one.sequence)
        .where(one.rule == "team")
        .order_by(one.agreement_id, one.sequence)
    ).all()
    return tuple(found for found in _each(connection, rows) if not found[1].is_over(now))


def listings_for(
    connection: Connection, agreement_id: int, companies: Collection[int], people: Collection[int]
) -> tuple[Listing, ...]:
    """Give, in one query, the listings of companies that may cover these people, with their ends."""
    by_person = and_(company_listing.c.rule == "person", company_listing.c.github_id.in_(people))
    where = and_(
        company_listing.c.company.in_(companies),
        or_(by_person, company_listing.c.rule.in_(("domain", "team"))),
    )
    return read(connection, agreement_id, where, people)


def acknowledged(
    connection: Connection, agreement_id: int, number: int
) -> tuple[Acknowledged, ...]:
    """Give every acknowledgement of a company, oldest first."""
    return _said(connection, agreement_id, acknowledgement.c.company == number)


def acknowledged_by(
    connection: Connection, agreement_id: int, people: Collection[int], major: int
) -> tuple[Acknowledged, ...]:
    """Give what people acknowledged under versions of one MAJOR, oldest first."""
    where = and_(
        acknowledgement.c.github_id.in_(people),
        acknowledgement.c.role == "person",
        agreement_version.c.major == major,
    )
    return _said(connection, agreement_id, where)


def contacts(
    connection: Connection, agreement_id: int, sequences: Collection[int]
) -> dict[int, Contact]:
    """Give who acted with these records, where it was not erased."""
    rows = connection.execute(
        select(company_contact).where(
            company_contact.c.agreement_id == agreement_id,
            company_contact.c.sequence.in_(sequences),
        )
    )
    return {
        row.sequence: Contact(row.github_id, row.login, row.address, row.title) for row in rows
    }


def names(connection: Connection, agreement_id: int, numbers: Collection[int]) -> dict[int, str]:
    """Give the names under which companies first signed."""
    rows = connection.execute(
        select(company.c.sequence, company.c.name).where(
            company.c.agreement_id == agreement_id, company.c.sequence.in_(numbers)
        )
    )
    return {row.sequence: row.name for row in rows}


def _each(
    connection: Connection, rows: Iterable[Row[int, int]]
) -> tuple[tuple[int, Listing], ...]:
    return tuple(
        (agreement_id, found)
        for agreement_id, number in rows
        if (found := listing(connection, agreement_id, number)) is not None
    )


def _companies(connection: Connection, agreement_id: int, *where: Any) -> tuple[Company, ...]:
    rows = connection.execute(
        select(company, agreement_version.c.major)
        .join(agreement_version, agreement_version.c.id == company.c.version_id)
        .where(company.c.agreement_id == agreement_id, *where)
        .order_by(company.c.sequence)
    ).all()
    first: dict[int, Row[Any]] = {}
    majors: dict[int, set[int]] = {}
    for row in rows:
        first.setdefault(row.company, row)
        majors.setdefault(row.company, set()).add(row.major)
    return tuple(
        Company(
            agreement_id=agreement_id,
            number=number,
            name=row.name,
            domain=row.domain,
            founder_id=row.manager_id,
            signed_at=row.signed_at,
            majors=frozenset(majors[number]),
        )
        for number, row in first.items()
    )


def read(
    connection: Connection, agreement_id: int, where: Any, people: Collection[int] | None = None
) -> tuple[Listing, ...]:
    """Give the listings that fit `where`; of ends for one person only those of `people`, if given."""
    end, one = company_listing_end.c, company_listing.c
    joined = and_(end.agreement_id == one.agreement_id, end.listing == one.sequence)
    if people is not None:
        joined = and_(joined, or_(end.github_id.is_(None), end.github_id.in_(people)))
    rows = connection.execute(
        _with_end(joined).where(one.agreement_id == agreement_id, where).order_by(one.sequence)
    )
    return tuple(_listings(rows))


def _with_end(joined: Any) -> Select[Any]:
    end = company_listing_end.c
    return select(
        company_listing,
        end.sequence.label("end_sequence"),
        end.github_id.label("end_for"),
        end.ends_at,
        end.actor_id.label("end_actor"),
        end.reason,
        end.recorded_at.label("end_recorded_at"),
    ).outerjoin_from(company_listing, company_listing_end, joined)


def _listings(rows: Iterable[Row[Any]]) -> list[Listing]:
    found: dict[int, Row[Any]] = {}
    ends: dict[int, list[End]] = {}
    for row in rows:
        found.setdefault(row.sequence, row)
        if row.end_sequence is not None:
            end = End(
                sequence=row.end_sequence,
                listing=row.sequence,
                github_id=row.end_for,
                ends_at=row.ends_at,
                actor_id=row.end_actor,
                reason=row.reason,
                recorded_at=row.end_recorded_at,
            )
            ends.setdefault(row.sequence, []).append(end)
    return [
        Listing(
            number=number,
            company=row.company,
            rule=row.rule,
            github_id=row.github_id,
            pattern=row.pattern,
            from_at=row.from_at,
            until_at=row.until_at,
            actor_id=row.actor_id,
            recorded_at=row.recorded_at,
            team_id=row.team_id,
            ends=tuple(sorted(ends.get(number, ()), key=lambda end: end.sequence)),
        )
        for number, row in found.items()
    ]


def _said(connection: Connection, agreement_id: int, where: Any) -> tuple[Acknowledged, ...]:
    one, back = acknowledgement.c, retraction.c
    later = and_(
        *(back[name] == one[name] for name in ("agreement_id", "company", "github_id")),
        back.sequence > one.sequence,
        # Whoever acts for the company lays that down by ending their entry as a manager.
        one.role == "person",
    )
    over = select(func.min(back.acted_at)).where(later).scalar_subquery().label("over_at")
    rows = connection.execute(
        select(acknowledgement, agreement_version.c.major, agreement_version.c.minor, over)
        .join(agreement_version, agreement_version.c.id == acknowledgement.c.version_id)
        .where(acknowledgement.c.agreement_id == agreement_id, where)
        .order_by(acknowledgement.c.sequence)
    )
    return tuple(
        Acknowledged(
            sequence=row.sequence,
            company=row.company,
            github_id=row.github_id,
            role=row.role,
            domains=tuple(row.domains),
            teams=tuple(row.teams),
            version=f"{row.major}.{row.minor}",
            acknowledged_at=row.acknowledged_at,
            over_at=row.over_at,
        )
        for row in rows
    )
