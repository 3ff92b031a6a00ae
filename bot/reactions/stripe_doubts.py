"""Calls that were given up are not left so: the bank is asked what came of each, and that follows.

What cannot be told apart by that waits for somebody, and is said where faults are read:
`potluck calls`.
"""

import logging

from sqlalchemy import Connection

from bot.money.settled import OURSELVES, settle
from core.context import Context, Decide, Effect
from donations import calls, processor, settling
from donations.calls import Kept
from donations.settling import Evidence, Ruled
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)

MOST = 50
"""So many calls are looked up at once; the next ones six hours later."""


@on_task("settle_calls")
def settle_calls(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at what came of the calls that were given up."""
    del task
    bank = processor.of(ctx)
    if bank is None:
        return None
    with ctx.database.read() as connection:
        waiting = settling.in_doubt(connection, MOST)
    shown = {
        one.id: settling.evidence(bank, one)
        for one in waiting
        if not settling.is_remembered(one, ctx.now)
    }

    def decide(connection: Connection) -> list[Effect]:
        for one in waiting:
            _settle(connection, ctx, one, shown.get(one.id))
        return []

    return decide


def _settle(connection: Connection, ctx: Context, kept: Kept, shown: Evidence | None) -> None:
    if shown is None:
        # Its key is remembered still: nothing can happen twice.
        calls.again(connection, kept.effect_key, ctx.now)
        return
    if shown.plain is None:
        log.error("call needs somebody to judge", extra={"call": kept.id})
        return
    object_id = shown.certain[0].object_id if shown.certain else ""
    decided = Ruled(shown.plain, OURSELVES, "", object_id, ctx.now)
    settle(connection, kept, decided, shown, ctx.now)
