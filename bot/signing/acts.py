"""Somebody signs on the page: the signature, what they told beside it, and what it sets free.

All of it happens in one transaction, under the lock of the agreement: what is in force is looked
up behind it, so that nobody signs a text that has just been replaced.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from bot import policies, rechecks, repositories, tasks
from bot.signing.form import Given
from bot.signing.tokens import LIFE, Shown
from core.context import Task
from core.github import Account
from licensing import addresses, details, records, relying, signing
from licensing.bases import ended
from licensing.tables import agreement_version, signature, withdrawal
from licensing.versions import AgreementVersion

Refusal = Literal["changed", "expired", "withdrawn"]
"""changed: what was shown is not in force now; withdrawn: they withdrew after it was shown."""


@dataclass(frozen=True)
class Standing:
    """The last signature of somebody that stands: which version, and since when."""

    version_id: int
    version: str
    acted_at: datetime
    capacity: str
    signed_by: int | None


@dataclass(frozen=True)
class Occasion:
    """What somebody did on a page, as a reason for another look at pull requests."""

    now: datetime
    source: str = "page"
    guid: str = field(default_factory=lambda: secrets.token_hex(8))


def standing(connection: Connection, agreement_id: int, github_id: int) -> Standing | None:
    """Give the last signature of a person that was not withdrawn."""
    row = connection.execute(
        select(
            signature.c.version_id,
            signature.c.acted_at,
            signature.c.capacity,
            signature.c.signed_by,
            agreement_version.c.major,
            agreement_version.c.minor,
        )
        .join(agreement_version, agreement_version.c.id == signature.c.version_id)
        .where(
            signature.c.agreement_id == agreement_id,
            signature.c.github_id == github_id,
            ~ended(),
        )
        .order_by(signature.c.sequence.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    name = f"{row.major}.{row.minor}"
    return Standing(row.version_id, name, row.acted_at, row.capacity, row.signed_by)


def sign(
    connection: Connection,
    person: Account,
    shown: Shown,
    given: Given,
    origin: Mapping[str, str] | None,
    now: datetime,
) -> Refusal | None:
    """Let `person` sign what they were shown; None where the signature stands now, however often.

    `origin` is network address and browser, where the project keeps them.
    """
    version = _in_force(connection, shown.repo_id)
    if version is None or not shown.is_of(version):
        return "changed"
    if now >= shown.shown_at + LIFE:
        return "expired"
    subject = shown.minor or person
    if withdrew_since(connection, version.agreement_id, subject.id, shown.shown_at):
        return "withdrawn"
    act = signing.Act(
        version=version,
        repo_id=shown.repo_id,
        number=_known_number(connection, shown),
        github_id=subject.id,
        login=subject.login,
        acted_at=now,
        method="web",
        capacity=given.capacity,
        signed_by=person.id if shown.minor else None,
        shown_at=shown.shown_at,
    )
    occasion = Occasion(now)
    if _write(connection, act, _sealed(person, given, shown, origin, now)):
        acted = rechecks.after_act(occasion, connection, version.agreement_id, subject.id)
        _put(connection, acted, occasion)
    rely(connection, person, given.addresses, occasion)
    return None


def _write(connection: Connection, act: signing.Act, sealed: Iterable[details.Sealed]) -> bool:
    """Write a signature and what stands beside it; False where it stands already."""
    told = tuple(sealed)
    act = replace(act, evidence={one.field: one.sha256 for one in told})
    done = signing.sign(connection, act, act.acted_at)
    if done.signature_id is None:
        return False
    for one in told:
        details.keep(connection, done.signature_id, one)
    return True


def rely(
    connection: Connection, person: Account, chosen: Collection[str], occasion: Occasion
) -> None:
    """Rely on addresses that GitHub verified for `person`, and look at what they resolve."""
    if not chosen:
        return
    addresses.prove(connection, person, chosen, occasion.now)
    found = addresses.unlinked_with(connection, chosen).values()
    threads = {thread for threads in found for thread in threads}
    for other in addresses.rivals(connection, person.id, chosen):
        # What was theirs by such an address alone is nobody's from now on.
        threads |= set(relying.relies_on(connection, other))
    for repo_id, number in sorted(threads):
        repo = repositories.repo(connection, repo_id)
        if repo is not None:
            _put(connection, [rechecks.recheck(occasion, repo, number, "addresses")], occasion)


def _in_force(connection: Connection, repo_id: int) -> AgreementVersion | None:
    before = policies.rules(connection, repo_id)
    if before.version is None:
        return None
    records.hold(connection, before.version.agreement_id)
    # Whoever publishes holds the agreement too: only now it is certain what is in force.
    rules = policies.rules(connection, repo_id)
    return rules.version if rules.asks else None


def withdrew_since(
    connection: Connection, agreement_id: int, github_id: int, since: datetime
) -> bool:
    """Say whether a person, or somebody for them, has withdrawn since then."""
    found = select(withdrawal.c.id).where(
        withdrawal.c.agreement_id == agreement_id,
        withdrawal.c.github_id == github_id,
        withdrawal.c.recorded_at >= since,
    )
    return connection.scalar(found.limit(1)) is not None


def _known_number(connection: Connection, shown: Shown) -> int | None:
    if shown.number is None:
        return None
    known = repositories.pull(connection, shown.repo_id, shown.number)
    return shown.number if known else None


def _sealed(
    person: Account,
    given: Given,
    shown: Shown,
    origin: Mapping[str, str] | None,
    now: datetime,
) -> tuple[details.Sealed, ...]:
    told: dict[str, Any] = {}
    if given.values:
        told["fields"] = dict(given.values)
    if given.employer:
        told["employer"] = given.employer
    if given.addresses:
        told["addresses"] = list(given.addresses)
    if shown.minor:
        told["guardian"] = person.login
    found = [details.seal("details", told)] if told else []
    if origin is not None:
        found.append(details.seal("origin", origin, now + details.ORIGIN_KEPT))
    return tuple(found)


def _put(connection: Connection, wanted: Iterable[Task], occasion: Occasion) -> None:
    for task in wanted:
        tasks.put(connection, task, occasion.now)
