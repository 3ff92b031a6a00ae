"""Members who agreed to be shown requests that they could answer: opt-in, by project, never pushed.

What is used of them is public and on record here: the topics that they chose themselves, and the
paths that merged pull requests of theirs changed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from bot.credits.tables import credit
from bot.roadmap.board import store as board
from bot.roadmap.intents import matching
from bot.roadmap.intents.matching import Member, Score
from bot.roadmap.intents.tables import answerer, answerer_path, claim
from bot.roadmap.store import Request, by_id
from bot.roadmap.tables import request
from core.context import Task
from core.db import insert_once, upsert
from licensing.provenance import Landing, landing

MENTION_AGAIN = timedelta(days=7)
"""Nobody is mentioned more often than that, however much they could do."""

MOST_TOPICS, LONGEST_TOPIC = 20, 40
MOST_MEMBERS = 500
MOST_LANDINGS = 10
MOST_PATHS = 100
MOST_OPEN = 300
MOST_OFFERED = 20
MOST_NAMED = 5
REVIEWED = "review"


@dataclass(frozen=True)
class Wish:
    """What somebody agreed to in a project: their topics, and whether by name."""

    repo_id: int
    topics: tuple[str, ...]
    named: bool
    since: datetime


@dataclass(frozen=True)
class Able:
    """Who could do a request: how many in all, and the logins of those who may be named."""

    count: int
    logins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offered:
    """A request that somebody could do, and why."""

    asked: Request
    score: Score


def topics(said: str) -> tuple[str, ...]:
    """Read topics as people write them, with commas or line ends between them."""
    parts = (" ".join(part.split())[:LONGEST_TOPIC] for part in said.replace("\n", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_TOPICS]


def agree(
    connection: Connection,
    person: tuple[int, str],
    repo_id: int,
    wanted: tuple[str, ...],
    now: datetime,
    *,
    named: bool,
) -> None:
    """Let somebody (number, login) be shown what they could do in a project."""
    key = {"repo_id": repo_id, "github_id": person[0]}
    values = {"login": person[1], "topics": list(wanted), "named": named, "since": now}
    upsert(connection, answerer, key, values)


def stop(connection: Connection, github_id: int, repo_id: int) -> None:
    """End it in one click; nothing of it is kept."""
    for table in (answerer, answerer_path):
        here = (table.c.github_id == github_id) & (table.c.repo_id == repo_id)
        connection.execute(delete(table).where(here))


def agrees(connection: Connection, github_id: int, repo_id: int) -> bool:
    """Say whether somebody agreed in a project."""
    here = (answerer.c.github_id == github_id) & (answerer.c.repo_id == repo_id)
    return connection.scalar(select(answerer.c.github_id).where(here)) is not None


def unread(connection: Connection, github_id: int, repo_id: int) -> tuple[Landing, ...]:
    """Give the latest merged pull requests of somebody whose paths were not read yet."""
    known = select(answerer_path.c.number).where(
        answerer_path.c.repo_id == repo_id, answerer_path.c.github_id == github_id
    )
    rows = connection.execute(
        select(landing)
        .where(landing.c.repo_id == repo_id, landing.c.opener_id == github_id)
        .where(landing.c.number.not_in(known))
        .order_by(landing.c.merged_at.desc())
        .limit(MOST_LANDINGS)
    )
    return tuple(Landing(*row) for row in rows)


def note_paths(connection: Connection, where: Landing, paths: Collection[str]) -> None:
    """Keep which paths a merged pull request changed, if its opener still agrees."""
    if agrees(connection, where.opener_id, where.repo_id):
        key = {"repo_id": where.repo_id, "github_id": where.opener_id, "number": where.number}
        insert_once(connection, answerer_path, key | {"paths": sorted(paths)[:MOST_PATHS]})


def read_paths(repo_id: int, github_id: int, why: str, now: datetime) -> Task:
    """Have the paths read that merged pull requests of somebody changed who agreed to it."""
    about: dict[str, int | str] = {"repo_id": repo_id, "github_id": github_id}
    return Task("read_paths", f"read_paths:{repo_id}:{github_id}:{why}", now, None, about)


def wishes(connection: Connection, github_id: int) -> dict[int, Wish]:
    """Give what somebody agreed to, by project."""
    rows = connection.execute(select(answerer).where(answerer.c.github_id == github_id))
    return {
        row.repo_id: Wish(row.repo_id, tuple(row.topics), row.named, row.since) for row in rows
    }


def able(connection: Connection, asked: Request) -> Able:
    """Say how many could do a request; not whoever asks, nor whoever works on it."""
    scores = _scores(connection, asked)
    rows = connection.execute(
        select(answerer.c.github_id, answerer.c.login).where(
            answerer.c.repo_id == asked.repo_id, answerer.c.named
        )
    )
    logins = {row.github_id: row.login for row in rows if row.login}
    named = [logins[it.github_id] for it in scores if it.github_id in logins]
    return Able(len(scores), tuple(named[:MOST_NAMED]))


def mentions(connection: Connection, asked: Request, now: datetime) -> tuple[str, ...]:
    """Give the logins to mention now, and write down that they were: each rarely, only if named."""
    found: list[str] = []
    for it in _scores(connection, asked):
        here = (answerer.c.repo_id == asked.repo_id) & (answerer.c.github_id == it.github_id)
        free = answerer.c.mentioned_at.is_(None) | (answerer.c.mentioned_at <= now - MENTION_AGAIN)
        row = connection.execute(
            select(answerer.c.login).where(here, answerer.c.named, free)
        ).first()
        if row is None or len(found) >= MOST_NAMED:
            continue
        # The cap is each person's own, over all projects that they chose.
        mine = update(answerer).where(answerer.c.github_id == it.github_id)
        connection.execute(mine.values(mentioned_at=now))
        found.append(row.login)
    return tuple(found)


def offered(connection: Connection, github_id: int, repo_id: int) -> tuple[Offered, ...]:
    """Give the open requests of a project that somebody could do, best first."""
    members = _members(connection, repo_id, github_id)
    if not members:
        return ()
    rows = connection.scalars(
        select(request.c.id)
        .where(request.c.repo_id == repo_id, request.c.state == "open")
        .where(request.c.root_id == request.c.id, request.c.author_id != github_id)
        .where(request.c.id.not_in(select(claim.c.request_id)))
        .order_by(request.c.supporters.desc(), request.c.id)
        .limit(MOST_OPEN)
    ).all()
    found = [
        Offered(asked, score)
        for asked in filter(None, (by_id(connection, one) for one in rows))
        if (score := matching.score(members[0], asked.title, _labels(connection, asked.id))).could
    ]
    found.sort(key=lambda it: (-it.score.points, -it.asked.supporters, it.asked.number))
    return tuple(found[:MOST_OFFERED])


def _scores(connection: Connection, asked: Request) -> tuple[Score, ...]:
    members = _members(connection, asked.repo_id)
    if not members:
        return ()
    busy = connection.scalars(select(claim.c.github_id).where(claim.c.request_id == asked.id))
    return matching.able(
        members, asked.title, _labels(connection, asked.id), {asked.author.id, *busy}
    )


def _members(connection: Connection, repo_id: int, person: int | None = None) -> list[Member]:
    """Give those who agreed in a project, or one of them, with what is known of each."""
    wanted = select(answerer.c.github_id, answerer.c.topics).where(answerer.c.repo_id == repo_id)
    changed = select(answerer_path.c.github_id, answerer_path.c.paths).where(
        answerer_path.c.repo_id == repo_id
    )
    if person is not None:
        wanted = wanted.where(answerer.c.github_id == person)
        changed = changed.where(answerer_path.c.github_id == person)
    rows = connection.execute(wanted.order_by(answerer.c.github_id).limit(MOST_MEMBERS)).all()
    people = [row.github_id for row in rows]
    if not rows:
        return []
    reviewers = set(
        connection.scalars(
            select(credit.c.github_id).where(
                credit.c.repo_id == repo_id,
                credit.c.kind == REVIEWED,
                credit.c.github_id.in_(people),
            )
        )
    )
    paths: dict[int, dict[str, None]] = {}
    for github_id, some in connection.execute(changed):
        paths.setdefault(github_id, {}).update(dict.fromkeys(some))
    return [
        Member(
            row.github_id,
            frozenset(row.topics),
            tuple(paths.get(row.github_id, ())),
            row.github_id in reviewers,
        )
        for row in rows
    ]


def _labels(connection: Connection, request_id: int) -> tuple[str, ...]:
    seen = board.seen(connection, request_id)
    return seen.view.labels if seen else ()
