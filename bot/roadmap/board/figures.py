"""Figures of a board: how long open requests wait, and how much of what shipped the community steered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, exists, func, select

from bot.roadmap.board import rules, store
from bot.roadmap.board.tables import SHOWN_HERE, move
from bot.roadmap.tables import request, supporter

AGES = (7, 30, 90, 365, 730)
"""Days up to which waiting requests are counted together; 0 stands for longer."""

MOST_SHIPPED = 500
"""Of what shipped, the last so many are looked at."""

MOST_SPANS = 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DECIDING = ("decided", "labelled", "milestone", "reopened", "merged")
"""What only those do who may write to the repository."""


@dataclass(frozen=True)
class Span:
    """A quarter: how much shipped in it, and the part that the community steered."""

    name: str
    all: int
    part: int


@dataclass(frozen=True)
class Figures:
    """`ages` are (up to so many days, requests); `steered` of `counted` shipped ones were steered."""

    ages: tuple[tuple[int, int], ...]
    shipped: tuple[Span, ...]
    counted: int
    steered: int


def figures(connection: Connection, repo_id: int, now: datetime) -> Figures:
    """Reckon the figures of a repository's board."""
    items = _shipped(connection, repo_id)
    whole, part = Counter(name for name, _ in items), Counter(name for name, it in items if it)
    names = sorted(whole, reverse=True)[:MOST_SPANS]
    spans = tuple(Span(name, whole[name], part[name]) for name in reversed(names))
    steered = sum(it for _name, it in items)
    return Figures(_ages(connection, repo_id, now), spans, len(items), steered)


def _ages(connection: Connection, repo_id: int, now: datetime) -> tuple[tuple[int, int], ...]:
    """Count the open requests by their age: one count in an index for each span."""
    here = (
        (request.c.repo_id == repo_id)
        & (request.c.state == "open")
        & (request.c.root_id == request.c.id)
    )
    bounds = [now, *(now - timedelta(days=days) for days in AGES), EPOCH]
    counts = [
        select(func.count()).where(
            here, request.c.opened_at <= newest, request.c.opened_at > oldest
        )
        for newest, oldest in pairwise(bounds)
    ]
    return tuple(
        (days, connection.scalar(count) or 0)
        for days, count in zip((*AGES, 0), counts, strict=True)
    )


def _shipped(connection: Connection, repo_id: int) -> list[tuple[str, bool]]:
    """Give (quarter, steered by the community) of what shipped last."""
    stages = store.stages_of(connection, repo_id)
    done = [one.name for one in stages if rules.is_shipped(stages, one.name)]
    month = func.to_char(func.timezone("UTC", request.c.moved_at), "YYYY-MM")
    if connection.dialect.name == "sqlite":
        month = func.substr(request.c.moved_at, 1, 7)
    rows = connection.execute(
        select(request.c.id, request.c.origin, month.label("month"))
        .where(request.c.repo_id == repo_id, request.c.stage.in_(done))
        .where(SHOWN_HERE)
        .order_by(request.c.moved_at.desc())
        .limit(MOST_SHIPPED)
    ).all()
    # What a user asked for is steered as it is; what a maintainer brought is looked at closer.
    pushed = [row.id for row in rows if row.origin == "pushed"]
    helped = _voted(connection, repo_id, pushed) | _moved(connection, pushed)
    return [
        (
            f"{row.month[:4]} Q{(int(row.month[5:]) + 2) // 3}",
            rules.is_steered(origin=row.origin, helped=row.id in helped),
        )
        for row in rows
    ]


def _voted(connection: Connection, repo_id: int, ids: Sequence[int]) -> set[int]:
    """Give those for which somebody voted who neither brought them nor ever decided here."""
    decided = exists().where(
        move.c.actor_id == supporter.c.github_id,
        move.c.repo_id == repo_id,
        move.c.cause.in_(DECIDING),
    )
    voted = exists().where(
        supporter.c.root_id == request.c.id,
        supporter.c.counts,
        supporter.c.github_id != request.c.author_id,
        ~decided,
    )
    return set(connection.scalars(select(request.c.id).where(request.c.id.in_(ids), voted)))


def _moved(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Give those that the community moved itself."""
    found = select(move.c.request_id).where(
        move.c.request_id.in_(ids), move.c.cause.in_(rules.COMMUNITY_KINDS)
    )
    return set(connection.scalars(found.distinct()))
