"""Releases in the database: the terms of each written once, and how it stands beside them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from core.db import insert_once
from licensing.releases.rules import Offered, conversion
from licensing.releases.tables import release, standing


@dataclass(frozen=True)
class Seen:
    """A release as GitHub has it; `stated` is the Change Date in its LICENSE file, or empty."""

    github_id: int
    tag: str
    commit_sha: str
    published_at: datetime
    stated: str = ""


def record(
    connection: Connection, repo_id: int, seen: Seen, offered: Offered | None, now: datetime
) -> bool:
    """Write a release down with the terms that `offered` gives it; says whether it is new.

    What was written stays: later rules and edits on GitHub change only how it stands.
    """
    turn = conversion(offered, seen.published_at) if offered else None
    is_new = insert_once(
        connection,
        release,
        {
            "repo_id": repo_id,
            "github_release": seen.github_id,
            "tag": seen.tag,
            "commit_sha": seen.commit_sha,
            "published_at": seen.published_at,
            "licence": offered.licence if offered else "",
            "converts_on": turn.on if turn else None,
            "converts_to": turn.to if turn else "",
            "recorded_at": now,
        },
    )
    written = connection.execute(
        select(release.c.id, release.c.commit_sha).where(
            release.c.repo_id == repo_id, release.c.github_release == seen.github_id
        )
    ).one()
    now_so = {"tag": seen.tag, "commit_sha": seen.commit_sha, "gone_at": None, "seen_at": now}
    insert_once(connection, standing, {"release_id": written.id, "stated": "", **now_so})
    # What the file says elsewhere, once the tag was moved, is not what was released.
    if seen.commit_sha == written.commit_sha:
        now_so["stated"] = seen.stated
    connection.execute(update(standing).where(standing.c.release_id == written.id).values(now_so))
    return is_new


def gone(connection: Connection, repo_id: int, github_id: int, now: datetime) -> None:
    """Remember that a release was deleted on GitHub; what it promised stands."""
    known = select(release.c.id).where(
        release.c.repo_id == repo_id, release.c.github_release == github_id
    )
    change = update(standing).where(standing.c.release_id.in_(known), standing.c.gone_at.is_(None))
    connection.execute(change.values(gone_at=now))


def sweep(
    connection: Connection, repo_id: int, still: Collection[int], now: datetime
) -> tuple[int, ...]:
    """Mark what GitHub no longer lists as gone; gives the numbers on GitHub of those."""
    rows = connection.scalars(
        select(release.c.github_release)
        .join(standing, standing.c.release_id == release.c.id)
        .where(release.c.repo_id == repo_id, standing.c.gone_at.is_(None))
    )
    missing = tuple(sorted(set(rows) - set(still)))
    for github_id in missing:
        gone(connection, repo_id, github_id, now)
    return missing
