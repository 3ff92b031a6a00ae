"""What has shipped, who is to be told of it, and who wants to be told of nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from bot.roadmap.board import rules as board_rules
from bot.roadmap.board import store as board
from bot.roadmap.loop.rules import Telling, Wanting
from bot.roadmap.loop.tables import answer, notice, quiet
from bot.roadmap.rules import Door
from bot.roadmap.store import Request
from bot.roadmap.tables import request, shipping, vote
from core.db import insert_once

ANYWHERE = 0
"""The repository that stands for all of them, for those who want to be told of nothing."""


@dataclass(frozen=True)
class Shipping:
    """A request that has shipped; `suggested_at`: since then too many say that it does not help."""

    request_id: int
    move: int
    repo_id: int
    shipped_at: datetime
    suggested_at: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class Due:
    """Somebody who is to be told in a comment on a thread."""

    id: int
    github_id: int
    thread_id: int


def ship(connection: Connection, made: Shipping) -> bool:
    """Write down that a request has shipped; False where it was."""
    keys = ("request_id", "move", "repo_id", "shipped_at")
    return insert_once(connection, shipping, {key: getattr(made, key) for key in keys})


def current(connection: Connection, asked: Request) -> Shipping | None:
    """Give how a request has shipped; None where it stands at another stage (again)."""
    stages = board.stages_of(connection, asked.repo_id)
    if not board_rules.is_shipped(stages, board.stage_of(connection, asked.id)):
        return None
    return last(connection, asked.id)


def last(connection: Connection, request_id: int) -> Shipping | None:
    """Give the last shipping of a request, whatever became of it since."""
    found = select(shipping).where(shipping.c.request_id == request_id)
    row = connection.execute(found.order_by(shipping.c.move.desc()).limit(1)).first()
    return _shipping(row) if row else None


def wanting(connection: Connection, root_id: int) -> tuple[Wanting, ...]:
    """Give every vote and every asker of a group, with the door and the thread.

    Whoever asked on the page did so by the web; bots ask for nobody.
    """
    votes = connection.execute(
        select(vote.c.github_id, vote.c.request_id, vote.c.door, vote.c.since)
        .join(request, request.c.id == vote.c.request_id)
        .where(request.c.root_id == root_id)
    )
    found = [Wanting(*row) for row in votes]
    for row in connection.execute(select(request).where(request.c.root_id == root_id)):
        if row.author_login.endswith("[bot]"):
            continue
        door: Door = "web" if row.intake == "web" else "comment"
        found.append(Wanting(row.author_id, row.id, door, row.opened_at))
    return tuple(found)


def told(connection: Connection, request_id: int) -> frozenset[int]:
    """Give everybody who was told of an earlier shipping of a request, or is about to be."""
    found = select(notice.c.github_id).where(notice.c.request_id == request_id)
    return frozenset(connection.scalars(found))


def unhappy(connection: Connection, request_id: int) -> frozenset[int]:
    """Give those who said that it does their job partly or not at all."""
    found = select(answer.c.github_id).where(
        answer.c.request_id == request_id, answer.c.choice.in_(("partly", "no"))
    )
    return frozenset(connection.scalars(found))


def put(
    connection: Connection, of: Shipping, tellings: Collection[Telling], now: datetime
) -> None:
    """Write down whom to tell of a new shipping; what is told on a page is told by that."""
    rows = [
        {
            "request_id": of.request_id,
            "move": of.move,
            "github_id": one.github_id,
            "repo_id": of.repo_id,
            "thread_id": one.thread_id,
            "channel": one.channel,
            "told_at": now if one.channel == "page" else None,
        }
        for one in tellings
    ]
    if rows:
        connection.execute(insert(notice), rows)


def due(connection: Connection, of: Shipping, most: int) -> tuple[Due, ...]:
    """Give those who wait to be told in a comment, on one thread after the other."""
    mine = (notice.c.request_id == of.request_id) & (notice.c.move == of.move)
    rows = connection.execute(
        select(notice.c.id, notice.c.github_id, notice.c.thread_id)
        .where(mine, notice.c.channel == "github", notice.c.told_at.is_(None))
        .order_by(notice.c.thread_id, notice.c.id)
        .limit(most)
    ).all()
    return tuple(Due(*row) for row in rows if row.thread_id == rows[0].thread_id)


def tell(connection: Connection, ids: Collection[int], channel: str, now: datetime) -> None:
    """Write down that people were told, and where (or that they are not)."""
    here = update(notice).where(notice.c.id.in_(ids), notice.c.told_at.is_(None))
    connection.execute(here.values(channel=channel, told_at=now))


def keep_quiet(
    connection: Connection, github_id: int, repo_id: int, now: datetime, *, wanted: bool
) -> None:
    """Tell somebody of nothing more that ships in a repository (0: anywhere), or of it again."""
    if wanted:
        key = {"github_id": github_id, "repo_id": repo_id}
        insert_once(connection, quiet, key | {"since": now})
    else:
        own = (quiet.c.github_id == github_id) & (quiet.c.repo_id == repo_id)
        connection.execute(delete(quiet).where(own))


def quiet_ones(connection: Connection, people: Collection[int], repo_id: int) -> frozenset[int]:
    """Give those who want to be told of nothing in a repository."""
    found = select(quiet.c.github_id).where(
        quiet.c.github_id.in_(people), quiet.c.repo_id.in_((repo_id, ANYWHERE))
    )
    return frozenset(connection.scalars(found))


def quiet_places(connection: Connection, github_id: int) -> frozenset[int]:
    """Give the repositories (0: all) of which somebody wants to be told nothing."""
    found = select(quiet.c.repo_id).where(quiet.c.github_id == github_id)
    return frozenset(connection.scalars(found))


def suggest(connection: Connection, of: Shipping, now: datetime) -> bool:
    """Write down that re-opening was suggested; False where it was before."""
    here = (shipping.c.request_id == of.request_id) & (shipping.c.move == of.move)
    once = update(shipping).where(here, shipping.c.suggested_at.is_(None))
    return connection.execute(once.values(suggested_at=now)).rowcount == 1


def to_remind(connection: Connection, before: datetime, most: int) -> tuple[Shipping, ...]:
    """Give shippings of before then of which nobody was reminded, the newest of each request."""
    newer = shipping.alias("newer")
    later = exists().where(
        newer.c.request_id == shipping.c.request_id, newer.c.move > shipping.c.move
    )
    rows = connection.execute(
        select(shipping)
        .where(shipping.c.reminded_at.is_(None), shipping.c.shipped_at <= before, ~later)
        .order_by(shipping.c.shipped_at)
        .limit(most)
    )
    return tuple(_shipping(row) for row in rows)


def remind(connection: Connection, of: Shipping, now: datetime) -> bool:
    """Write down that the reminder was due; False where it was before."""
    here = (shipping.c.request_id == of.request_id) & (shipping.c.move == of.move)
    once = update(shipping).where(here, shipping.c.reminded_at.is_(None))
    return connection.execute(once.values(reminded_at=now)).rowcount == 1


def _shipping(row: Row[Any]) -> Shipping:
    return Shipping(
        row.request_id, row.move, row.repo_id, row.shipped_at, row.suggested_at, row.reminded_at
    )
