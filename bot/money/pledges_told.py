"""What the bot says on an issue about its campaign: one comment, edited in place."""

from sqlalchemy import Connection

from bot import repositories
from bot.messages import say
from bot.roadmap import intake
from bot.roadmap.store import Request
from core.context import Context, Effect
from core.github import Comment
from core.money import Money, shown
from donations.pledges.rules import Campaign

TOPIC = "promises"


def outcome(
    ctx: Context,
    connection: Connection,
    asked: Request | None,
    of: Campaign,
    why: str,
    sum_: Money,
) -> list[Effect]:
    """Say what became of a campaign to all who follow the issue, where it still is one."""
    repo = repositories.repo(connection, asked.repo_id) if asked else None
    if asked is None or repo is None or repo.private or asked.state in intake.GONE_STATES:
        return []
    language = intake.language(connection, repo.id)
    body = say(
        "promises",
        language,
        why=why,
        goal=shown(of.goal, language),
        money=shown(sum_, language),
        url=f"{ctx.public_url}/{repo.name}/requests/{asked.number}",
    )
    return [Comment(repo, asked.number, TOPIC, body)]
