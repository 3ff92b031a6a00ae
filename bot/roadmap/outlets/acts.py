"""What happened on a board and to a request, for feeds and programs: newest first, without voters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from bot.people import account
from bot.roadmap.board.tables import move
from bot.roadmap.queries import STATES
from bot.roadmap.signals import story
from bot.roadmap.store import Request
from bot.roadmap.tables import joining, request

MOST = 50


@dataclass(frozen=True)
class Moved:
    """A move of an item; `sequence` is its place in the chain of the repository `repo_id`.

    `login` is empty where we do not know who it was, and `actor_id` is 0 where nobody does.
    """

    repo_id: int
    sequence: int
    request_id: int
    number: int
    title: str
    from_stage: str
    to_stage: str
    cause: str
    actor_id: int
    login: str
    acted_at: datetime
    recorded_at: datetime
    words: str


@dataclass(frozen=True)
class Joined:
    """Two requests were said to be the same, or no longer: `onto` is None where they parted."""

    id: int
    number: int
    onto: int | None
    acted_at: datetime


@dataclass(frozen=True)
class Told:
    """A story as it stands now; `login` is empty once it was erased."""

    github_id: int
    login: str
    words: str
    told_at: datetime
    changed_at: datetime


_MOVED: Sequence[Any] = (
    move.c.repo_id,
    move.c.sequence,
    move.c.request_id,
    request.c.number,
    request.c.title,
    move.c.from_stage,
    move.c.to_stage,
    move.c.cause,
    move.c.actor_id,
    func.coalesce(account.c.login, ""),
    move.c.acted_at,
    move.c.recorded_at,
    move.c.words,
)


def on_board(
    connection: Connection, repo_id: int, before: int | None = None, most: int = MOST
) -> tuple[Moved, ...]:
    """Give the moves on a repository's board, the last one first, `before` a place of its chain.

    What has left the repository, or is gone, is told of no more.
    """
    wanted = _moved().where(
        move.c.repo_id == repo_id, request.c.repo_id == repo_id, request.c.state.in_(STATES)
    )
    if before is not None:
        wanted = wanted.where(move.c.sequence < before)
    rows = connection.execute(wanted.order_by(move.c.sequence.desc()).limit(most))
    return tuple(Moved(*row) for row in rows)


def of_request(
    connection: Connection, asked: Request, most: int = MOST, before: int | None = None
) -> tuple[Moved, ...]:
    """Give the moves of a request, the last one first: also those on the board that it left.

    `before` is the place of one of them in the chain of its board.
    """
    wanted = _moved().where(move.c.request_id == asked.id)
    if before is not None:
        here = (move.c.request_id == asked.id) & (move.c.sequence == before)
        wanted = wanted.where(
            move.c.id < select(func.min(move.c.id)).where(here).scalar_subquery()
        )
    rows = connection.execute(wanted.order_by(move.c.id.desc()).limit(most))
    return tuple(Moved(*row) for row in rows)


def joinings(connection: Connection, asked: Request, most: int = MOST) -> tuple[Joined, ...]:
    """Give what was joined with a request and parted from it, the last first."""
    onto = request.alias("onto")
    rows = connection.execute(
        select(joining.c.id, request.c.number, onto.c.number, joining.c.acted_at)
        .join(request, request.c.id == joining.c.request_id)
        .outerjoin(onto, onto.c.id == joining.c.onto_id)
        .where(or_(joining.c.request_id == asked.id, joining.c.onto_id == asked.id))
        .order_by(joining.c.id.desc())
        .limit(most)
    )
    return tuple(Joined(*row) for row in rows)


def stories(connection: Connection, asked: Request, most: int = MOST) -> tuple[Told, ...]:
    """Give the stories of a request, the last one told first."""
    rows = connection.execute(
        select(story)
        .where(story.c.request_id == asked.id)
        .order_by(story.c.told_at.desc(), story.c.github_id.desc())
        .limit(most)
    )
    return tuple(_told(row) for row in rows)


def numbers_of(connection: Connection, requests: Collection[int]) -> dict[int, int]:
    """Give the numbers of some requests on GitHub, by our own numbers."""
    wanted = select(request.c.id, request.c.number).where(request.c.id.in_(requests))
    return {row.id: row.number for row in connection.execute(wanted)}


def _moved() -> Select[Any]:
    return (
        select(*_MOVED)
        .join(request, request.c.id == move.c.request_id)
        .outerjoin(account, account.c.id == move.c.actor_id)
    )


def _told(row: Row[Any]) -> Told:
    changed_at = row.edited_at or row.told_at
    return Told(row.github_id, row.login, row.words, row.told_at, changed_at)
