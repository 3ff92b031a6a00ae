"""The board as its page shows it: a few cards of each stage, or one stage page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_

from bot.people import account
from bot.policy.stages import BoardStage
from bot.roadmap.board import rules, store
from bot.roadmap.board.store import Move
from bot.roadmap.board.tables import SHOWN_HERE, move
from bot.roadmap.tables import request, shipping

AT_FIRST = 6
"""Cards of each stage on the board."""

ON_ONE_PAGE = 20
MOST_COUNTED = 1_000
"""Counting on would cost more than anybody gets from knowing."""

MOST_STAGES = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Key = tuple[int, int]


@dataclass(frozen=True)
class Card:
    """A request on the board; `moved` is the move by which it came there.

    `asks_again`: since it shipped, too many said that it does not do their job.
    """

    id: int
    number: int
    title: str
    author_login: str
    origin: str
    state: str
    supporters: int
    moved_at: datetime
    stage: str
    moved: Move | None = None
    mover: str = ""
    asks_again: bool = False


@dataclass(frozen=True)
class Column:
    """A stage with some of its cards; `total` is at most `MOST_COUNTED` + 1.

    `after` is where its next page begins. `is_end`: what stands there is done with.
    """

    name: str
    total: int
    cards: tuple[Card, ...]
    after: Key | None
    is_end: bool = False


@dataclass(frozen=True)
class Board:
    """Every stage of a repository, in order; those that its rules no longer name come last."""

    stages: tuple[BoardStage, ...]
    columns: tuple[Column, ...] = field(default=())


def board(connection: Connection, repo_id: int, each: int = AT_FIRST) -> Board:
    """Give the board of a repository with the first cards of each stage."""
    stages = store.stages_of(connection, repo_id)
    columns = [
        _column(connection, repo_id, name, stages, None, each)
        for name in _names(connection, repo_id, stages)
    ]
    return Board(stages, _moved(connection, columns))


def column(
    connection: Connection,
    repo_id: int,
    name: str,
    stages: Sequence[BoardStage],
    after: Key | None = None,
    most: int = ON_ONE_PAGE,
) -> Column:
    """Give a page of a stage: what most people want first, or what came last where it is done with."""
    (found,) = _moved(connection, [_column(connection, repo_id, name, stages, after, most)])
    return found


def _column(
    connection: Connection,
    repo_id: int,
    name: str,
    stages: Sequence[BoardStage],
    after: Key | None,
    most: int,
) -> Column:
    here = _here(repo_id, name)
    is_end = any(one.name == name and one.closes != "none" for one in stages)
    key: ColumnElement[Any] = request.c.moved_at if is_end else request.c.supporters
    found = select(*_CARD).where(here)
    if after is not None:
        start: Any = _EPOCH + timedelta(microseconds=after[0]) if is_end else after[0]
        found = found.where(tuple_(key, request.c.id) < tuple_(start, after[1]))
    rows = connection.execute(
        found.order_by(key.desc(), request.c.id.desc()).limit(most + 1)
    ).all()
    cards = tuple(Card(*tuple(row)) for row in rows[:most])
    some = select(request.c.id).where(here).limit(MOST_COUNTED + 1).subquery()
    total = connection.scalar(select(func.count()).select_from(some)) or 0
    more = _key(cards[-1], is_end=is_end) if len(rows) > most else None
    return Column(name, total, cards, more, is_end)


def excerpt(connection: Connection, repo_id: int, each: int = 3) -> Board:
    """Give the last stage before the end with something in it, and what shipped last."""
    stages = store.stages_of(connection, repo_id)
    shown = []
    for one in reversed(stages):
        if one.closes == "none" and one is not stages[0]:
            found = column(connection, repo_id, one.name, stages, most=each)
            if found.cards:
                shown.append(found)
                break
    done = next((one.name for one in stages if rules.is_shipped(stages, one.name)), "")
    last = column(connection, repo_id, done, stages, most=each)
    return Board(stages, (*shown, *([last] if last.cards else [])))


def logins(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Give the logins that we know of accounts."""
    wanted = {number for number in numbers if number}
    rows = connection.execute(
        select(account.c.id, account.c.login).where(
            account.c.id.in_(wanted), account.c.login.is_not(None)
        )
    )
    return {row.id: row.login for row in rows}


_CARD = (
    request.c.id,
    request.c.number,
    request.c.title,
    request.c.author_login,
    request.c.origin,
    request.c.state,
    request.c.supporters,
    request.c.moved_at,
    request.c.stage,
)


def _here(repo_id: int, name: str) -> ColumnElement[bool]:
    return and_(request.c.repo_id == repo_id, request.c.stage == name, SHOWN_HERE)


def _names(connection: Connection, repo_id: int, stages: Sequence[BoardStage]) -> list[str]:
    """Give the stages of the rules and then those where something stands still, by leaps in an index."""
    found = [one.name for one in stages]
    last = ""
    for _leap in range(MOST_STAGES):
        beyond = select(func.min(request.c.stage)).where(
            request.c.repo_id == repo_id, request.c.stage > last, SHOWN_HERE
        )
        name = connection.scalar(beyond)
        if name is None:
            break
        last = name
        if name not in found:
            found.append(name)
    return found


def _moved(connection: Connection, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Say of every card by which move it came there, and by whom."""
    ids = [card.id for one in columns for card in one.cards]
    if not ids:
        return tuple(columns)
    newest = (
        select(func.max(move.c.id)).where(move.c.request_id.in_(ids)).group_by(move.c.request_id)
    )
    moves = {one.request_id: one for one in store.read(connection, move.c.id.in_(newest))}
    known = logins(connection, [one.actor_id for one in moves.values()])

    asked_again = _asked_again(connection, ids)

    def whole(card: Card) -> Card:
        made = moves.get(card.id)
        if made is None:
            return card
        again = (card.id, made.sequence) in asked_again
        return replace(card, moved=made, mover=known.get(made.actor_id, ""), asks_again=again)

    return tuple(replace(one, cards=tuple(map(whole, one.cards))) for one in columns)


def _asked_again(connection: Connection, ids: Collection[int]) -> set[tuple[int, int]]:
    """Give the shippings (request, move) of which too many said that they do not help."""
    columns = shipping.c
    found = select(columns.request_id, columns.move).where(
        columns.request_id.in_(ids), columns.suggested_at.is_not(None)
    )
    return {(row.request_id, row.move) for row in connection.execute(found)}


def _key(card: Card, *, is_end: bool) -> Key:
    if not is_end:
        return card.supporters, card.id
    return (card.moved_at - _EPOCH) // timedelta(microseconds=1), card.id
