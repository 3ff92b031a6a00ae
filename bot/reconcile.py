"""Missed deliveries: whatever GitHub tried to tell us and we do not hold is asked for again.

GitHub does not repeat a failed delivery by itself, and forgets it after three days.
https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, String, Table, select

from bot import meters
from core.context import Context, Decide, Effect, Task
from core.db import UtcDateTime, metadata, upsert
from core.github import HookDelivery, NotFound, Refused
from webhooks import inbox
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)

SOURCE, HEARD = "github", "github heard"
"""The second is when nothing was missing any more: what was asked for again has to arrive first."""

WINDOW = timedelta(days=3)
ALARM = timedelta(hours=48)
OVERLAP = timedelta(hours=1)
"""How far a look goes back beyond the one before: attempts of an asked-for delivery come late."""

FURTHEST = timedelta(days=30)

reconciled = Table(
    "reconciled",
    metadata,
    Column("source", String(16), primary_key=True),
    Column("complete_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True)
class Missing:
    """The newest attempts at deliveries that we do not hold, and those too old to have again."""

    askable: tuple[HookDelivery, ...]
    too_old: tuple[HookDelivery, ...]


def missing(attempts: Iterable[HookDelivery], held: set[str], now: datetime) -> Missing:
    """Find what to ask for, oldest first, each delivery once.

    Whether GitHub thinks that an attempt went well does not matter: what counts is whether we
    hold it. One that we hold is never asked for.
    """
    newest: dict[str, HookDelivery] = {}
    for attempt in sorted(attempts, key=lambda one: (one.delivered_at, one.id)):
        newest.pop(attempt.guid, None)
        newest[attempt.guid] = attempt
    absent = [attempt for guid, attempt in newest.items() if guid not in held]
    return Missing(
        askable=tuple(one for one in absent if now - one.delivered_at < WINDOW),
        too_old=tuple(one for one in absent if now - one.delivered_at >= WINDOW),
    )


@on_task("reconcile_deliveries")
def reconcile_deliveries(task: TaskDue, ctx: Context) -> Decide | None:
    """Ask GitHub to send again what we do not hold."""
    del task
    if ctx.inbox is None:
        raise RuntimeError("the reconciler was not given the inbox")
    last = complete_at(ctx)
    if last and ctx.now - last > ALARM:
        log.error("missed deliveries have not been looked for", extra={"until": last.isoformat()})
    since = max(last - OVERLAP, ctx.now - FURTHEST) if last else ctx.now - WINDOW
    attempts = ctx.github_app.hook_deliveries(since)
    with ctx.inbox.read() as connection:
        held = inbox.known(connection, SOURCE, {attempt.guid for attempt in attempts})
    found = missing(attempts, held, ctx.now)
    refused = [one for one in found.askable if not _asked(one, ctx)]
    lost = (*found.too_old, *refused)
    # What GitHub has forgotten by now, nobody can list.
    gap = last is not None and ctx.now - last > WINDOW
    for one in lost:
        log.error("delivery cannot be recovered", extra={"delivery": one.guid, "event": one.event})

    def decide(connection: Connection) -> list[Effect]:
        upsert(connection, reconciled, {"source": SOURCE}, {"complete_at": ctx.now})
        if not found.askable:
            upsert(connection, reconciled, {"source": HEARD}, {"complete_at": ctx.now})
        asked = len(found.askable) - len(refused)
        meters.add(connection, "redelivered", ctx.now, asked, outcome="asked")
        meters.add(connection, "redelivered", ctx.now, len(lost), outcome="unrecoverable")
        meters.add(connection, "redelivered", ctx.now, int(gap), outcome="gap")
        if not (lost or gap):
            return []
        # What a lost delivery would have told us, the sweep finds by looking.
        key = f"sweep after {ctx.guid}"
        unheard = min([since, *(one.delivered_at - OVERLAP for one in lost)])
        about: dict[str, int | str] = {"since": unheard.isoformat()}
        return [
            Task("sweep_checks", key, ctx.now, entity="tick:sweep_checks"),
            Task("reread_missed", f"reread after {ctx.guid}", ctx.now, "tick:reread", about),
        ]

    return decide


def complete_at(ctx: Context) -> datetime | None:
    """Give the instant up to which we have looked for missed deliveries."""
    with ctx.database.read() as connection:
        return connection.scalar(
            select(reconciled.c.complete_at).where(reconciled.c.source == SOURCE)
        )


def known_at(connection: Connection, now: datetime) -> datetime:
    """Give the instant up to which all was heard that was said; now where nobody ever looked for it.

    What GitHub has forgotten by now will not be heard any more, so that nothing waits for it.
    """
    heard = connection.scalar(select(reconciled.c.complete_at).where(reconciled.c.source == HEARD))
    return now if heard is None else max(min(heard, now), now - WINDOW)


def _asked(attempt: HookDelivery, ctx: Context) -> bool:
    try:
        ctx.github_app.redeliver(attempt.id)
    except (NotFound, Refused):
        return False
    log.info("delivery asked for again", extra={"delivery": attempt.guid, "event": attempt.event})
    return True
