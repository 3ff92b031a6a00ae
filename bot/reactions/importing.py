"""Accounts of a file are looked up, some at a time, and an approved file is taken over in pieces."""

from sqlalchemy import Connection

from bot import repositories
from bot.importing import steps
from core.context import Context, Decide, Effect
from licensing.imports import store
from webhooks.router import TaskDue, on_task


@on_task("look_up_import")
def look_up(task: TaskDue, ctx: Context) -> Decide | None:
    """Ask GitHub for the next accounts; the last ones make the report ready."""
    batch_id, turn = int(task.about["batch_id"]), int(task.about["turn"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        keys = store.to_look_up(connection, batch_id, steps.AT_ONCE)
        known = steps.recalled(connection, keys, ctx.now)
    if repo is None:
        return None
    found = steps.look_up(ctx.github(repo), keys, known) if keys else {}

    def decide(connection: Connection) -> list[Effect]:
        if steps.noted(connection, repo, batch_id, found, ctx.now):
            return []
        return [steps.looking(repo, batch_id, ctx.now + steps.PACE, turn + 1)]

    return decide


@on_task("take_import")
def take(task: TaskDue, ctx: Context) -> Decide | None:
    """Take over the next piece of a file that was approved, and ask for the one behind it."""
    batch_id, turn = int(task.about["batch_id"]), int(task.about["turn"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    if repo is None:
        return None

    def decide(connection: Connection) -> list[Effect]:
        if not steps.take(connection, repo, batch_id, ctx):
            return []
        return [steps.taking(repo, batch_id, ctx.now, turn + 1)]

    return decide
