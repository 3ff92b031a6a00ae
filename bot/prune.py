"""The daily tidying: what nobody will ask for again is forgotten."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot import handling, outbox, repositories, tasks
from bot.outbound import outbound
from core.context import Context, Decide, Effect
from webhooks import inbox
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)

BODIES_KEPT = timedelta(days=30)
BODIES_AT_ONCE = 500
HELD_AT_LEAST = timedelta(hours=20)


@on_task("prune")
def prune(task: TaskDue, ctx: Context) -> Decide | None:
    """Forget old bodies and finished rows, and try again what GitHub refused to let us do."""
    del task
    bodies = _prune_bodies(ctx)

    def decide(connection: Connection) -> list[Effect]:
        rows = tasks.prune(connection, ctx.now) + outbox.prune(connection, ctx.now)
        rows += handling.prune(connection, ctx.now)
        release_suspects(connection, ctx.now)
        log.info("pruned", extra={"count": rows + bodies})
        return []

    return decide


def _prune_bodies(ctx: Context) -> int:
    if ctx.inbox is None:
        raise RuntimeError("pruning was not given the inbox")
    total = 0
    while True:
        # In small pieces: the door must not wait for us.
        with ctx.inbox.write() as connection:
            number = inbox.prune(connection, ctx.now - BODIES_KEPT, BODIES_AT_ONCE)
        total += number
        if number < BODIES_AT_ONCE:
            return total


def release_suspects(connection: Connection, now: datetime) -> int:
    """Try again, once a day, installations that were refused although nobody told us why."""
    held = connection.scalars(
        select(outbound.c.installation_id).where(
            outbound.c.held.is_not(None), outbound.c.held_at <= now - HELD_AT_LEAST
        )
    )
    released = 0
    for installation_id in held.all():
        if repositories.installation_state(connection, installation_id) in {None, "active"}:
            outbox.release(connection, installation_id, now)
            released += 1
    return released
