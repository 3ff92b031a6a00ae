"""The register's own work: what a merge credits, and the logins of an imported file."""

from datetime import timedelta

from sqlalchemy import Connection

from bot import repositories
from bot.credits import files, merging
from core.context import Context, Decide, Effect, Task
from licensing import provenance
from webhooks.router import TaskDue, on_task


@on_task("credit_merge")
def credit_merge(task: TaskDue, ctx: Context) -> Decide | None:
    """Credit who wrote and who reviewed what was merged."""
    repo_id, number = int(task.about["repo_id"]), int(task.about["number"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        where = provenance.landed(connection, repo_id, number)
    found = merging.read(ctx, repo, where) if repo is not None and where is not None else None
    if found is None:
        return None

    def decide(connection: Connection) -> list[Effect]:
        merging.credit(connection, found, ctx.now)
        return []

    return decide


@on_task("look_up_credits")
def look_up_credits(task: TaskDue, ctx: Context) -> Decide | None:
    """Ask GitHub for some of the logins of an imported file, and go on until all are asked for."""
    repo_id = int(task.about["repo_id"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        entries = files.waiting(connection, repo_id)
    if repo is None or not entries:
        return None
    known = files.ask(ctx.github(repo), entries)

    def decide(connection: Connection) -> list[Effect]:
        files.settle(connection, repo, entries, known, ctx.now)
        if not files.waiting(connection, repo_id, 1):
            return []
        key = f"{task.about['of']}:{entries[-1].id}"
        about: dict[str, int | str] = {"repo_id": repo_id, "of": str(task.about["of"])}
        wait = timedelta(seconds=1)
        return [Task("look_up_credits", key, ctx.now + wait, f"credits:{repo_id}", about)]

    return decide
