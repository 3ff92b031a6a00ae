"""Those who work on something: when their time has come, GitHub is asked what they did."""

from datetime import datetime

from sqlalchemy import Connection

from bot import repositories
from bot.reactions.intents import about
from bot.roadmap import rereading
from bot.roadmap.intents import claims, talk
from bot.roadmap.store import Request
from core.context import Context, Decide, Effect
from core.github import NotFound, PullRequest, Repo
from webhooks.router import TaskDue, on_task

MOST_PULLS = 5


@on_task("look_at_claim")
def look_at_claim(task: TaskDue, ctx: Context) -> Decide | None:
    """Look for a sign of life of a claimer ourselves, then warn them or release it."""
    found = about(task, ctx)
    if found is None:
        return None
    repo, asked = found
    who = int(task.about["github_id"])
    with ctx.database.read() as connection:
        held = claims.one(connection, asked.id, who)
        pulls = claims.pulls_of(connection, asked.id, [who])[-MOST_PULLS:]
        known = {number: repositories.pull(connection, repo.id, number) for number in pulls}
    if held is None or held.due_at > ctx.now:
        return None
    signs = list(_signs(ctx, repo, asked, who, held.active_at, known))

    def decide(connection: Connection) -> list[Effect]:
        for at in signs:
            claims.alive(connection, asked.id, who, at)
        came, done = claims.judge(connection, asked, who, ctx.now)
        effects = list(done.effects) if done else []
        if came and asked.state == "open":
            effects += talk.to_claimer(ctx, connection, repo, asked, who, came)
        return effects

    return decide


def _signs(
    ctx: Context,
    repo: Repo,
    asked: Request,
    who: int,
    since: datetime,
    known: dict[int, PullRequest | None],
) -> list[datetime]:
    """Give when somebody showed that they are at it, as GitHub has it now."""
    github, found = ctx.github(repo), list[datetime]()
    for number in (asked.number, *known):
        try:
            said = rereading.comments(ctx, repo, number, since)
        except NotFound:
            continue
        found += [one.created_at for one in said if one.author.id == who]
    for number, before in known.items():
        try:
            pull = github.pull_request(repo, number)
        except NotFound:
            continue
        if pull.opener.id == who and (before is None or before.head_sha != pull.head_sha):
            found.append(pull.updated_at)
    return [at for at in found if at > since]
