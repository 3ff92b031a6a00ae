"""The roadmap's own work: votes swept every few minutes, and what was there before us read once."""

from sqlalchemy import Connection

from bot import repositories
from bot.roadmap import asking_ages, backfill, sweep
from bot.roadmap.ranking import counting
from core.context import Context, Decide, Effect
from webhooks.router import TaskDue, on_task


@on_task("sweep_votes")
def sweep_votes(_task: TaskDue, ctx: Context) -> Decide | None:
    """Give each repository with a roadmap its turn, and begin what was not begun."""

    def decide(connection: Connection) -> list[Effect]:
        return [
            *backfill.due(ctx, connection),
            *sweep.due(connection, ctx.now),
            *counting.due(connection, ctx.now),
        ]

    return decide


@on_task("sweep_votes_of")
def sweep_votes_of(task: TaskDue, ctx: Context) -> Decide | None:
    """Find out in one repository which votes have changed."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    return sweep.look(ctx, repo) if repo is not None else None


@on_task("read_votes")
def read_votes(task: TaskDue, ctx: Context) -> Decide | None:
    """Read the voters of a few threads."""
    return sweep.read(ctx, int(task.about["repo_id"]), str(task.about["threads"]))


@on_task("backfill_requests")
def backfill_requests(task: TaskDue, ctx: Context) -> Decide | None:
    """Read some of the older requests, in silence."""
    return backfill.go_on(ctx, int(task.about["repo_id"]), str(task.about["label"]))


@on_task("recount_votes")
def recount_votes(task: TaskDue, ctx: Context) -> Decide | None:
    """Count anew under another limit."""
    return backfill.recount(ctx, int(task.about["repo_id"]), int(task.about["after"]))


@on_task("look_up_ages")
def look_up_ages(task: TaskDue, ctx: Context) -> Decide | None:
    """Find out when some of the accounts were made that vote."""
    return asking_ages.look_up(ctx, int(task.about["repo_id"]))


@on_task("count_rankings")
def count_rankings(task: TaskDue, ctx: Context) -> Decide:
    """Count what people's own orders say together."""
    repo_id = int(task.about["repo_id"])
    with ctx.database.read() as connection:
        found = counting.count(connection, repo_id)

    def decide(connection: Connection) -> list[Effect]:
        counting.keep(connection, repo_id, found)
        return []

    return decide
