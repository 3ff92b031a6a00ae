"""Stories and ratings: signals of their own, shown beside the votes and never added to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    delete,
    func,
    select,
    text,
    tuple_,
)

from bot.roadmap.tables import request, supporter
from core.db import UtcDateTime, insert_once, metadata, upsert

LONGEST_STORY = 1_000
LEAST, MOST = 1, 5
ON_ONE_PAGE = 20

story = Table(
    "story",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Index("ix_story_told", "request_id", "told_at", "github_id"),
    Index("ix_story_person", "github_id"),
)

rating = Table(
    "rating",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
    Column("rated_at", UtcDateTime, nullable=False),
    CheckConstraint("value BETWEEN 1 AND 5", name="value"),
    Index("ix_rating_value", "request_id", "value"),
    Index("ix_rating_person", "github_id"),
)

# What a page of requests is read by: only requests that are not joined onto another are listed.
for _name, _columns in (
    ("ix_request_wanted", ("supporters",)),
    ("ix_request_opened", ("opened_at",)),
    ("ix_request_origin", ("origin", "supporters")),
    ("ix_request_origin_opened", ("origin", "opened_at")),
):
    Index(
        _name,
        *(request.c[_column] for _column in ("repo_id", "state", *_columns, "id")),
        sqlite_where=request.c.root_id == request.c.id,
        postgresql_where=request.c.root_id == request.c.id,
    )
Index(
    "ix_request_stage_opened",
    *(request.c[_column] for _column in ("repo_id", "stage", "opened_at", "id")),
    sqlite_where=text("root_id = id AND state IN ('open', 'closed')"),
    postgresql_where=text("root_id = id AND state IN ('open', 'closed')"),
)
Index("ix_request_author", request.c.author_id)
Index(
    "ix_supporter_since",
    supporter.c.root_id,
    supporter.c.counts,
    supporter.c.since,
    supporter.c.github_id,
)


@dataclass(frozen=True)
class Story:
    """What somebody uses it for, in their own words; `login` is empty once it was erased."""

    github_id: int
    login: str
    words: str
    told_at: datetime
    edited_at: datetime | None


@dataclass(frozen=True)
class Stories:
    """A page of stories, oldest first; `after` is where the next one begins, if there is one."""

    rows: tuple[Story, ...]
    total: int
    after: int | None


@dataclass(frozen=True)
class Ratings:
    """How much people need it: `counts` by value from 1 to 5; `median` is None where nobody said."""

    counts: tuple[int, ...]
    median: float | None

    @property
    def total(self) -> int:
        """How many people said it."""
        return sum(self.counts)


def tell(
    connection: Connection, request_id: int, person: tuple[int, str], words: str, now: datetime
) -> None:
    """Keep somebody's story, or put other words into it; `person` is number and login."""
    key = {"request_id": request_id, "github_id": person[0]}
    fresh = key | {"login": person[1], "words": words, "told_at": now}
    if not insert_once(connection, story, fresh):
        own = (story.c.request_id == request_id) & (story.c.github_id == person[0])
        changed = story.update().where(own, story.c.words != words)
        connection.execute(changed.values(words=words, login=person[1], edited_at=now))


def take_back(connection: Connection, table: Table, request_id: int, github_id: int) -> None:
    """Delete somebody's story or rating."""
    own = (table.c.request_id == request_id) & (table.c.github_id == github_id)
    connection.execute(delete(table).where(own))


def rate(
    connection: Connection, request_id: int, github_id: int, value: int, now: datetime
) -> None:
    """Keep how much somebody needs it: the last word counts."""
    key = {"request_id": request_id, "github_id": github_id}
    upsert(connection, rating, key, {"value": value, "rated_at": now})


def own_story(connection: Connection, request_id: int, github_id: int) -> str:
    """Give somebody's own words, empty if there are none."""
    own = (story.c.request_id == request_id) & (story.c.github_id == github_id)
    return connection.scalar(select(story.c.words).where(own)) or ""


def own_rating(connection: Connection, request_id: int, github_id: int) -> int | None:
    """Give how much somebody said they need it."""
    own = (rating.c.request_id == request_id) & (rating.c.github_id == github_id)
    return connection.scalar(select(rating.c.value).where(own))


def stories(connection: Connection, request_id: int, after: int | None = None) -> Stories:
    """Give a page of stories; `after` is the number of the account whose story came last."""
    here = story.c.request_id == request_id
    wanted = select(story).where(here)
    if after is not None:
        last = select(story.c.told_at).where(here, story.c.github_id == after).scalar_subquery()
        wanted = wanted.where(tuple_(story.c.told_at, story.c.github_id) > tuple_(last, after))
    rows = connection.execute(
        wanted.order_by(story.c.told_at, story.c.github_id).limit(ON_ONE_PAGE + 1)
    ).all()
    has_all = after is None and len(rows) <= ON_ONE_PAGE
    total = len(rows) if has_all else told(connection, request_id)
    shown = tuple(
        Story(row.github_id, row.login, row.words, row.told_at, row.edited_at)
        for row in rows[:ON_ONE_PAGE]
    )
    return Stories(shown, total, shown[-1].github_id if len(rows) > ON_ONE_PAGE else None)


def told(connection: Connection, request_id: int) -> int:
    """Count the stories of a request."""
    here = select(func.count()).select_from(story).where(story.c.request_id == request_id)
    return connection.scalar(here) or 0


def ratings(connection: Connection, request_id: int) -> Ratings:
    """Count the ratings of a request."""
    number = func.count().label("number")
    wanted = select(rating.c.value, number).where(rating.c.request_id == request_id)
    rows = connection.execute(wanted.group_by(rating.c.value))
    counts = {row.value: row.number for row in rows}
    return Ratings(tuple(counts.get(value, 0) for value in range(LEAST, MOST + 1)), median(counts))


def median(counts: Mapping[int, int]) -> float | None:
    """Give the middle value, or the mean of the two in the middle."""
    total = sum(counts.values())
    if not total:
        return None
    return (_at(counts, (total - 1) // 2) + _at(counts, total // 2)) / 2


def _at(counts: Mapping[int, int], place: int) -> int:
    """Give the value at a place of the sorted row."""
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return value
    raise IndexError(place)
