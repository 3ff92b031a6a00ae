"""What became of items that shipped: whether they do people's job, and what was learned by them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.policy import Roadmap
from bot.roadmap.loop import lessons
from bot.roadmap.loop.lessons import Lesson
from bot.roadmap.loop.rules import ANSWERS, SIDES
from bot.roadmap.loop.store import Shipping
from bot.roadmap.loop.tables import answer, lesson
from bot.roadmap.tables import shipping


@dataclass(frozen=True)
class Outcome:
    """How many said yes, partly and no to “does it do your job?”, and the notes that are shown."""

    works: tuple[tuple[str, int], ...] = ()
    notes: tuple[Lesson, ...] = ()

    @property
    def said(self) -> int:
        """How many people answered."""
        return sum(number for _choice, number in self.works)


def of(
    connection: Connection, requests: Collection[int], roadmap: Roadmap, now: datetime
) -> dict[int, Outcome]:
    """Give what became of some requests, by our own numbers, in three questions for all of them."""
    works = _works(connection, requests)
    notes = _notes(connection, requests, roadmap, now)
    return {one: Outcome(works.get(one, ()), notes.get(one, ())) for one in requests}


def _works(
    connection: Connection, requests: Collection[int]
) -> dict[int, tuple[tuple[str, int], ...]]:
    counted: dict[int, dict[str, int]] = {}
    rows = connection.execute(
        select(answer.c.request_id, answer.c.choice, func.count())
        .where(answer.c.request_id.in_(requests))
        .group_by(answer.c.request_id, answer.c.choice)
    )
    for request_id, choice, number in rows:
        counted.setdefault(request_id, {})[choice] = number
    return {
        request_id: tuple((choice, found.get(choice, 0)) for choice in ANSWERS)
        for request_id, found in counted.items()
    }


def _notes(
    connection: Connection, requests: Collection[int], roadmap: Roadmap, now: datetime
) -> dict[int, tuple[Lesson, ...]]:
    written: dict[int, dict[str, Lesson]] = {}
    for row in connection.execute(select(lesson).where(lesson.c.request_id.in_(requests))):
        written.setdefault(row.request_id, {})[row.side] = _lesson(row)
    last = {
        row.request_id: Shipping(row.request_id, row.move, row.repo_id, row.shipped_at)
        for row in connection.execute(
            select(shipping).where(shipping.c.request_id.in_(written)).order_by(shipping.c.move)
        )
    }
    return {
        request_id: tuple(sides[side] for side in SIDES if side in sides)
        for request_id, sides in written.items()
        if request_id in last and lessons.published_at(last[request_id], sides, roadmap, now)
    }


def _lesson(row: Row[Any]) -> Lesson:
    return Lesson(row.side, row.github_id, row.login, row.words, row.written_at, row.edited_at)
