"""The companies on the page of one's own: those for which somebody acts, and those that list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, select

from bot.places import repository
from licensing import signed
from licensing.companies import reading
from licensing.companies import signed as signed_by
from licensing.companies.signed import CompanySigned
from licensing.companies.tables import acknowledgement, company, company_listing
from licensing.companies.values import Company, Listing
from licensing.receipts.facts import Receipt


@dataclass(frozen=True)
class Desk:
    """A company for which somebody signed, or acts: `record` is that of its own signature.

    `page` is where it is managed: empty where they act for it no longer, or where all that the
    agreement covers is private. `receipts` are the company's signatures, one for each version.
    """

    company: str
    project: str
    page: str
    record: int
    signed_at: datetime
    acts: bool
    receipts: tuple[CompanySigned, ...] = ()


@dataclass(frozen=True)
class Listed:
    """A company that names a person, or whom they acknowledged; `page` is where that is done.

    `acknowledged_at` is empty, and `taken_back_at` is not, where they have taken it back.
    """

    agreement_id: int
    number: int
    company: str
    project: str
    page: str
    from_at: datetime | None
    over_at: datetime | None
    acknowledged_at: datetime | None
    taken_back_at: datetime | None = None


def desks(connection: Connection, github_id: int, now: datetime) -> tuple[Desk, ...]:
    """Give the companies for which somebody signed or acts, in the order of their agreements."""
    signed_for = select(company.c.agreement_id, company.c.company).where(
        company.c.manager_id == github_id
    )
    found = []
    for known in _named(connection, signed_for, github_id):
        acts = github_id in reading.acting(connection, known, now)
        project = _project(connection, known.agreement_id)
        if acts or known.founder_id == github_id:
            page = f"/{project}/cla/company/{known.number}" if acts and project else ""
            signatures = signed_by.of_company(connection, known.agreement_id, known.number)
            receipts = tuple(one for one in signatures if acts or one.manager_id == github_id)
            first = (known.number, known.signed_at)
            found.append(Desk(known.name, project, page, *first, acts, receipts))
    return tuple(found)


def signature(
    connection: Connection, agreement_id: int, sequence: int, github_id: int, now: datetime
) -> Receipt | None:
    """Give what a company signed to whoever signed it or acts for it now; None to others."""
    one = signed_by.one(connection, agreement_id, sequence)
    known = reading.find(connection, agreement_id, one.number) if one else None
    if one is None or known is None:
        return None
    if github_id != one.manager_id and github_id not in reading.acting(connection, known, now):
        return None
    names = Receipt.__dataclass_fields__.keys() - {"number"}
    shared = {name: getattr(one, name) for name in names if hasattr(one, name)}
    return Receipt(
        **shared,
        github_id=one.manager_id,
        project=_project(connection, agreement_id) or f"#{one.repo_id}",
        capacity="company",
        method="web",
        signed_by=None,
        number=None,
        company=one.name,
    )


def listed(connection: Connection, github_id: int, now: datetime) -> tuple[Listed, ...]:
    """Give the companies that list somebody by number, or whom they acknowledged."""
    said = select(acknowledgement.c.agreement_id, acknowledgement.c.company).where(
        acknowledgement.c.github_id == github_id
    )
    found = (
        _listed(connection, one, github_id, now) for one in _named(connection, said, github_id)
    )
    return tuple(one for one in found if one is not None)


def _named(connection: Connection, more: Select[int, int], github_id: int) -> tuple[Company, ...]:
    """Give the companies of a query, and those that list somebody by number."""
    by_number = select(company_listing.c.agreement_id, company_listing.c.company).where(
        company_listing.c.github_id == github_id,
        company_listing.c.rule.in_(("person", "manager")),
    )
    rows = connection.execute(by_number.union(more)).all()
    known = (reading.find(connection, *row) for row in sorted(map(tuple, rows)))
    return tuple(one for one in known if one is not None)


def _listed(
    connection: Connection, known: Company, github_id: int, now: datetime
) -> Listed | None:
    agreement_id, number = known.agreement_id, known.number
    acts = github_id in reading.acting(connection, known, now)
    said = [
        one
        for one in reading.acknowledged(connection, agreement_id, number)
        if one.github_id == github_id and not (acts and one.role == "manager")
    ]
    mine = [
        one
        for one in reading.listings(connection, agreement_id, number)
        if one.github_id == github_id and _waits(one, acts=acts)
    ]
    if not said and not mine:
        return None
    public = _project(connection, agreement_id)
    standing = [one for one in said if one.stands(now)]
    return Listed(
        agreement_id=agreement_id,
        number=number,
        company=known.name,
        project=public,
        page=f"/{public}/cla/company/{number}/join" if public else "",
        from_at=min((one.from_at for one in mine), default=None),
        over_at=_last_end(mine),
        acknowledged_at=standing[-1].acknowledged_at if standing else None,
        taken_back_at=said[-1].over_at if said and not standing else None,
    )


def _waits(one: Listing, *, acts: bool) -> bool:
    """Say whether a listing is for the person to acknowledge: who acts already has done so."""
    if one.rule == "person":
        return True
    return one.rule == "manager" and not acts and one.actor_id != one.github_id


def _last_end(listings: Sequence[Listing]) -> datetime | None:
    """Give when the last of them ends, or ended; None while one of them goes on without an end."""
    ends = [one.over_at for one in listings if one.over_at]
    return max(ends) if ends and len(ends) == len(listings) else None


def _project(connection: Connection, agreement_id: int) -> str:
    """Name the first public repository that an agreement covers: what is private is not named."""
    numbers = signed.repositories_of(connection, agreement_id)
    found = connection.scalar(
        select(repository.c.name)
        .where(repository.c.id.in_(numbers), ~repository.c.private)
        .order_by(repository.c.name)
        .limit(1)
    )
    return found or ""
