"""What keeps a request open, what is silent, and what was said about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.roadmap import signals
from bot.roadmap.board.tables import SHOWN_HERE
from bot.roadmap.intents.tables import claim, intent
from bot.roadmap.silence.rules import Hold
from bot.roadmap.silence.tables import silence
from bot.roadmap.store import Request
from bot.roadmap.tables import request, supporter
from core.db import upsert
from donations.pledges.store import is_open as has_money

RUNNING = ("open", "voting", "choosing")


@dataclass(frozen=True)
class Silence:
    """What was said about a request: see the table."""

    asked_at: datetime | None = None
    kept_at: datetime | None = None
    kept_from: str = ""


def hold(connection: Connection, asked: Request) -> Hold:
    """Give what keeps a request open; a vote that waits for its turn wants it, too."""
    wanted = select(func.count()).where(supporter.c.root_id == asked.root_id)
    works = select(claim.c.github_id).where(claim.c.request_id == asked.id)
    calls = select(intent.c.request_id).where(
        intent.c.request_id == asked.id, intent.c.phase.in_(RUNNING)
    )
    return Hold(
        connection.scalar(wanted) or 0,
        has_money(connection, asked.node_id),
        any(connection.scalar(one.limit(1)) is not None for one in (works, calls)),
    )


def said(connection: Connection, request_id: int) -> Silence:
    """Give what was said about a request's silence."""
    found = select(silence.c.asked_at, silence.c.kept_at, silence.c.kept_from)
    row = connection.execute(found.where(silence.c.request_id == request_id)).one_or_none()
    return Silence(*row) if row else Silence()


def note_asked(connection: Connection, asked: Request, at: datetime | None) -> None:
    """Write down when the bot asked whether anybody still wants it; None where that is settled."""
    key = {"request_id": asked.id}
    upsert(connection, silence, key, {"repo_id": asked.repo_id, "asked_at": at})


def note_kept(connection: Connection, asked: Request, at: datetime, login: str) -> None:
    """Write down that what a bot closed stays open."""
    values = {"repo_id": asked.repo_id, "kept_at": at, "kept_from": login}
    upsert(connection, silence, {"request_id": asked.id}, values)


def quiet(
    connection: Connection, repo_id: int, stage: str, before: datetime, most: int
) -> tuple[int, ...]:
    """Give the requests of a stage without a vote and unchanged since, that nobody was asked about."""
    asked_about = select(silence.c.request_id).where(
        silence.c.repo_id == repo_id, silence.c.asked_at.is_not(None)
    )
    found = (
        select(request.c.id)
        .where(request.c.repo_id == repo_id, request.c.stage == stage, SHOWN_HERE)
        .where(request.c.supporters == 0, request.c.state == "open")
        .where(request.c.updated_at <= before, request.c.id.not_in(asked_about))
        .where(~request.c.locked)
        .order_by(request.c.updated_at, request.c.id)
    )
    return tuple(connection.scalars(found.limit(most)))


def waiting(connection: Connection, repo_id: int) -> tuple[int, ...]:
    """Give the requests that were asked about, the longest waiting first."""
    found = select(silence.c.request_id).where(
        silence.c.repo_id == repo_id, silence.c.asked_at.is_not(None)
    )
    return tuple(connection.scalars(found.order_by(silence.c.asked_at, silence.c.request_id)))


def told(connection: Connection, asked: Request, since: datetime) -> bool:
    """Say whether a story or rating was given on our pages since."""
    return _told_at(connection, asked) >= since


def latest(connection: Connection, asked: Request) -> datetime:
    """Give when something last happened to a request, on GitHub or here."""
    return max(asked.updated_at, _told_at(connection, asked))


def _told_at(connection: Connection, asked: Request) -> datetime:
    story, rating = signals.story.c, signals.rating.c
    found = (
        select(func.max(story.told_at)).where(story.request_id == asked.id),
        select(func.max(rating.rated_at)).where(rating.request_id == asked.id),
    )
    return max((at for one in found if (at := connection.scalar(one))), default=asked.opened_at)
