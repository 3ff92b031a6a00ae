"""Merge groups: which pull request a queue's branch is for, and which groups we have met.

A group's head belongs to no pull request. When its check is asked for again, only what we wrote
down tells what it was.
"""

import re
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, select

from core.db import metadata, upsert

_REF = re.compile(r"(?:refs/heads/)?gh-readonly-queue/(?P<base>.+)/pr-(?P<number>[1-9]\d*)-\w+")

group = Table(
    "merge_group",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("head_sha", String(64), primary_key=True),
    Column("head_ref", Text, nullable=False),
    Column("base_ref", Text, nullable=False),
)


@dataclass(frozen=True)
class Group:
    """A group as the queue announced it."""

    head_sha: str
    head_ref: str
    base_ref: str


def number_in(head_ref: str, base_ref: str) -> int | None:
    """Read the number out of `gh-readonly-queue/BASE/pr-NUMBER-SHA`; None for any other branch.

    The commits' texts are not asked: anybody can write “(#1)” into a title.
    """
    match = _REF.fullmatch(head_ref)
    if match is None or match["base"] != base_ref or int(match["number"]) >= 2**31:
        return None
    return int(match["number"])


def note(connection: Connection, repo_id: int, found: Group) -> None:
    """Write a group down."""
    values = {"head_ref": found.head_ref, "base_ref": found.base_ref}
    upsert(connection, group, {"repo_id": repo_id, "head_sha": found.head_sha}, values)


def known(connection: Connection, repo_id: int, head_sha: str) -> Group | None:
    """Give the group whose head a commit is."""
    row = connection.execute(
        select(group).where(group.c.repo_id == repo_id, group.c.head_sha == head_sha)
    ).one_or_none()
    return Group(row.head_sha, row.head_ref, row.base_ref) if row else None
