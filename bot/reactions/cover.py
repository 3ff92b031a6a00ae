"""When a pull request was merged, or we hear late of what was done before: write its coverage."""

from functools import partial

from sqlalchemy import Connection

from bot import covering, repositories
from bot.credits import merging
from core.context import Context, Decide, Effect
from licensing import coverage, provenance
from webhooks.events import CommentWritten
from webhooks.router import TaskDue, on, on_task


@on_task("cover")
def cover(task: TaskDue, ctx: Context) -> Decide | None:
    """Read what was merged, whole, and write it into the ledger."""
    repo_id, number = int(task.about["repo_id"]), int(task.about["number"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        pull = repositories.pull(connection, repo_id, number)
        where = provenance.landed(connection, repo_id, number)
    if repo is None or pull is None or where is None:
        return None
    reading = covering.read(ctx, repo, pull, where)
    occasion, tries = str(task.about["occasion"]), int(task.about["tries"])

    def decide(connection: Connection) -> list[Effect]:
        effects = covering.write(ctx, reading, occasion, tries, connection)
        return [*effects, *merging.due(connection, where, ctx.now)]

    return decide


@on(CommentWritten)
def hear_late(event: CommentWritten, ctx: Context) -> Decide | None:
    """Look again at what was merged after a comment was written that we hear of only now."""
    with ctx.database.read() as connection:
        late = _merged_since(connection, event)
    return partial(_again, event, ctx) if late else None


def _again(event: CommentWritten, ctx: Context, connection: Connection) -> list[Effect]:
    occasion = f"comment:{event.comment_id}:{event.action}"
    return [
        covering.cover(ctx, repo_id, number, occasion)
        for repo_id, number in _merged_since(connection, event)
    ]


def _merged_since(connection: Connection, event: CommentWritten) -> tuple[tuple[int, int], ...]:
    found = set(coverage.merged_since(connection, event.author.id, event.acted_at))
    here = provenance.landed(connection, event.repo.id, event.number)
    if here is not None and here.merged_at >= event.acted_at:
        found.add((event.repo.id, event.number))
    return tuple(sorted(found))
