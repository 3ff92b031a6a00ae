"""What companies and their people do; each act is written once, behind the last of its agreement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, distinct, func, select

from licensing import records
from licensing.companies import reading
from licensing.companies.tables import company, company_listing_end, retraction
from licensing.companies.values import (
    Acknowledged,
    Acknowledging,
    Company,
    CompanyAct,
    End,
    Ending,
    Found,
    Listing,
    Wanted,
    managers,
    means,
    open_to,
)
from licensing.companies.writing import (
    write_acknowledgement,
    write_company,
    write_listing,
)

MOST_FOUNDED = 20
"""Companies for which one person signs first: nothing in a chain can be taken away again."""

MOST_LISTINGS = 5_000
MOST_TEAMS = 10

Outcome = Literal["done", "already", "refused"]
"""already: it stands as wanted, nothing was written; refused: see the act's own words."""


@dataclass(frozen=True)
class Done:
    """What came of an act; `sequence` is its record's, or that of the record that stands."""

    outcome: Outcome
    sequence: int = 0


def sign(connection: Connection, act: CompanyAct, now: datetime) -> Done:
    """Write that a company signed, and that whoever did so acts for it.

    `already` if the same person signed the same for the same company, or the company its MAJOR;
    `refused` if they have signed for too many.
    """
    agreement_id = act.version.agreement_id
    records.hold(connection, agreement_id)
    known = _signed_before(connection, act)
    if known is not None:
        return Done("already", known)
    first = act.number is None
    if first and _founded(connection, agreement_id, act.manager.github_id) >= MOST_FOUNDED:
        return Done("refused")
    number = act.number or records.hold(connection, agreement_id).sequence + 1
    write_company(connection, act, number, now)
    if first:
        who = act.manager.github_id
        founder = Wanted(number, "manager", who, act.signed_at, github_id=who)
        write_listing(connection, agreement_id, founder, now)
    return Done("done", number)


def add(connection: Connection, agreement_id: int, wanted: Wanted, now: datetime) -> Done:
    """Write a listing; `already` if the same stands, `refused` if there are too many."""
    records.hold(connection, agreement_id)
    listed = reading.listings(connection, agreement_id, wanted.company)
    standing = [one for one in listed if not one.is_over(now)]
    for one in standing:
        # A team that took the name of another is another team: it gets an entry of its own.
        if (
            _about_same(one, wanted)
            and one.from_at <= max(wanted.from_at, now)
            and one.until_at == wanted.until_at
        ):
            return Done("already", one.number)
    teams = sum(one.rule == "team" for one in standing)
    if len(standing) >= MOST_LISTINGS or (wanted.rule == "team" and teams >= MOST_TEAMS):
        return Done("refused")
    return Done("done", write_listing(connection, agreement_id, wanted, now))


def end(connection: Connection, agreement_id: int, ending: Ending, now: datetime) -> Done:
    """Write that a listing ends; nothing else is touched.

    `already` if it ends by then anyhow; `refused` if nobody would act for the company any more.
    """
    records.hold(connection, agreement_id)
    listing = reading.listing(connection, agreement_id, ending.listing)
    if listing is None:
        return Done("refused")
    if listing.over_at is not None and listing.over_at <= ending.ends_at:
        return Done("already", listing.number)
    if any(_is_known(one, ending) for one in listing.ends):
        return Done("already", listing.number)
    if listing.rule == "manager" and not _another_acts(connection, agreement_id, listing, now):
        return Done("refused")
    facts = {
        "listing": ending.listing,
        "github_id": ending.github_id,
        "ends_at": ending.ends_at.isoformat(),
        "actor_id": ending.actor_id,
        "reason": ending.reason,
    }
    row = {**facts, "ends_at": ending.ends_at}
    told = (facts, row)
    table = company_listing_end
    done = records.write(connection, agreement_id, "listing_end", table, told, now)
    return Done("done", done.sequence)


def acknowledge(connection: Connection, act: Acknowledging, now: datetime) -> Done:
    """Write that a person knows what the company's listing means, or takes on to act for it.

    `refused` where nothing lists them, or the company has not signed a version of this MAJOR.
    """
    agreement_id, person = act.version.agreement_id, act.found.github_id
    records.hold(connection, agreement_id)
    known = reading.find(connection, agreement_id, act.company)
    if known is None or act.version.major not in known.majors:
        return Done("refused")
    if act.role == "manager":
        outcome = _may_act(connection, known, person, now)
    else:
        outcome = _may_join(connection, act, now)
    if outcome != "done":
        return Done(outcome)
    return Done("done", write_acknowledgement(connection, act, now))


def take_back(
    connection: Connection, agreement_id: int, number: int, person: int, now: datetime
) -> Done:
    """Write that a person no longer says that a company covers them; from `now` on it does not.

    What was merged before stays covered. They may say it again as long as the company lists them.
    `refused` where they never said it, `already` where they have taken it back.
    """
    records.hold(connection, agreement_id)
    mine = [
        one
        for one in reading.acknowledged(connection, agreement_id, number)
        if one.github_id == person and one.role == "person"
    ]
    if not any(one.over_at is None for one in mine):
        return Done("already" if mine else "refused")
    facts = {"company": number, "github_id": person, "acted_at": now.isoformat()}
    told = (facts, {**facts, "acted_at": now})
    done = records.write(connection, agreement_id, "retraction", retraction, told, now)
    return Done("done", done.sequence)


def _about_same(one: Listing, wanted: Wanted) -> bool:
    return (one.rule, one.github_id) == (wanted.rule, wanted.github_id) and (
        one.team_id == wanted.team_id if one.rule == "team" else one.pattern == wanted.pattern
    )


def _may_act(connection: Connection, known: Company, person: int, now: datetime) -> Outcome:
    if person in reading.acting(connection, known, now):
        return "already"
    listed = reading.listings(connection, known.agreement_id, known.number, only="manager")
    asked = any(one.github_id == person and one.stands(now) for one in listed)
    return "done" if asked else "refused"


def _may_join(connection: Connection, act: Acknowledging, now: datetime) -> Outcome:
    agreement_id, major = act.version.agreement_id, act.version.major
    listed = reading.listings(connection, agreement_id, act.company)
    wanted = open_to(listed, act.found, now)
    if not wanted:
        return "refused"
    before = reading.acknowledged_by(connection, agreement_id, (act.found.github_id,), major)
    mine = [one for one in before if one.company == act.company and one.stands(now)]
    return "already" if any(says_all(one, wanted, now) for one in mine) else "done"


def says_all(said: Acknowledged, listed: Collection[Listing], now: datetime) -> bool:
    """Say whether the same person would add nothing by acknowledging these once more."""
    known = Found(said.github_id, said.domains, said.teams)
    return all(
        means(one, known) and not one.left(said.github_id, said.sequence, now) for one in listed
    )


def _founded(connection: Connection, agreement_id: int, person: int) -> int:
    numbers = select(func.count(distinct(company.c.company))).where(
        company.c.agreement_id == agreement_id,
        company.c.manager_id == person,
        company.c.company == company.c.sequence,
    )
    return connection.scalar(numbers) or 0


def _signed_before(connection: Connection, act: CompanyAct) -> int | None:
    if act.number is not None:
        known = reading.find(connection, act.version.agreement_id, act.number)
        return act.number if known and act.version.major in known.majors else None
    return connection.scalar(
        select(company.c.company)
        .where(
            company.c.agreement_id == act.version.agreement_id,
            company.c.version_id == act.version.id,
            company.c.domain == act.domain,
            company.c.name == act.name,
            company.c.manager_id == act.manager.github_id,
        )
        .limit(1)
    )


def _is_known(known: End, wanted: Ending) -> bool:
    return (
        known.github_id == wanted.github_id
        and known.actor_id is not None
        and known.ends_at <= wanted.ends_at
    )


def _another_acts(
    connection: Connection, agreement_id: int, listing: Listing, now: datetime
) -> bool:
    """Say whether somebody acts for the company, without an end, if this listing of a manager ends."""
    listed = reading.listings(connection, agreement_id, listing.company, only="manager")
    said = reading.acknowledged(connection, agreement_id, listing.company)
    staying = [one for one in listed if one.number != listing.number and one.over_at is None]
    return listing.github_id not in managers(listed, said, now) or bool(
        managers(staying, said, now)
    )
