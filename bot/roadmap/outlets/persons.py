"""What somebody asked for, voted for, told and took up where anybody can see it, newest first.

Only what the pages of the requests show already, of repositories that are public now. What
somebody signed, rated or put in order is no part of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, tuple_

from bot.people import account
from bot.places import repository
from bot.roadmap.board.tables import move
from bot.roadmap.queries import STATES
from bot.roadmap.signals import story
from bot.roadmap.tables import request, supporter, vote

ON_ONE_PAGE = 10
MOST_COUNTED = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

After = tuple[int, int]
"""Where a list goes on: microseconds since 1970 and the request's own number of the row before."""


@dataclass(frozen=True)
class Line:
    """A request and when somebody did something about it; `words` are those of their story."""

    request_id: int
    project: str
    number: int
    title: str
    supporters: int
    at: datetime
    words: str = ""


@dataclass(frozen=True)
class Lines:
    """Some of what somebody did; `total` stops at one more than `MOST_COUNTED`."""

    rows: tuple[Line, ...]
    total: int
    after: After | None


Found = Callable[[int], tuple[Select[Any], ColumnElement[Any]]]

_SHOWN = and_(
    repository.c.private.is_(False),
    repository.c.state.in_(("active", "archived")),
    request.c.state.in_(STATES),
)


def _lines(at: ColumnElement[Any], *more: ColumnElement[Any]) -> Select[Any]:
    columns = (
        request.c.id,
        repository.c.name,
        request.c.number,
        request.c.title,
        request.c.supporters,
        at,
        *more,
    )
    joined = request.join(repository, repository.c.id == request.c.repo_id)
    return select(*columns).select_from(joined).where(_SHOWN)


def _asked(github_id: int) -> tuple[Select[Any], ColumnElement[Any]]:
    at = request.c.opened_at
    return _lines(at).where(request.c.author_id == github_id), at


def _voted(github_id: int) -> tuple[Select[Any], ColumnElement[Any]]:
    own = (
        _lines(vote.c.since)
        .join(vote, vote.c.request_id == request.c.id)
        .join(
            supporter,
            (supporter.c.root_id == request.c.root_id)
            & (supporter.c.github_id == vote.c.github_id),
        )
        .where(vote.c.github_id == github_id, supporter.c.counts)
    )
    return own, vote.c.since


def _told(github_id: int) -> tuple[Select[Any], ColumnElement[Any]]:
    own = _lines(story.c.told_at, story.c.words).join(story, story.c.request_id == request.c.id)
    return own.where(story.c.github_id == github_id), story.c.told_at


def _took_up(github_id: int) -> tuple[Select[Any], ColumnElement[Any]]:
    """One line for each request, whether it was taken up once or twice."""
    took = (
        select(move.c.request_id, func.max(move.c.id).label("last"))
        .where(move.c.actor_id == github_id, move.c.cause == "claimed")
        .group_by(move.c.request_id)
        .subquery()
    )
    own = (
        _lines(move.c.acted_at)
        .join(took, took.c.request_id == request.c.id)
        .join(move, move.c.id == took.c.last)
    )
    return own, move.c.acted_at


KINDS: Mapping[str, Found] = {
    "asked": _asked,
    "voted": _voted,
    "told": _told,
    "took": _took_up,
}
"""What is brought together, by the word that asks for more of it."""


def lines(connection: Connection, kind: str, github_id: int, after: After | None = None) -> Lines:
    """Give a page of what somebody did, of one kind."""
    wanted, at = KINDS[kind](github_id)
    some = wanted.limit(MOST_COUNTED + 1).subquery()
    total = connection.scalar(select(func.count()).select_from(some)) or 0
    if after is not None:
        start = _EPOCH + timedelta(microseconds=after[0])
        wanted = wanted.where(tuple_(at, request.c.id) < tuple_(start, after[1]))
    order = (at.desc(), request.c.id.desc())
    found = [
        _line(row) for row in connection.execute(wanted.order_by(*order).limit(ON_ONE_PAGE + 1))
    ]
    rows = tuple(found[:ON_ONE_PAGE])
    return Lines(rows, total, _key(rows[-1]) if len(found) > ON_ONE_PAGE else None)


def login(connection: Connection, github_id: int) -> str:
    """Give the login as last heard; empty where we do not know it, or it was erased."""
    for wanted in (
        select(account.c.login).where(account.c.id == github_id),
        select(request.c.author_login)
        .where(request.c.author_id == github_id, request.c.author_login != "")
        .order_by(request.c.id.desc()),
        select(story.c.login)
        .where(story.c.github_id == github_id, story.c.login != "")
        .order_by(story.c.told_at.desc()),
    ):
        found = connection.scalar(wanted.limit(1))
        if found:
            return str(found)
    return ""


def _line(row: Any) -> Line:
    return Line(*row)


def _key(one: Line) -> After:
    return (one.at - _EPOCH) // timedelta(microseconds=1), one.request_id
