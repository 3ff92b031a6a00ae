"""When one pull request is to be looked at again."""

from functools import partial

from sqlalchemy import Connection

from bot import covering, repositories
from bot.evaluation import Why, evaluate
from core.context import Context, Decide, Effect
from core.github import NotFound, PullRequest, Repo
from licensing import waiting
from webhooks.router import TaskDue, on_task


@on_task("recheck")
def recheck(task: TaskDue, ctx: Context) -> Decide | None:
    """Judge an open pull request as it was last heard of, or read anew if the task says so."""
    repo_id, number = int(task.about["repo_id"]), int(task.about["number"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        pull = repositories.pull(connection, repo_id, number)
    if repo is None:
        return None
    spent = 0
    if pull is None or task.about.get("fresh"):
        try:
            pull = ctx.github(repo).pull_request(repo, number)
        except NotFound:
            return None
        spent = 1
    if pull.state != "open":
        return partial(_ended, ctx, repo, pull) if spent else None
    why = Why(
        asked=bool(task.about.get("asked")),
        tries=int(task.about.get("tries", 0)),
        nonce=str(task.about.get("nonce", "")),
    )
    return evaluate(ctx, repo, pull, why, spent)


def _ended(ctx: Context, repo: Repo, pull: PullRequest, connection: Connection) -> list[Effect]:
    """Note what we were not told: it was closed, and perhaps merged."""
    if repositories.note_pull(connection, repo, pull):
        waiting.note_waiting(connection, repo.id, pull.number, None)
    return covering.merged(ctx, repo, pull, connection)
