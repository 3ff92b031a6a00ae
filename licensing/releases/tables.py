"""What was released and under which terms, written once; beside it, how the release stands today.

Triggers guard `release`: no later rule, release or edit moves the day that stands there.
"""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, String, Table

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID

release = Table(
    "release",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("github_release", BigInteger, nullable=False),
    Column("tag", String(255), nullable=False),
    Column("commit_sha", String(64), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("licence", String(64), nullable=False),
    Column("converts_on", Date),
    Column("converts_to", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_release_github", "repo_id", "github_release", unique=True),
    Index("ix_release_published", "repo_id", "published_at", "id"),
)
"""`github_release` is GitHub’s number of it; `licence` is an SPDX id, empty where the rules named
none; `converts_on` is a day in UTC."""

standing = Table(
    "release_standing",
    metadata,
    Column("release_id", ForeignKey("release.id"), primary_key=True, autoincrement=False),
    Column("tag", String(255), nullable=False),
    Column("commit_sha", String(64), nullable=False),
    Column("stated", String(40), nullable=False),
    Column("gone_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
)
"""What GitHub says of the release now: the commit of its tag, and the change date (`stated`) that
the LICENSE file of that commit names, empty where it names none."""
