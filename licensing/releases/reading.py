"""Releases as they were published, and what does not fit them today."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from licensing.releases.tables import release, standing

Warn = Literal["MOVED", "STATED", "GONE"]


@dataclass(frozen=True)
class Release:
    """A release; `tag` and `commit_sha` are those that it was first seen with.

    `stated` is the change date that its LICENSE file names, where that is another day.
    """

    id: int
    repo_id: int
    github_id: int
    tag: str
    commit_sha: str
    published_at: datetime
    licence: str
    converts_on: date | None
    converts_to: str
    stated: str
    warnings: tuple[Warn, ...]

    def is_open(self, today: date) -> bool:
        """Say whether it has converted by this day in UTC."""
        return self.converts_on is not None and today >= self.converts_on


def of(connection: Connection, repo_id: int, most: int = 100) -> tuple[Release, ...]:
    """Give the releases of a project, newest first."""
    wanted = _RELEASES.where(release.c.repo_id == repo_id)
    newest = wanted.order_by(release.c.published_at.desc(), release.c.id.desc()).limit(most)
    return tuple(_release(row) for row in connection.execute(newest))


def tagged(connection: Connection, repo_id: int, tag: str) -> Release | None:
    """Give the release that stands on GitHub under a tag: the newest, if there were several."""
    wanted = _RELEASES.where(
        release.c.repo_id == repo_id, standing.c.tag == tag, standing.c.gone_at.is_(None)
    )
    newest = wanted.order_by(release.c.published_at.desc(), release.c.id.desc()).limit(1)
    return next((_release(row) for row in connection.execute(newest)), None)


def of_commit(connection: Connection, repo_id: int, commit_sha: str) -> tuple[Release, ...]:
    """Give the releases that were published from a commit."""
    wanted = _RELEASES.where(release.c.repo_id == repo_id, release.c.commit_sha == commit_sha)
    return tuple(_release(row) for row in connection.execute(wanted.order_by(release.c.id)))


_RELEASES = select(
    release,
    standing.c.tag.label("now_tag"),
    standing.c.commit_sha.label("now_commit"),
    standing.c.stated,
    standing.c.gone_at,
).join(standing, standing.c.release_id == release.c.id)


def _release(row: Row[Any]) -> Release:
    own_day = row.converts_on.isoformat() if row.converts_on else ""
    differs = bool(row.stated) and bool(own_day) and row.stated != own_day
    warnings: tuple[tuple[bool, Warn], ...] = (
        (row.now_commit != row.commit_sha, "MOVED"),
        (differs, "STATED"),
        (row.gone_at is not None, "GONE"),
    )
    return Release(
        id=row.id,
        repo_id=row.repo_id,
        github_id=row.github_release,
        tag=row.tag,
        commit_sha=row.commit_sha,
        published_at=row.published_at,
        licence=row.licence,
        converts_on=row.converts_on,
        converts_to=row.converts_to,
        stated=row.stated if differs else "",
        warnings=tuple(word for applies, word in warnings if applies),
    )
