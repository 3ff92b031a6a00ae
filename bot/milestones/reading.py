"""When all milestones of a repository are read: when they begin to matter, in doubt, and each day."""

from datetime import datetime

from sqlalchemy import Connection

from bot import policies
from bot.policies import Rules
from core.context import Context, Effect, Task


def matter(rules: Rules) -> bool:
    """Say whether a repository's rules are about requests or money."""
    return rules.policy is not None and (rules.policy.roadmap.on or rules.policy.funding.on)


def where_they_matter(
    ctx: Context, connection: Connection, repo_id: int, before: Rules | None = None
) -> list[Effect]:
    """Ask for a reading if milestones matter there, and by the rules `before` they did not."""
    new = matter(policies.rules(connection, repo_id)) and (before is None or not matter(before))
    return [due(ctx, repo_id, ctx.now)] if new else []


def due(ctx: Context, repo_id: int, at: datetime) -> Task:
    """Ask for a reading of all milestones of a repository."""
    return Task(
        name="read_milestones",
        key=f"read_milestones:{repo_id}:{ctx.source}:{ctx.guid}",
        due_at=at,
        entity=f"milestones:{repo_id}",
        about={"repo_id": repo_id},
    )
