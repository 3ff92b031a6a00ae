"""Lists of requests: filtered, sorted, and read page by page from where the last one ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    TextClause,
    and_,
    func,
    select,
    text,
    tuple_,
)

from bot.roadmap import similar
from bot.roadmap.similar import request_stem
from bot.roadmap.tables import request, supporter, vote

ON_ONE_PAGE = 20
MOST_COUNTED = 1_000
"""Counting on would cost more than anybody gets from knowing."""

MOST_JOINED = 3
MOST_IDS = 500
MOST_FOUND = 100
"""As far as what a search finds is counted."""

MOST_LOOKED_AT = 4_000
"""Requests with the rarest of several words that a search looks at, the newest first."""

STATES = ("open", "closed")
SORTS = ("wanted", "newest", "oldest")
ORIGINS = ("", "asked", "pushed", "co_created")
MINE = ("", "asked", "voted")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 10**17
"""Larger numbers are no row of ours, nor an instant that Python knows."""


@dataclass(frozen=True)
class Wanted:
    """What a visitor wants to see; `after` is the (key, id) of the row before the page.

    `state` may be empty where a stage is given; `most` is how many rows a page has.
    """

    repo_id: int
    state: str = "open"
    sort: str = "wanted"
    origin: str = ""
    mine: str = ""
    text: str = ""
    person_id: int | None = None
    after: tuple[int, int] | None = None
    stage: str = ""
    most: int = ON_ONE_PAGE

    def address(self, **changes: Any) -> str:
        """Give the query of the same list with changes; it begins anew unless `after` is given."""
        other = replace(self, **({"after": None} | changes))
        said = {"state": other.state, "sort": other.sort, "origin": other.origin}
        said |= {"mine": other.mine, "q": other.text}
        usual = {"state": STATES[0], "sort": SORTS[0]}
        given = {name: value for name, value in said.items() if value != usual.get(name, "")}
        if other.after:
            given["after"] = f"{other.after[0]}.{other.after[1]}"
        return f"?{urlencode(given)}" if given else "?"

    @property
    def is_narrowed(self) -> bool:
        """Say whether anything but state and order was chosen."""
        return bool(self.origin or self.mine or self.text)


@dataclass(frozen=True)
class Line:
    """A request in a list; `joined` are those that are the same, as (number, title)."""

    id: int
    number: int
    title: str
    author_id: int
    author_login: str
    origin: str
    state: str
    opened_at: datetime
    supporters: int
    root_id: int
    stage: str
    joined: tuple[tuple[int, str], ...] = ()
    joined_in_all: int = 0


@dataclass(frozen=True)
class Listed:
    """A page of a list; `total` is one more than `most` where there are more than that.

    `after` is where the next page begins.
    """

    rows: tuple[Line, ...]
    total: int
    most: int
    after: tuple[int, int] | None


_LINE = (
    request.c.id,
    request.c.number,
    request.c.title,
    request.c.author_id,
    request.c.author_login,
    request.c.origin,
    request.c.state,
    request.c.opened_at,
    request.c.supporters,
    request.c.root_id,
    request.c.stage,
)


def listed(connection: Connection, wanted: Wanted) -> Listed:
    """Give a page of what is wanted, joined requests under the one that they are counted on."""
    where = _where(connection, wanted)
    if where is None:
        return Listed((), 0, MOST_FOUND, None)
    most = MOST_FOUND if wanted.text else MOST_COUNTED
    some = select(request.c.id).where(where).limit(most + 1).subquery()
    total = connection.scalar(select(func.count()).select_from(some)) or 0
    rows = connection.execute(_page(select(*_LINE).where(where), wanted)).all()
    shown = rows[: wanted.most]
    after = _key(shown[-1], wanted.sort) if len(rows) > wanted.most else None
    return Listed(_with_joined(connection, shown), total, most, after)


def counted(connection: Connection, repo_id: int, state: str) -> int:
    """Count the requests of a state, up to `MOST_COUNTED` + 1; joined ones are one."""
    here = (request.c.repo_id == repo_id) & (request.c.state == state)
    some = select(request.c.id).where(here, _IS_ROOT).limit(MOST_COUNTED + 1).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def most_wanted(connection: Connection, repo_id: int, best: int) -> tuple[Line, ...]:
    """Give the open requests that most people want."""
    rows = connection.execute(
        select(*_LINE)
        .where(request.c.repo_id == repo_id, request.c.state == STATES[0], _IS_ROOT)
        .order_by(request.c.supporters.desc(), request.c.id.desc())
        .limit(best)
    )
    return tuple(Line(*tuple(row)) for row in rows)


def has_requests(connection: Connection, repo_id: int) -> bool:
    """Say whether anything was ever asked for in a repository, and is there still."""
    here = (request.c.repo_id == repo_id) & (request.c.state.in_(STATES))
    return connection.scalar(select(request.c.id).where(here).limit(1)) is not None


_IS_ROOT = request.c.root_id == request.c.id
_ON_BOARD = text("request.root_id = request.id AND request.state IN ('open', 'closed')")
"""As text, so that SQLite sees that the indexes of the board have all that is asked for."""


def _where(connection: Connection, wanted: Wanted) -> ColumnElement[bool] | None:
    """Give the condition of a list; None where nothing can fit it."""
    parts = _standing(wanted)
    if wanted.origin:
        parts.append(request.c.origin == wanted.origin)
    if wanted.mine:
        parts.append(_mine(wanted))
    here = request.c.repo_id == wanted.repo_id
    if not wanted.text:
        return and_(here, *parts) if wanted.mine else and_(here, *parts, _IS_ROOT)
    groups = similar.standing_for(connection, wanted.repo_id, wanted.text)
    if not groups or not all(groups):
        return None
    ids = _with_all(connection, wanted.repo_id, groups)
    if len(groups) > 1 or len(ids) <= MOST_IDS:
        # Without `repo_id`, which they all have: SQLite would take an index that begins with it,
        # and pass over all requests of the repository.
        return and_(request.c.id.in_(ids), *parts)
    common = _having(wanted.repo_id, groups[0]).where(request_stem.c.request_id == request.c.id)
    return and_(here, *parts, common.correlate(request).exists())


def _standing(wanted: Wanted) -> list[ColumnElement[bool] | TextClause]:
    if not wanted.stage:
        return [request.c.state == wanted.state]
    parts: list[ColumnElement[bool] | TextClause] = [request.c.stage == wanted.stage, _ON_BOARD]
    if wanted.state:
        # No bare column: SQLite would take an index of all that are open, of which few stand there.
        parts.append(request.c.state.concat("") == wanted.state)
    return parts


def _mine(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.mine == "asked":
        return request.c.author_id == wanted.person_id
    own = select(vote.c.request_id).where(vote.c.github_id == wanted.person_id)
    return request.c.id.in_(own)


def _with_all(connection: Connection, repo_id: int, groups: Sequence[Sequence[str]]) -> list[int]:
    """Give the newest requests whose titles have all words, out of the newest with the rarest word."""
    newest = request_stem.c.request_id.desc()
    some = _having(repo_id, groups[0]).distinct().order_by(newest).limit(MOST_LOOKED_AT).subquery()
    found = select(some.c.request_id)
    for group in groups[1:]:
        own = _having(repo_id, group).where(request_stem.c.request_id == some.c.request_id)
        found = found.where(own.correlate(some).exists())
    return list(connection.scalars(found.limit(MOST_IDS + 1)))


def _having(repo_id: int, group: Sequence[str]) -> Select[tuple[int]]:
    columns = request_stem.c
    return select(columns.request_id).where(columns.repo_id == repo_id, columns.stem.in_(group))


def _page(found: Select[Any], wanted: Wanted) -> Select[Any]:
    key: ColumnElement[Any] = request.c.opened_at
    start: Any = None
    if wanted.sort == "wanted":
        key = request.c.supporters
    if wanted.after:
        start = wanted.after[0]
        if wanted.sort != "wanted":
            start = _EPOCH + timedelta(microseconds=start)
    if wanted.sort == "oldest":
        if wanted.after:
            found = found.where(tuple_(key, request.c.id) > tuple_(start, wanted.after[1]))
        return found.order_by(key, request.c.id).limit(wanted.most + 1)
    if wanted.after:
        found = found.where(tuple_(key, request.c.id) < tuple_(start, wanted.after[1]))
    return found.order_by(key.desc(), request.c.id.desc()).limit(wanted.most + 1)


def _key(row: Row[Any], sort: str) -> tuple[int, int]:
    if sort == "wanted":
        return row.supporters, row.id
    return (row.opened_at - _EPOCH) // timedelta(microseconds=1), row.id


def _with_joined(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Line, ...]:
    lines = [Line(*tuple(row)) for row in rows]
    roots = [line.id for line in lines if line.root_id == line.id]
    under: dict[int, list[tuple[int, str]]] = {}
    columns = request.c
    joined = (
        select(columns.root_id, columns.number, columns.title)
        .where(columns.root_id.in_(roots), columns.root_id != columns.id)
        .where(columns.state.in_(STATES))
        .order_by(columns.id)
        .limit(MOST_IDS)
    )
    for row in connection.execute(joined) if roots else ():
        under.setdefault(row.root_id, []).append((row.number, row.title))
    return tuple(
        replace(line, joined=tuple(own[:MOST_JOINED]), joined_in_all=len(own))
        for line in lines
        for own in (under.get(line.id, []),)
    )


def after(said: str) -> tuple[int, int] | None:
    """Read where a page begins; None for anything that no page of ours links to."""
    key, _dot, last = said.partition(".")
    if not (key.isascii() and key.isdigit() and last.isascii() and last.isdigit()):
        return None
    found = int(key[:20]), int(last[:20])
    return found if max(found) < _LARGEST else None


def supports(connection: Connection, root_id: int, github_id: int) -> bool | None:
    """Say whether somebody's vote on a group counts; None where they have none."""
    own = (supporter.c.root_id == root_id) & (supporter.c.github_id == github_id)
    return connection.scalar(select(supporter.c.counts).where(own))
