"""Acts on the pages of companies, each in one transaction, and which pull requests they concern."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot import policies, rechecks, tasks
from bot.companies.form import Signing
from bot.signing.acts import Occasion
from bot.signing.tokens import LIFE, Shown
from core.context import Task
from core.github import Account
from licensing import records
from licensing.companies import acts, reading
from licensing.companies.acts import Done
from licensing.companies.values import (
    Acknowledged,
    Acknowledging,
    Company,
    CompanyAct,
    Contact,
    Ending,
    Found,
    Listing,
    Role,
    Wanted,
    means,
)
from licensing.versions import AgreementVersion

Refusal = Literal["changed", "expired", "unlisted", "crowded"]
"""crowded: they have signed for as many companies as one person may."""


def sign(
    connection: Connection,
    person: Account,
    shown: Shown,
    given: Signing,
    company: Company | None,
    now: datetime,
) -> Refusal | int:
    """Let a company sign what its manager was shown; gives its number."""
    version = _in_force(connection, shown, now)
    if not isinstance(version, AgreementVersion):
        return version
    if company is not None and not acts_for(connection, company, person, now):
        return "changed"
    act = CompanyAct(
        version=version,
        repo_id=shown.repo_id,
        name=given.name,
        domain=given.domain,
        manager=Contact(person.id, person.login, given.address, given.title),
        shown_at=shown.shown_at,
        signed_at=now,
        number=company.number if company else None,
    )
    done = acts.sign(connection, act, now)
    return "crowded" if done.outcome == "refused" else done.sequence


def join(
    connection: Connection,
    person: Contact,
    shown: Shown,
    company: int,
    found: Found,
    role: Role,
    now: datetime,
) -> Refusal | None:
    """Let a person acknowledge that a company covers them, or that they act for it."""
    version = _in_force(connection, shown, now)
    if not isinstance(version, AgreementVersion):
        return version
    act = Acknowledging(version, company, person, found, shown.shown_at, now, role)
    done = acts.acknowledge(connection, act, now)
    if done.outcome == "refused":
        return "unlisted"
    if done.outcome == "done" and role == "person":
        _look_again(connection, version.agreement_id, person.github_id, Occasion(now))
    return None


def leave(
    connection: Connection, agreement_id: int, company: int, person: int, now: datetime
) -> Done:
    """Let a person take back that a company covers them, and look at what rests on it."""
    done = acts.take_back(connection, agreement_id, company, person, now)
    if done.outcome == "done":
        _look_again(connection, agreement_id, person, Occasion(now))
    return done


def acts_for(connection: Connection, company: Company, person: Account, now: datetime) -> bool:
    """Say whether a person acts for a company, so that it stays so until the transaction ends."""
    records.hold(connection, company.agreement_id)
    return person.id in reading.acting(connection, company, now)


def add(connection: Connection, agreement_id: int, wanted: Wanted, now: datetime) -> Done:
    """List somebody, and look at what waits for those who acknowledged already."""
    done = acts.add(connection, agreement_id, wanted, now)
    if done.outcome == "done":
        _about(connection, agreement_id, done.sequence, Occasion(now))
    return done


def end(
    connection: Connection, agreement_id: int, listing: Listing, ending: Ending, now: datetime
) -> Done:
    """End a listing, and look at what rests on it."""
    done = acts.end(connection, agreement_id, ending, now)
    if done.outcome == "done":
        _about(connection, agreement_id, listing.number, Occasion(now), ending.github_id)
    return done


def concerned(listing: Listing, said: Iterable[Acknowledged]) -> frozenset[int]:
    """Give the numbers of those who acknowledged and whom a listing means."""
    return frozenset(
        one.github_id
        for one in said
        if one.role == "person" and means(listing, Found(one.github_id, one.domains, one.teams))
    )


def look_at(
    connection: Connection, agreement_id: int, listing: Listing, occasion: rechecks.Occasion
) -> tuple[Task, ...]:
    """Ask for another look at what a listing concerns: it began, or ended."""
    said = reading.acknowledged(connection, agreement_id, listing.company)
    return tuple(
        task
        for person in sorted(concerned(listing, said))
        for task in rechecks.after_act(occasion, connection, agreement_id, person)
    )


def _about(
    connection: Connection,
    agreement_id: int,
    number: int,
    occasion: Occasion,
    person: int | None = None,
) -> None:
    listing = reading.listing(connection, agreement_id, number)
    if person is not None:
        _look_again(connection, agreement_id, person, occasion)
    elif listing is not None:
        _put(connection, look_at(connection, agreement_id, listing, occasion), occasion)


def _look_again(
    connection: Connection, agreement_id: int, person: int, occasion: Occasion
) -> None:
    _put(connection, rechecks.after_act(occasion, connection, agreement_id, person), occasion)


def _put(connection: Connection, wanted: Iterable[Task], occasion: Occasion) -> None:
    for task in wanted:
        tasks.put(connection, task, occasion.now)


def _in_force(
    connection: Connection, shown: Shown, now: datetime
) -> AgreementVersion | Literal["changed", "expired"]:
    """Give the version in force, under the agreement's lock, if it is the one that was shown."""
    before = policies.rules(connection, shown.repo_id)
    if before.version is None:
        return "changed"
    records.hold(connection, before.version.agreement_id)
    # Whoever publishes holds the agreement too: only now it is certain what is in force.
    rules = policies.rules(connection, shown.repo_id)
    if rules.version is None or not rules.asks or not shown.is_of(rules.version):
        return "changed"
    return "expired" if now >= shown.shown_at + LIFE else rules.version
