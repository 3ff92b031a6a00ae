"""One request as its page shows it: who supports it since when, what it is joined with, what happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, tuple_

from bot.people import account, logins
from bot.roadmap import ballots, foreign, rules, store
from bot.roadmap.board import store as board
from bot.roadmap.board.store import Move
from bot.roadmap.charts import Growth, growth
from bot.roadmap.store import Request
from bot.roadmap.tables import ballot, box, joining, request, supporter, vote

MOST_JOINED = 50
MOST_HAPPENED = 10
PEOPLE_ON_ONE_PAGE = 50


@dataclass(frozen=True)
class Joined:
    """Another request of the same group."""

    number: int
    title: str
    state: str


@dataclass(frozen=True)
class Own:
    """A vote of the visitor in the group: on which request, through which door, since when."""

    request_id: int
    number: int
    door: str
    since: datetime


@dataclass(frozen=True)
class Happening:
    """Something that happened to a request, without the names of voters.

    `kind` is `opened`, `closed`, `joined` (onto `number`), `taken_in` (`number` onto this),
    `parted`, `for`, `withdrawn` or `undone` for acts of voters with their `door`, `foreign` for
    commands (`words`) that `login` wrote into the comment of somebody else, and `moved` for a
    `move` on the board that `login` made.
    """

    kind: str
    at: datetime
    number: int | None = None
    door: str = ""
    words: str = ""
    login: str = ""
    move: Move | None = None


@dataclass(frozen=True)
class Supporter:
    """Somebody whose vote counts; `login` is empty where we do not know it.

    `made_at` is when their account was made, None where that is not known.
    """

    github_id: int
    login: str
    since: datetime
    made_at: datetime | None = None

    def is_young(self, days: int) -> bool | None:
        """Say whether the account was younger than that many days when it voted; None: not known."""
        return rules.is_young(self.made_at, self.since, days)


@dataclass(frozen=True)
class People:
    """A page of supporters, earliest first; `after` is the number of the account that comes last."""

    rows: tuple[Supporter, ...]
    after: int | None


def root(connection: Connection, asked: Request) -> Request:
    """Give the request that a group is counted on: often the request itself."""
    return asked if asked.root_id == asked.id else store.by_id(connection, asked.root_id) or asked


def joined(connection: Connection, asked: Request) -> tuple[Joined, ...]:
    """Give the other requests of the group."""
    rows = connection.execute(
        select(request.c.number, request.c.title, request.c.state)
        .where(request.c.root_id == asked.root_id, request.c.id != asked.id)
        .where(request.c.state.in_(("open", "closed")))
        .order_by(request.c.id)
        .limit(MOST_JOINED)
    )
    return tuple(Joined(*row) for row in rows)


def votes_over_time(connection: Connection, root_id: int) -> Growth:
    """Gather the votes that count by when they were cast."""
    day = func.to_char(func.timezone("UTC", supporter.c.since), "YYYY-MM-DD")
    if connection.dialect.name == "sqlite":
        day = func.substr(supporter.c.since, 1, 10)
    label = day.label("day")
    rows = connection.execute(
        select(label, func.count())
        .where(supporter.c.root_id == root_id, supporter.c.counts)
        .group_by(label)
    )
    return growth([(date.fromisoformat(found), number) for found, number in rows])


def own_votes(connection: Connection, root_id: int, github_id: int) -> tuple[Own, ...]:
    """Give the visitor's votes in a group, earliest first."""
    rows = connection.execute(
        select(request.c.id, request.c.number, vote.c.door, vote.c.since)
        .join(vote, vote.c.request_id == request.c.id)
        .where(request.c.root_id == root_id, vote.c.github_id == github_id)
        .order_by(vote.c.since)
    )
    return tuple(Own(*row) for row in rows)


def people(connection: Connection, root_id: int, after: int | None = None) -> People:
    """Give a page of those whose votes count, with the logins that we know."""
    columns = supporter.c
    here = (columns.root_id == root_id) & columns.counts
    wanted = (
        select(columns.github_id, columns.since, account.c.made_at)
        .outerjoin(account, account.c.id == columns.github_id)
        .where(here)
    )
    if after is not None:
        last = select(columns.since).where(columns.root_id == root_id, columns.github_id == after)
        wanted = wanted.where(
            tuple_(columns.since, columns.github_id) > tuple_(last.scalar_subquery(), after)
        )
    rows = connection.execute(
        wanted.order_by(columns.since, columns.github_id).limit(PEOPLE_ON_ONE_PAGE + 1)
    ).all()
    names = logins(connection, [row.github_id for row in rows])
    shown = tuple(
        Supporter(row.github_id, names.get(row.github_id, ""), row.since, row.made_at)
        for row in rows[:PEOPLE_ON_ONE_PAGE]
    )
    return People(shown, shown[-1].github_id if len(rows) > PEOPLE_ON_ONE_PAGE else None)


def happened(connection: Connection, asked: Request) -> tuple[Happening, ...]:
    """Tell what happened to a request, newest first, back to its opening."""
    found = [*_joinings(connection, asked), *_acts(connection, asked)]
    found += [
        Happening("foreign", edit.acted_at, words=edit.commands, login=edit.editor)
        for edit in foreign.edits(connection, asked.id, MOST_HAPPENED)
    ]
    found += _moves(connection, asked)
    if asked.closed_at is not None:
        found.append(Happening("closed", asked.closed_at))
    found.sort(key=lambda one: one.at, reverse=True)
    return (*found[:MOST_HAPPENED], Happening("opened", asked.opened_at))


def acts(connection: Connection, asked: Request) -> int:
    """Count the acts of voters on a request, whatever became of them."""
    subject = ballots.subject_of(asked.node_id)
    wanted = select(box.c.head_sequence).where(box.c.subject == subject)
    return connection.scalar(wanted) or 0


def _acts(connection: Connection, asked: Request) -> list[Happening]:
    rows = connection.execute(
        select(ballot.c.deed, ballot.c.choice, ballot.c.door, ballot.c.acted_at)
        .join(box, box.c.id == ballot.c.box_id)
        .where(box.c.subject == ballots.subject_of(asked.node_id))
        .order_by(ballot.c.sequence.desc())
        .limit(MOST_HAPPENED)
    )
    return [
        Happening(row.choice if row.deed == "cast" else "undone", row.acted_at, door=row.door)
        for row in rows
    ]


def _moves(connection: Connection, asked: Request) -> list[Happening]:
    """Give the last moves on the board; that it was asked for is told by its opening."""
    made = [one for one in board.moves(connection, asked.id) if one.cause != "asked"]
    made = made[-MOST_HAPPENED:]
    names = logins(connection, [one.actor_id for one in made])
    return [
        Happening("moved", one.acted_at, login=names.get(one.actor_id, ""), move=one)
        for one in made
    ]


def _joinings(connection: Connection, asked: Request) -> list[Happening]:
    onto = request.alias("onto")
    rows = connection.execute(
        select(joining, request.c.number, onto.c.number.label("onto_number"))
        .join(request, request.c.id == joining.c.request_id)
        .outerjoin(onto, onto.c.id == joining.c.onto_id)
        .where(or_(joining.c.request_id == asked.id, joining.c.onto_id == asked.id))
        .order_by(joining.c.id.desc())
        .limit(MOST_HAPPENED)
    )
    return [_joining(row, asked) for row in rows]


def _joining(row: Row[Any], asked: Request) -> Happening:
    if row.request_id != asked.id:
        return Happening("taken_in", row.acted_at, row.number)
    if row.onto_id is None:
        return Happening("parted", row.acted_at)
    return Happening("joined", row.acted_at, row.onto_number)
