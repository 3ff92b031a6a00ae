"""What somebody voted for and asked for, project by project, with the votes that they have left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from bot.places import repository
from bot.roadmap import votes, voting
from bot.roadmap.tables import request, supporter, vote

MOST = 100
"""Requests of each kind that the page shows, the newest first."""

SHOWN = ("open", "closed")


@dataclass(frozen=True)
class Wish:
    """A request; `counts`: the person's vote on it counts, or (False) waits; None without one."""

    number: int
    title: str
    state: str
    supporters: int
    counts: bool | None


@dataclass(frozen=True)
class Project:
    """A project and what somebody wants of it; `left` of `limit` votes, None without a limit."""

    name: str
    limit: int
    left: int | None
    voted: tuple[Wish, ...]
    asked: tuple[Wish, ...]


def projects(connection: Connection, github_id: int) -> tuple[Project, ...]:
    """Give what somebody wants of each public project, by the projects' names."""
    member = request.alias("member")
    roots = (
        select(member.c.root_id)
        .join(vote, vote.c.request_id == member.c.id)
        .where(vote.c.github_id == github_id)
    )
    voted = connection.execute(_wishes(github_id).where(request.c.id.in_(roots))).all()
    mine = request.c.author_id == github_id
    asked = connection.execute(_wishes(github_id).where(mine)).all()
    names = {row.repo_id: row.name for row in (*voted, *asked)}
    return tuple(
        _project(connection, github_id, repo_id, voted, asked)
        for repo_id in sorted(names, key=lambda one: names[one].lower())
    )


def _wishes(github_id: int) -> Select[Any]:
    columns = request.c
    own = (supporter.c.root_id == columns.id) & (supporter.c.github_id == github_id)
    shown = (columns.number, columns.title, columns.state, columns.supporters)
    return (
        select(*shown, supporter.c.counts, columns.repo_id, repository.c.name)
        .join(repository, repository.c.id == columns.repo_id)
        .outerjoin(supporter, own)
        .where(columns.state.in_(SHOWN), repository.c.state == "active")
        .where(repository.c.private.is_(False))
        .order_by(columns.state.desc(), columns.opened_at.desc(), columns.number.desc())
        .limit(MOST)
    )


def _project(
    connection: Connection,
    github_id: int,
    repo_id: int,
    voted: Sequence[Row[Any]],
    asked: Sequence[Row[Any]],
) -> Project:
    def of(rows: Sequence[Row[Any]]) -> tuple[Wish, ...]:
        here = (row for row in rows if row.repo_id == repo_id)
        return tuple(
            Wish(row.number, row.title, row.state, row.supporters, row.counts) for row in here
        )

    (name,) = {row.name for row in (*voted, *asked) if row.repo_id == repo_id}
    limit = voting.rules_of(connection, repo_id).votes_per_person
    left = votes.left(connection, repo_id, github_id, limit) if limit else None
    return Project(name, limit, left, of(voted), of(asked))
