"""Once a day: find open pull requests whose judgement is missing or rests on what no longer holds.

GitHub drops and delays deliveries now and then; nothing else would notice.
"""

from collections.abc import Set as AbstractSet
from datetime import timedelta

from sqlalchemy import Connection

from bot import covering, policies, rechecks, repositories
from core.context import Context, Decide, Effect, Task
from core.github import Repo
from licensing import provenance, waiting
from webhooks.router import TaskDue, on_task


@on_task("sweep_checks")
def sweep(task: TaskDue, ctx: Context) -> Decide | None:
    """Give each repository in use its turn."""

    def decide(connection: Connection) -> list[Effect]:
        day = task.due_at.date().isoformat()
        return [
            Task(
                name="sweep_repository",
                key=f"sweep_repository:{repo.id}:{day}",
                due_at=ctx.now,
                entity=f"repository:{repo.id}",
                about={"repo_id": repo.id},
            )
            for repo in repositories.active_repos(connection)
        ]

    return decide


@on_task("sweep_repository")
def sweep_repository(task: TaskDue, ctx: Context) -> Decide | None:
    """List the open pull requests as GitHub has them, and look at those that need it."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    if repo is None:
        return None
    pulls = tuple(ctx.github(repo).open_pull_requests(repo))

    def decide(connection: Connection) -> list[Effect]:
        rules = policies.rules(connection, repo.id)
        effects: list[Effect] = (
            [] if rules.is_fresh(ctx.now) else [rechecks.reload_rules(ctx, repo.id, timedelta(0))]
        )
        for pull in pulls:
            repositories.note_pull(connection, repo, pull)
            last = waiting.last(connection, repo.id, pull.number)
            judged = (last.head_sha, last.base_ref, last.rules) if last else None
            if judged != (pull.head_sha, pull.base_ref, rules.name):
                effects.append(rechecks.recheck(ctx, repo, pull.number, "sweep"))
        return effects + _unheard(ctx, repo, {pull.number for pull in pulls}, connection)

    return decide


def _unheard(
    ctx: Context, repo: Repo, still_open: AbstractSet[int], connection: Connection
) -> list[Effect]:
    """Ask about what was closed without our hearing of it, and read merges that were not read."""
    closed: list[Effect] = [
        rechecks.recheck(ctx, repo, pull.number, "ended", fresh=True)
        for pull in repositories.open_pulls(connection, repo.id)
        if pull.number not in still_open
    ]
    day = ctx.now.date().isoformat()
    unread = provenance.unread(connection, repo.id)
    return [
        *closed,
        *(covering.cover(ctx, repo.id, number, f"sweep:{day}") for number in unread),
    ]
