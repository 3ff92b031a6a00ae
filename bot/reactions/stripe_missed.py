"""Missed events: what Stripe lists and we never heard is looked at all the same.

Stripe repeats a failed delivery for three days and keeps its list of events for thirty,
https://docs.stripe.com/api/events. The list is read every five minutes, with an overlap.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot import meters
from bot.reconcile import FURTHEST, OVERLAP, WINDOW, reconciled
from core.context import Context, Decide, Effect, Task
from core.db import upsert
from donations import processor
from donations.processor import Processor
from donations.told import Happened
from webhooks import inbox
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)

SOURCE = "stripe"
STILL_COMING = timedelta(minutes=2)
"""What is younger may still be on its way to the door."""


@on_task("reconcile_stripe")
def look_at_what_was_missed(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at every object of which Stripe lists an event that we do not hold."""
    del task
    bank = processor.of(ctx)
    if bank is None or ctx.inbox is None:
        return None
    with ctx.database.read() as connection:
        last = connection.scalar(
            select(reconciled.c.complete_at).where(reconciled.c.source == SOURCE)
        )
    since = max(last - OVERLAP, ctx.now - FURTHEST) if last else ctx.now - WINDOW
    listed = _listed(bank, ctx, since - STILL_COMING)
    with ctx.inbox.read() as connection:
        held = inbox.known(connection, SOURCE, {one.id for one in listed})
    missed = [one for one in listed if one.id not in held]

    def decide(connection: Connection) -> list[Effect]:
        upsert(connection, reconciled, {"source": SOURCE}, {"complete_at": ctx.now - STILL_COMING})
        meters.add(connection, "redelivered", ctx.now, len(missed), outcome="looked at")
        return [_look(one, ctx) for one in missed]

    return decide


def _listed(bank: Processor, ctx: Context, since: datetime) -> list[Happened]:
    settled = ctx.now - STILL_COMING
    found = bank.happened(since)
    return [
        one for one in found if one.kind and one.live == bank.live and one.created_at <= settled
    ]


def _look(one: Happened, ctx: Context) -> Task:
    log.warning("event was missed", extra={"event": one.id, "type": one.type})
    about = {"kind": str(one.kind), "id": one.object_id}
    key = f"look_at_stripe:{one.id}"
    return Task("look_at_stripe", key, ctx.now, f"stripe:{one.object_id}", about)
