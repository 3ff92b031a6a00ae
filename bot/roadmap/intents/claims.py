"""Who works on what, and whether they still do: signs of life, a warning at half time, the release.

A sign of life is a comment of the claimer's own, or a pull request of theirs that names the
request, a draft too, and what they push to it. Nobody is released without having been warned.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from bot.roadmap.intents import links, standing
from bot.roadmap.intents.ledger import Words
from bot.roadmap.intents.names import offer_name
from bot.roadmap.intents.standing import Done
from bot.roadmap.intents.tables import claim, linked_pull
from bot.roadmap.intents.values import Act
from bot.roadmap.store import Request, by_number
from core.context import Effect, Task
from core.db import insert_once
from core.github import PullRequest, Repo
from core.snapshots import asked_once
from donations.pledges import store as purses

MOST = 200


@dataclass(frozen=True)
class Held:
    """A claim as its row has it."""

    request_id: int
    github_id: int
    since: datetime
    term: int
    active_at: datetime
    warned_for: datetime | None
    due_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it ends without another sign of life."""
        return max(self.due_at, self.active_at + timedelta(days=self.term))


@asked_once
def held(connection: Connection, request_id: int) -> tuple[Held, ...]:
    """Give the claims on a request, earliest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(claim.c.request_id == request_id)
        .order_by(claim.c.since, claim.c.github_id)
    )
    return tuple(Held(*row) for row in rows)


def one(connection: Connection, request_id: int, github_id: int) -> Held | None:
    """Give somebody's claim on a request."""
    found = held(connection, request_id)
    return next((it for it in found if it.github_id == github_id), None)


def alive(connection: Connection, request_id: int, github_id: int, at: datetime) -> bool:
    """Take a sign of life; False where it says nothing new, or there is no claim."""
    here = (claim.c.request_id == request_id) & (claim.c.github_id == github_id)
    older = here & (claim.c.active_at < at)
    found = connection.execute(select(claim.c.term).where(older)).first()
    if found is None:
        return False
    due_at = at + timedelta(days=found.term) / 2
    connection.execute(update(claim).where(older).values(active_at=at, due_at=due_at))
    return True


def due(connection: Connection, now: datetime) -> list[Effect]:
    """Have each claim looked at whose half time, or end, has come."""
    rows = connection.execute(
        select(claim.c.request_id, claim.c.github_id, claim.c.repo_id, claim.c.due_at)
        .where(claim.c.due_at <= now)
        .order_by(claim.c.due_at)
        .limit(MOST)
    )
    return [
        Task(
            "look_at_claim",
            f"look_at_claim:{row.request_id}:{row.github_id}:{row.due_at.isoformat()}"
            f":{now:%Y%m%d%H}",
            now,
            f"claims:{row.repo_id}",
            {"request_id": row.request_id, "github_id": row.github_id, "repo_id": row.repo_id},
        )
        for row in rows
    ]


def judge(
    connection: Connection, asked: Request, github_id: int, now: datetime
) -> tuple[str, Done | None]:
    """Warn or release somebody whose time has come: `warned`, `released`, or empty for neither."""
    found = one(connection, asked.id, github_id)
    if found is None or found.due_at > now:
        return "", None
    half = timedelta(days=found.term) / 2
    here = (claim.c.request_id == asked.id) & (claim.c.github_id == github_id)
    if asked.state == "closed" and purses.is_open(connection, offer_name(asked.id, github_id)):
        # Their work waits for a maintainer's word, and what was promised to them with it.
        connection.execute(update(claim).where(here).values(due_at=now + half))
        return "", None
    if asked.state != "open":
        return "", _released(connection, asked, found, found.due_at, now)
    if found.warned_for != found.active_at:
        ends_at = found.active_at + timedelta(days=found.term)
        # Whoever is warned late, because we were away, has as long as everybody has.
        values = {"warned_for": found.active_at, "due_at": max(ends_at, now + half)}
        connection.execute(update(claim).where(here).values(**values))
        return "warned", None
    return "released", _released(connection, asked, found, found.due_at, now)


def _released(
    connection: Connection, asked: Request, found: Held, at: datetime, now: datetime
) -> Done:
    evidence = f"silent:{found.github_id}:{found.active_at.isoformat()}"
    act = Act("release", 0, evidence, at, whom=found.github_id)
    return standing.act(connection, asked, act, Words(), now)


def link(connection: Connection, repo: Repo, pull: PullRequest) -> tuple[int, ...]:
    """Write down which requests a pull request names now; gives our numbers of them."""
    here = (linked_pull.c.repo_id == repo.id) & (linked_pull.c.number == pull.number)
    connection.execute(delete(linked_pull).where(here))
    found: list[int] = []
    for number in links.named(pull.title, pull.body, repo.name):
        asked = by_number(connection, repo.id, number)
        if asked is None:
            continue
        key = {"repo_id": repo.id, "number": pull.number, "request_id": asked.id}
        insert_once(connection, linked_pull, key | {"opener_id": pull.opener.id})
        found.append(asked.id)
    return tuple(found)


def linked(connection: Connection, repo_id: int, number: int) -> tuple[int, ...]:
    """Give the requests that a pull request names."""
    here = (linked_pull.c.repo_id == repo_id) & (linked_pull.c.number == number)
    return tuple(connection.scalars(select(linked_pull.c.request_id).where(here)))


def pulls_of(connection: Connection, request_id: int, openers: Iterable[int]) -> tuple[int, ...]:
    """Give the numbers of some people's pull requests that name a request."""
    here = (linked_pull.c.request_id == request_id) & linked_pull.c.opener_id.in_(list(openers))
    return tuple(
        connection.scalars(select(linked_pull.c.number).where(here).order_by(linked_pull.c.number))
    )


_COLUMNS = (
    claim.c.request_id,
    claim.c.github_id,
    claim.c.since,
    claim.c.term,
    claim.c.active_at,
    claim.c.warned_for,
    claim.c.due_at,
)
