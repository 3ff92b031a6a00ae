"""What people declare about one pull request: consent to be part of it, or that it is offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    select,
)

from core.db import Json, UtcDateTime, insert_once, metadata
from core.queue import BIG_ID
from licensing import records
from licensing.tables import agreement_version
from licensing.verdict import Declared
from licensing.versions import AgreementVersion

declaration = Table(
    "declaration",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("version_id", ForeignKey("agreement_version.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("declares", String(16), nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("commits", Json, nullable=False),
    Column("comment_id", BigInteger, nullable=False),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_declaration_sequence", "agreement_id", "sequence", unique=True),
    Index("uq_declaration_comment", "agreement_id", "comment_id", "declares", unique=True),
    Index("ix_declaration_thread", "repo_id", "number"),
)

head = Table(
    "pull_request_head",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("head_sha", String(64), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
)
"""From when on each head was there for everybody to see, as far as we know."""

ROWS = {
    "declaration": (
        declaration,
        {
            "version": "version_id",
            "declares": "declares",
            "github_id": "github_id",
            "repository": "repo_id",
            "pull_request": "number",
            "head": "head_sha",
            "commits": "commits",
            "comment_id": "comment_id",
            "acted_at": "acted_at",
            "recorded_at": "recorded_at",
        },
    )
}
"""What `licensing.proof` holds against the records; see there."""


@dataclass(frozen=True)
class Declaration:
    """A person declares something about a pull request as it stands at `head_sha`.

    `commits` are those in which they have a part. `evidence` is added to the record as it is.
    """

    declares: Declared
    github_id: int
    repo_id: int
    number: int
    head_sha: str
    commits: frozenset[str]
    comment_id: int
    acted_at: datetime
    evidence: Mapping[str, str | int] = field(default_factory=dict)


def declare(
    connection: Connection, version: AgreementVersion, act: Declaration, recorded_at: datetime
) -> bool:
    """Write a declaration behind the last record; False where an earlier one says it already."""
    records.hold(connection, version.agreement_id)
    if _says(declared(connection, version, act.repo_id, act.number), act):
        return False
    facts = {
        **act.evidence,
        **records.of_version(version),
        "declares": act.declares,
        "github_id": act.github_id,
        "repository": act.repo_id,
        "pull_request": act.number,
        "head": act.head_sha,
        "commits": sorted(act.commits),
        "comment_id": act.comment_id,
        "acted_at": act.acted_at.isoformat(),
    }
    row = {
        "version_id": version.id,
        "declares": act.declares,
        "github_id": act.github_id,
        "repo_id": act.repo_id,
        "number": act.number,
        "head_sha": act.head_sha,
        "commits": sorted(act.commits),
        "comment_id": act.comment_id,
        "acted_at": act.acted_at,
    }
    told = (facts, row)
    records.write(connection, version.agreement_id, "declaration", declaration, told, recorded_at)
    return True


def by_comment(
    connection: Connection, version: AgreementVersion, declares: Declared, comment_id: int
) -> bool:
    """Say whether this very comment has declared it already, under the agreement of `version`."""
    found = connection.scalar(
        select(declaration.c.id).where(
            declaration.c.agreement_id == version.agreement_id,
            declaration.c.comment_id == comment_id,
            declaration.c.declares == declares,
        )
    )
    return found is not None


@dataclass(frozen=True)
class Said:
    """What was declared about a pull request: the commits consented to, and who confirmed."""

    consents: Mapping[int, frozenset[str]] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()


def declared(connection: Connection, version: AgreementVersion, repo_id: int, number: int) -> Said:
    """Give what was declared about a pull request under any version of the same MAJOR."""
    rows = connection.execute(
        select(declaration.c.declares, declaration.c.github_id, declaration.c.commits)
        .join(agreement_version, agreement_version.c.id == declaration.c.version_id)
        .where(
            declaration.c.repo_id == repo_id,
            declaration.c.number == number,
            declaration.c.agreement_id == version.agreement_id,
            agreement_version.c.major == version.major,
        )
        .order_by(declaration.c.sequence)
    )
    consents: dict[int, frozenset[str]] = {}
    confirmed: set[int] = set()
    for row in rows:
        if row.declares == "confirmation":
            confirmed.add(row.github_id)
        else:
            consents[row.github_id] = consents.get(row.github_id, frozenset()) | set(row.commits)
    return Said(consents, frozenset(confirmed))


def _says(said: Said, act: Declaration) -> bool:
    if act.declares == "confirmation":
        return act.github_id in said.confirmed
    return act.commits <= said.consents.get(act.github_id, frozenset())


def note_head(
    connection: Connection, repo_id: int, number: int, head_sha: str, since: datetime
) -> None:
    """Write down from when on a head was there; the first to say so holds."""
    values = {"repo_id": repo_id, "number": number, "head_sha": head_sha, "since": since}
    insert_once(connection, head, values)


def head_since(
    connection: Connection, repo_id: int, number: int, head_sha: str
) -> datetime | None:
    """Say from when on a head was there; None where nobody noted it."""
    return connection.scalar(
        select(head.c.since).where(
            head.c.repo_id == repo_id, head.c.number == number, head.c.head_sha == head_sha
        )
    )
