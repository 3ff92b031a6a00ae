"""Acts of people: they sign, and they withdraw for the future; each act is written once.

What is personal and may have to be erased, such as a login at the time, stands in `signer`,
outside of the chain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, distinct, func, insert, or_, select

from licensing import records
from licensing.bases import ended
from licensing.tables import agreement_repository, signature, signer, withdrawal
from licensing.versions import AgreementVersion

Outcome = Literal["signed", "already", "replayed", "used"]
"""already: this person's signature of this version stands; replayed: by this very comment; used:
this comment is the signature of another version."""
Method = Literal["comment", "web", "import", "paper"]
Capacity = Literal["self", "employer", "guardian"]


@dataclass(frozen=True)
class Act:
    """A person signs `version`; `acted_at` is when they did, not when we heard.

    `github_id` is whose contributions it covers; `signed_by` is the number of whoever acted,
    where that is somebody else: a guardian, or the maintainer who approved an import or received
    a paper. `evidence`
    is added to the record as it is: hashes and numbers, nothing that may have to be erased.
    """

    version: AgreementVersion
    repo_id: int
    github_id: int
    login: str
    acted_at: datetime
    number: int | None = None
    method: Method = "comment"
    capacity: Capacity = "self"
    signed_by: int | None = None
    comment_id: int | None = None
    shown_at: datetime | None = None
    evidence: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Signing:
    """What came of an act; `signature_id` is the row's, where one was written."""

    outcome: Outcome
    signature_id: int | None = None


@dataclass(frozen=True)
class Withdrawal:
    """`github_id` signs no more from now on; `actor_id` said so, and why."""

    github_id: int
    actor_id: int
    reason: str
    acted_at: datetime


def signers(connection: Connection, repo_id: int) -> int:
    """Count the people whose signature of any version stands."""
    return (
        connection.scalar(
            select(func.count(distinct(signature.c.github_id)))
            .join(
                agreement_repository,
                agreement_repository.c.agreement_id == signature.c.agreement_id,
            )
            .where(agreement_repository.c.repo_id == repo_id, ~ended())
        )
        or 0
    )


def signed_by_comment(
    connection: Connection, version: AgreementVersion, comment_id: int
) -> int | None:
    """Give the id of the version that a comment has signed, of the agreement of `version`."""
    return connection.scalar(
        select(signature.c.version_id).where(
            signature.c.agreement_id == version.agreement_id,
            signature.c.comment_id == comment_id,
        )
    )


def sign(connection: Connection, act: Act, recorded_at: datetime) -> Signing:
    """Write a signature behind the last record of its agreement, once for each person and comment."""
    agreement_id = act.version.agreement_id
    records.hold(connection, agreement_id)
    earlier = _earlier(connection, act)
    if earlier is not None:
        return Signing(earlier)
    row = {
        "version_id": act.version.id,
        "github_id": act.github_id,
        "method": act.method,
        "capacity": act.capacity,
        "comment_id": act.comment_id,
        "repo_id": act.repo_id,
        "number": act.number,
        "acted_at": act.acted_at,
        "signed_by": act.signed_by,
        "shown_at": act.shown_at,
    }
    told = (_facts(act), row)
    done = records.write(connection, agreement_id, "signature", signature, told, recorded_at)
    connection.execute(insert(signer).values(signature_id=done.row_id, login=act.login))
    return Signing("signed", done.row_id)


def withdraw(
    connection: Connection, agreement_id: int, act: Withdrawal, recorded_at: datetime
) -> bool:
    """End for the future what a person signed so far; False where nothing of theirs stands.

    What was merged before keeps its grant, and they may sign again.
    """
    records.hold(connection, agreement_id)
    stands = select(signature.c.id).where(
        signature.c.agreement_id == agreement_id,
        signature.c.github_id == act.github_id,
        ~ended(),
    )
    if connection.scalar(stands.limit(1)) is None:
        return False
    row = {"github_id": act.github_id, "actor_id": act.actor_id, "reason": act.reason}
    facts = row | {"acted_at": act.acted_at.isoformat()}
    told = (facts, row | {"acted_at": act.acted_at})
    records.write(connection, agreement_id, "withdrawal", withdrawal, told, recorded_at)
    return True


def rests_on_guardian(
    connection: Connection, agreement_id: int, github_id: int, guardian_id: int
) -> bool:
    """Say whether this guardian made every signature of a person that stands."""
    others = select(signature.c.id).where(
        signature.c.agreement_id == agreement_id,
        signature.c.github_id == github_id,
        or_(signature.c.capacity != "guardian", signature.c.signed_by != guardian_id),
        ~ended(),
    )
    return connection.scalar(others.limit(1)) is None


def _earlier(connection: Connection, act: Act) -> Outcome | None:
    if act.comment_id is not None:
        by_comment = signed_by_comment(connection, act.version, act.comment_id)
        if by_comment is not None:
            return "replayed" if by_comment == act.version.id else "used"
    # What was signed before that, and is heard of only now, is written too: since when a person
    # is covered must not depend on the order in which we heard.
    since = or_(
        signature.c.acted_at < act.acted_at,
        and_(
            signature.c.acted_at == act.acted_at,
            func.coalesce(signature.c.comment_id, 0) <= (act.comment_id or 0),
        ),
    )
    stands = select(signature.c.id).where(
        signature.c.version_id == act.version.id,
        signature.c.github_id == act.github_id,
        since,
        ~ended(),
    )
    return None if connection.scalar(stands.limit(1)) is None else "already"


def _facts(act: Act) -> dict[str, Any]:
    facts: dict[str, Any] = {
        **act.evidence,
        **records.of_version(act.version),
        "repository": act.repo_id,
        "github_id": act.github_id,
        "capacity": act.capacity,
        "method": act.method,
        "signed_at": act.acted_at.isoformat(),
    }
    optional = {
        "pull_request": act.number,
        "comment_id": act.comment_id,
        "signed_by": act.signed_by,
        "shown_at": act.shown_at.isoformat() if act.shown_at else None,
    }
    return facts | {name: value for name, value in optional.items() if value is not None}
