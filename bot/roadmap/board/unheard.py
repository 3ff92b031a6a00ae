"""A discussion that was closed while nobody listened: GitHub says when and why, and never by whom.

What was closed as outdated or as a duplicate is declined, whoever did it. What was closed as resolved
ships only where a maintainer says so; whoever asked may have closed it, so it stays where it stands.
"""

from datetime import timedelta

from sqlalchemy import Connection

from bot.roadmap.board import moving, rules, store
from bot.roadmap.board.rules import Cause
from bot.roadmap.store import Request
from core.context import Context, Effect, Task
from core.github import Issue, Repo

REPEATED = timedelta(days=3)
"""So long GitHub may still tell us who closed it."""

UNSAID = frozenset({"resolved", "reopened", ""})
"""Reasons by which nothing is declined: it may be done."""


def look_later(
    ctx: Context, repo: Repo, asked: Request, thread: Issue, connection: Connection
) -> list[Effect]:
    """Have a closed discussion that stands open on the board looked at once nobody will tell of it."""
    if not _differs(connection, asked, thread) or thread.closed_at is None:
        return []
    return [
        Task(
            name="closed_unheard",
            key=f"closed_unheard:{asked.id}:{thread.closed_at.isoformat()}",
            due_at=max(ctx.now, thread.closed_at + REPEATED),
            entity=f"thread:{repo.id}:{thread.number}",
            about={"repo_id": repo.id, "number": thread.number},
        )
    ]


def decline(ctx: Context, asked: Request, thread: Issue, connection: Connection) -> list[Effect]:
    """Decline what was closed as no wish any more; nobody knows by whom."""
    gone = rules.closing(store.stages_of(connection, asked.repo_id), "not_planned")
    if gone is None or thread.closed_at is None or not _differs(connection, asked, thread):
        return []
    evidence = f"unheard:{thread.closed_at.isoformat()}"
    cause = Cause("closed", 0, evidence, thread.closed_at)
    return moving.move(connection, asked, gone.name, cause, ctx.now)


def _differs(connection: Connection, asked: Request, thread: Issue) -> bool:
    """Say whether it is closed, and stands where it did before: a move since then decides."""
    if not thread.category or thread.state != "closed" or thread.state_reason in UNSAID:
        return False
    stages = store.stages_of(connection, asked.repo_id)
    stands = rules.named(stages, store.stage_of(connection, asked.id))
    last = store.last(connection, asked.id)
    if stands is None or stands.closes != "none" or last is None or thread.closed_at is None:
        return False
    return last.acted_at < thread.closed_at
