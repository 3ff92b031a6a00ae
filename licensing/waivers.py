"""Waivers: a maintainer lets one commit of one pull request pass, by name and with a reason."""

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
    Text,
    select,
)

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID
from licensing import records
from licensing.versions import AgreementVersion

SHORTEST_REASON = 10
LONGEST_REASON = 300

waiver = Table(
    "waiver",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("comment_id", BigInteger),
    Column("acted_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_waiver_sequence", "agreement_id", "sequence", unique=True),
    Index("uq_waiver_commit", "repo_id", "number", "sha", "agreement_id", unique=True),
)

ROWS = {
    "waiver": (
        waiver,
        {
            "repository": "repo_id",
            "pull_request": "number",
            "commit": "sha",
            "actor_id": "actor_id",
            "reason": "reason",
            "comment_id": "comment_id",
            "acted_at": "acted_at",
            "recorded_at": "recorded_at",
        },
    )
}
"""What `licensing.proof` holds against the records; see there."""


@dataclass(frozen=True)
class Given:
    """The maintainer `actor_id` waives the commit `sha`, in this pull request only.

    `evidence` is added to the record as it is: hashes and numbers, nothing to be erased.
    """

    repo_id: int
    number: int
    sha: str
    actor_id: int
    reason: str
    acted_at: datetime
    comment_id: int | None = None
    evidence: Mapping[str, str | int] = field(default_factory=dict)


def waive(
    connection: Connection, version: AgreementVersion, act: Given, recorded_at: datetime
) -> bool:
    """Write a waiver behind the last record; False where this commit has one already."""
    records.hold(connection, version.agreement_id)
    if any(one.sha == act.sha for one in given(connection, version, act.repo_id, act.number)):
        return False
    facts = {
        **act.evidence,
        **records.of_version(version),
        "repository": act.repo_id,
        "pull_request": act.number,
        "commit": act.sha,
        "actor_id": act.actor_id,
        "reason": act.reason,
        "acted_at": act.acted_at.isoformat(),
    }
    if act.comment_id is not None:
        facts["comment_id"] = act.comment_id
    row = {
        "repo_id": act.repo_id,
        "number": act.number,
        "sha": act.sha,
        "actor_id": act.actor_id,
        "reason": act.reason,
        "comment_id": act.comment_id,
        "acted_at": act.acted_at,
    }
    told = (facts, row)
    records.write(connection, version.agreement_id, "waiver", waiver, told, recorded_at)
    return True


def given(
    connection: Connection, version: AgreementVersion, repo_id: int, number: int
) -> tuple[Given, ...]:
    """Give the waivers of a pull request under the agreement of `version`, oldest first."""
    rows = connection.execute(
        select(waiver)
        .where(
            waiver.c.repo_id == repo_id,
            waiver.c.number == number,
            waiver.c.agreement_id == version.agreement_id,
        )
        .order_by(waiver.c.sequence)
    )
    return tuple(
        Given(repo_id, number, row.sha, row.actor_id, row.reason, row.acted_at, row.comment_id)
        for row in rows
    )
