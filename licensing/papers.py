"""A guardian's signature on paper: a maintainer says that it came, and it counts for the minor.

Two records are written together. The one of the kind `paper` says what came: the SHA-256 of the
scan, on which day, and who received it. The signature behind it is the minor's, with the capacity
`guardian` and the method `paper`; `signed_by` is the maintainer. Neither the paper nor a name on
it is kept here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    select,
)

from core.db import UtcDateTime, metadata
from core.github import Account
from core.queue import BIG_ID
from licensing import records, signing
from licensing.bases import ended
from licensing.signing import Act, Withdrawal
from licensing.tables import agreement_version, signature, signer
from licensing.versions import AgreementVersion

METHOD = "paper"

Outcome = Literal["signed", "already", "known"]
"""already: this version is signed for the minor; known: this very scan was recorded before."""

Ending = Literal["guardian", "age", "mistake"]
"""Why a maintainer ends what was signed on paper: nothing in the chain can be erased, so never in
free words. guardian: they asked for it; age: the minor came of age and did not sign."""

guardian_paper = Table(
    "guardian_paper",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("version_id", ForeignKey("agreement_version.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("scan_sha256", String(64), nullable=False),
    Column("received_on", String(10), nullable=False),
    Column("printed_at", UtcDateTime, nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_guardian_paper_sequence", "agreement_id", "sequence", unique=True),
    Index("uq_guardian_paper_scan", "agreement_id", "scan_sha256", unique=True),
)

ROWS = {
    "paper": (
        guardian_paper,
        {
            "version": "version_id",
            "github_id": "github_id",
            "repository": "repo_id",
            "actor_id": "actor_id",
            "scan_sha256": "scan_sha256",
            "received_on": "received_on",
            "printed_at": "printed_at",
            "acted_at": "acted_at",
            "recorded_at": "recorded_at",
        },
    )
}
"""What `licensing.proof` holds against the records; see there."""


@dataclass(frozen=True)
class Received:
    """The maintainer `actor_id` holds a paper that a guardian of `minor` signed.

    `printed_at` is when the minor had the form made, `received_on` the day on which it came.
    """

    repo_id: int
    minor: Account
    actor_id: int
    scan_sha256: str
    received_on: date
    printed_at: datetime


@dataclass(frozen=True)
class Paper:
    """A paper as the register has it; `stands` as long as the signature behind it does."""

    sequence: int
    github_id: int
    login: str
    version: str
    actor_id: int
    scan_sha256: str
    received_on: date
    acted_at: datetime
    stands: bool


def receive(
    connection: Connection, version: AgreementVersion, act: Received, now: datetime
) -> Outcome:
    """Write down a paper, and the signature that it is; once for each scan and version."""
    agreement_id = version.agreement_id
    records.hold(connection, agreement_id)
    if _scan_is_known(connection, agreement_id, act.scan_sha256):
        return "known"
    if _is_signed(connection, version.id, act.minor.id):
        return "already"
    row = {
        "github_id": act.minor.id,
        "repo_id": act.repo_id,
        "actor_id": act.actor_id,
        "scan_sha256": act.scan_sha256,
        "received_on": act.received_on.isoformat(),
    }
    instants = {"printed_at": act.printed_at, "acted_at": now}
    facts = {("repository" if name == "repo_id" else name): value for name, value in row.items()}
    facts |= {name: at.isoformat() for name, at in instants.items()}
    told = (facts | records.of_version(version), row | instants | {"version_id": version.id})
    done = records.write(connection, agreement_id, "paper", guardian_paper, told, now)
    signing.sign(connection, _signature(version, act, done.sequence, now), now)
    return "signed"


def _signature(version: AgreementVersion, act: Received, sequence: int, now: datetime) -> Act:
    return Act(
        version=version,
        repo_id=act.repo_id,
        github_id=act.minor.id,
        login=act.minor.login,
        # When it was signed is said by the paper alone: nothing counts from before it was here.
        acted_at=now,
        method="paper",
        capacity="guardian",
        signed_by=act.actor_id,
        evidence={"paper": sequence, "scan_sha256": act.scan_sha256},
    )


def end(
    connection: Connection,
    agreement_id: int,
    sequence: int,
    actor_id: int,
    reason: Ending,
    now: datetime,
) -> int | None:
    """End for the future what rests on a paper; gives for whom, None where nothing rests on it.

    Where the minor has signed since, their own word is not the maintainers' to end.
    """
    records.hold(connection, agreement_id)
    paper = guardian_paper.c
    github_id = connection.scalar(
        select(paper.github_id).where(
            paper.agreement_id == agreement_id, paper.sequence == sequence
        )
    )
    if github_id is None or not _rests_on_paper(connection, agreement_id, github_id):
        return None
    act = Withdrawal(github_id, actor_id, reason, now)
    return github_id if signing.withdraw(connection, agreement_id, act, now) else None


def all_of(
    connection: Connection, agreement_id: int, most: int, before: int | None = None
) -> tuple[Paper, ...]:
    """Give the papers of an agreement, the newest first; `before` is where a page begins."""
    # The signature stands right behind its paper.
    behind = and_(
        signature.c.agreement_id == guardian_paper.c.agreement_id,
        signature.c.sequence == guardian_paper.c.sequence + 1,
    )
    query = (
        select(
            guardian_paper,
            agreement_version.c.major,
            agreement_version.c.minor,
            signer.c.login,
            (~ended()).label("stands"),
        )
        .join(agreement_version, agreement_version.c.id == guardian_paper.c.version_id)
        .join(signature, behind)
        .outerjoin(signer, signer.c.signature_id == signature.c.id)
        .where(guardian_paper.c.agreement_id == agreement_id)
        .order_by(guardian_paper.c.sequence.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(guardian_paper.c.sequence < before)
    return tuple(_paper(row) for row in connection.execute(query))


def _paper(row: Any) -> Paper:
    return Paper(
        sequence=row.sequence,
        github_id=row.github_id,
        login=row.login or "",
        version=f"{row.major}.{row.minor}",
        actor_id=row.actor_id,
        scan_sha256=row.scan_sha256,
        received_on=date.fromisoformat(row.received_on),
        acted_at=row.acted_at,
        stands=bool(row.stands),
    )


def _scan_is_known(connection: Connection, agreement_id: int, sha256: str) -> bool:
    found = select(guardian_paper.c.id).where(
        guardian_paper.c.agreement_id == agreement_id, guardian_paper.c.scan_sha256 == sha256
    )
    return connection.scalar(found) is not None


def _is_signed(connection: Connection, version_id: int, github_id: int) -> bool:
    found = select(signature.c.id).where(
        signature.c.version_id == version_id, signature.c.github_id == github_id, ~ended()
    )
    return connection.scalar(found.limit(1)) is not None


def _rests_on_paper(connection: Connection, agreement_id: int, github_id: int) -> bool:
    standing = connection.scalars(
        select(signature.c.method).where(
            signature.c.agreement_id == agreement_id,
            signature.c.github_id == github_id,
            ~ended(),
        )
    ).all()
    return bool(standing) and all(one == METHOD for one in standing)
