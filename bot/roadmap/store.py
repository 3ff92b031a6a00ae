"""Requests as GitHub last told of them: threads keyed by node id, never set back by older news."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, select, update

from bot.roadmap import similar
from bot.roadmap.tables import request, request_alias
from core.db import insert_once
from core.github import Account
from core.snapshots import asked_once

Intake = Literal["label", "command", "web", "discussion"]
Origin = Literal["pushed", "asked", "co_created"]
State = Literal["open", "closed", "dropped", "frozen", "gone"]
"""dropped: its label was taken off; frozen: moved to where we cannot follow; gone: deleted."""


@dataclass(frozen=True)
class Told:
    """What GitHub says of a thread at one moment; `number` and `repo_id` change with a transfer.

    `labelled`: it bears the label that makes a request. `comments` are all that GitHub counts.
    """

    node_id: str
    repo_id: int
    number: int
    title: str
    author: Account
    state: State
    locked: bool
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    labelled: bool = False
    comments: int = 0


@dataclass(frozen=True)
class Request:
    """A request as it stands; `root_id` is the one that its group of joined requests is counted on."""

    id: int
    node_id: str
    repo_id: int
    number: int
    title: str
    author: Account
    intake: str
    origin: str
    state: str
    locked: bool
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    root_id: int
    supporters: int
    labelled: bool = False
    stage: str = ""
    """Where it stands on the board; see `bot.roadmap.board`, which alone moves it."""
    comments: int | None = None
    """How many comments GitHub counts, ours among them; None where nobody has looked yet."""


def note(connection: Connection, told: Told, intake: Intake, origin: Origin) -> Request:
    """Make a thread a request, or take over what is newer than what stands; give what stands."""
    fresh = _columns(told) | {
        "node_id": told.node_id,
        "intake": intake,
        "origin": origin,
        "root_id": 0,
    }
    if insert_once(connection, request, fresh):
        own = update(request).where(request.c.node_id == told.node_id)
        connection.execute(own.values(root_id=request.c.id))
    else:
        take_over(connection, told)
    found = by_node(connection, told.node_id)
    if found is None:
        message = "a request that was just written is not there"
        raise RuntimeError(message)
    similar.index(connection, found.id, found.repo_id, found.title)
    return found


def take_over(connection: Connection, told: Told) -> bool:
    """Write down what GitHub says of a request, unless what stands is newer; says whether it did."""
    columns = _columns(told)
    older = update(request).where(
        request.c.node_id == told.node_id, request.c.updated_at <= told.updated_at
    )
    # Who asked is known from the first telling: a ghost that is told later asked nothing.
    del columns["author_id"], columns["author_login"]
    if connection.execute(older.values(**columns)).rowcount != 1:
        return False
    found = by_node(connection, told.node_id)
    if found is not None:
        similar.index(connection, found.id, found.repo_id, found.title)
    return True


def set_state(connection: Connection, request_id: int, state: State) -> None:
    """Write down what became of a thread that GitHub gives no more."""
    here = update(request).where(request.c.id == request_id)
    connection.execute(here.values(state=state))


def follow(connection: Connection, asked: Request, told: Told) -> None:
    """Let a request be the thread that it became in another repository."""
    if told.node_id != asked.node_id:
        alias = {"node_id": told.node_id, "request_id": asked.id}
        insert_once(connection, request_alias, alias)
    columns = _columns(told)
    del columns["author_id"], columns["author_login"]
    here = update(request).where(request.c.id == asked.id)
    connection.execute(here.values(**columns))
    similar.index(connection, asked.id, told.repo_id, told.title)


@asked_once
def by_node(connection: Connection, node_id: str) -> Request | None:
    """Give the request of a thread, under any node id that it had."""
    found = connection.execute(select(request).where(request.c.node_id == node_id)).first()
    if found is None:
        other = select(request).join(request_alias, request_alias.c.request_id == request.c.id)
        found = connection.execute(other.where(request_alias.c.node_id == node_id)).first()
    return _one(found)


def by_number(connection: Connection, repo_id: int, number: int) -> Request | None:
    """Give the request that has this number in a repository now."""
    here = (request.c.repo_id == repo_id) & (request.c.number == number)
    return _one(
        connection.execute(
            select(request).where(here).order_by(request.c.updated_at.desc())
        ).first()
    )


def by_id(connection: Connection, request_id: int) -> Request | None:
    """Give a request by our own number."""
    return _one(connection.execute(select(request).where(request.c.id == request_id)).first())


def by_ids(
    connection: Connection, numbers: Collection[int] | Select[tuple[int]]
) -> tuple[Request, ...]:
    """Give requests by our own numbers, in their order; a query for many, which databases bound."""
    found = select(request).where(request.c.id.in_(numbers)).order_by(request.c.id)
    return tuple(one for row in connection.execute(found) if (one := _one(row)) is not None)


def _columns(told: Told) -> dict[str, Any]:
    return {
        "repo_id": told.repo_id,
        "number": told.number,
        "title": told.title,
        "author_id": told.author.id,
        "author_login": told.author.login,
        "state": told.state,
        "locked": told.locked,
        "opened_at": told.opened_at,
        "closed_at": told.closed_at,
        "updated_at": told.updated_at,
        "labelled": told.labelled,
        "comments": told.comments,
    }


def _one(row: Row[Any] | None) -> Request | None:
    if row is None:
        return None
    return Request(
        id=row.id,
        node_id=row.node_id,
        repo_id=row.repo_id,
        number=row.number,
        title=row.title,
        author=Account(row.author_id, row.author_login),
        intake=row.intake,
        origin=row.origin,
        state=row.state,
        locked=row.locked,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        updated_at=row.updated_at,
        root_id=row.root_id,
        supporters=row.supporters,
        labelled=row.labelled,
        stage=row.stage,
        comments=row.comments,
    )
