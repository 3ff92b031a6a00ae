"""What the project learned and what the asker can do now: two short notes, shown together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.policy import Roadmap
from bot.roadmap.loop import rules
from bot.roadmap.loop.rules import Side
from bot.roadmap.loop.store import Shipping
from bot.roadmap.loop.tables import lesson
from bot.roadmap.tables import request, shipping
from core.db import insert_once

MOST_SHOWN = 20


@dataclass(frozen=True)
class Lesson:
    """A note; `login` is empty once it was erased. Words are Markdown."""

    side: str
    github_id: int
    login: str
    words: str
    written_at: datetime
    edited_at: datetime | None


@dataclass(frozen=True)
class Learned:
    """A request with its notes, published at `at`."""

    number: int
    title: str
    shipped_at: datetime
    at: datetime
    notes: tuple[Lesson, ...]


def write(
    connection: Connection,
    request_id: int,
    side: Side,
    person: tuple[int, str],
    words: str,
    now: datetime,
) -> None:
    """Keep a note, or put other words into it; `person` is number and login. Empty takes it back."""
    mine = (lesson.c.request_id == request_id) & (lesson.c.side == side)
    if not words:
        connection.execute(delete(lesson).where(mine))
        return
    key = {"request_id": request_id, "side": side}
    values = {"github_id": person[0], "login": person[1], "words": words}
    if not insert_once(connection, lesson, key | values | {"written_at": now}):
        changed = lesson.update().where(mine, lesson.c.words != words)
        connection.execute(changed.values(**values, edited_at=now))


def sides(connection: Connection, request_id: int) -> dict[str, Lesson]:
    """Give the notes of a request by side, shown or not."""
    rows = connection.execute(select(lesson).where(lesson.c.request_id == request_id))
    return {
        row.side: Lesson(
            row.side, row.github_id, row.login, row.words, row.written_at, row.edited_at
        )
        for row in rows
    }


def published_at(
    of: Shipping, written: dict[str, Lesson], roadmap: Roadmap, now: datetime
) -> datetime | None:
    """Say since when the notes are shown; None as long as they are not."""
    at = rules.published_at(
        of.shipped_at,
        written["project"].written_at if "project" in written else None,
        written["asker"].written_at if "asker" in written else None,
        roadmap.learned_after_days,
    )
    return at if at is not None and at <= now else None


def learned(
    connection: Connection, repo_id: int, roadmap: Roadmap, now: datetime, before: datetime | None
) -> tuple[Learned, ...]:
    """Give what was learned in a project, by when it shipped, the newest first."""
    has_one = select(lesson.c.request_id).where(lesson.c.request_id == shipping.c.request_id)
    wanted = (
        select(shipping, request.c.number, request.c.title)
        .join(request, request.c.id == shipping.c.request_id)
        .where(shipping.c.repo_id == repo_id, has_one.exists())
        .where(request.c.state.in_(("open", "closed")))
        .order_by(shipping.c.shipped_at.desc(), shipping.c.request_id.desc())
    )
    if before is not None:
        wanted = wanted.where(shipping.c.shipped_at < before)
    found: list[Learned] = []
    seen: set[int] = set()
    for row in connection.execute(wanted.limit(MOST_SHOWN * 2)):
        if row.request_id in seen:
            continue
        seen.add(row.request_id)
        of = Shipping(row.request_id, row.move, row.repo_id, row.shipped_at)
        written = sides(connection, row.request_id)
        at = published_at(of, written, roadmap, now)
        if at is not None:
            notes = tuple(written[side] for side in rules.SIDES if side in written)
            found.append(Learned(row.number, row.title, row.shipped_at, at, notes))
    return tuple(found[:MOST_SHOWN])
