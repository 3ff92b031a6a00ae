"""Each night: every movement of the processor's balance has its cause in the books, and the other way round.

What the books lack is looked at once more, as if an event had told of it. What they still lack
the night after, and what they have that the processor does not, is an error that is counted and
shown; nothing is mended by itself.
"""

import logging
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Connection, select

from bot import meters
from core.context import Context, Decide, Effect, Task
from donations import house, processor, store
from donations.asked import TakeBack
from donations.calls import stripe_call
from donations.giving.booking import SOURCE
from donations.tables import transaction
from donations.told import Kind, Movement
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)

FAR = timedelta(days=30)
"""How far back a part of a transfer may have been asked for."""

WINDOW = timedelta(days=7)
"""How far back a night looks: longer than Stripe tries to deliver an event."""

SETTLED = timedelta(hours=1)
"""What is younger may still be on its way to us."""

A_QUERY = 500
"""So many names fit into one query on both databases."""

KINDS: dict[str, Kind] = {
    "ch": "charge",
    "py": "charge",
    "re": "refund",
    "pyr": "refund",
    "du": "dispute",
    "dp": "dispute",
    "tr": "transfer",
}
"""What the beginning of an id says that it is of, https://docs.stripe.com/api."""


@on_task("reconcile_movements")
def reconcile_movements(task: TaskDue, ctx: Context) -> Decide | None:
    """Hold the movements of the last days against the books."""
    del task
    bank = processor.of(ctx)
    if bank is None:
        return None
    since, until = ctx.now - WINDOW, ctx.now - SETTLED
    moved = {one.id: one for one in bank.movements(since) if one.created_at <= until}
    with ctx.database.read() as connection:
        posted = _posted(connection, moved)
        causes = select(transaction.c.external_id).where(
            transaction.c.source == SOURCE,
            transaction.c.happened_at >= since + SETTLED,
            transaction.c.happened_at <= until,
        )
        strange = {one for one in connection.scalars(causes) if one.startswith("txn_")}
    lacking = [one for name, one in moved.items() if name not in posted]
    unknown = sorted(strange - moved.keys())
    for name in unknown:
        log.error("books have what the processor has not", extra={"movement": name})

    def decide(connection: Connection) -> list[Effect]:
        meters.add(connection, "movements", ctx.now, len(moved) - len(lacking), outcome="agreed")
        meters.add(connection, "movements", ctx.now, len(lacking), outcome="lacking")
        meters.add(connection, "movements", ctx.now, len(unknown), outcome="unknown")
        return [effect for one in lacking for effect in _mend(one, ctx, connection)]

    return decide


def _mend(movement: Movement, ctx: Context, connection: Connection) -> list[Effect]:
    """Post what is the house's own; look once more at what somebody else has to post."""
    own = house.written(movement)
    if own is not None:
        store.post(connection, own, ctx.now)
        return []
    if movement.source.startswith("trr_"):
        return _transfers(movement, ctx, connection)
    return _again(movement, ctx)


def _transfers(movement: Movement, ctx: Context, connection: Connection) -> list[Effect]:
    """Look at the transfers of which a part was asked back lately: a reversal does not name its own."""
    columns = stripe_call.c
    asked = select(columns.remote_id).where(
        columns.kind == TakeBack.__name__,
        columns.created_at >= ctx.now - FAR,
        columns.state == "done",
    )
    log.error("books lack what the processor has", extra={"movement": movement.id})
    day = ctx.now.date().isoformat()
    return [
        Task(
            "look_at_stripe",
            f"look_at_stripe:{one}:{movement.id}:{day}",
            ctx.now,
            f"stripe:{one}",
            {"kind": "transfer", "id": one},
        )
        for one in sorted({one for one in connection.scalars(asked) if one})
    ]


def _posted(connection: Connection, wanted: Collection[str]) -> set[str]:
    found: set[str] = set()
    names = sorted(wanted)
    for start in range(0, len(names), A_QUERY):
        known = select(transaction.c.external_id).where(
            transaction.c.source == SOURCE,
            transaction.c.external_id.in_(names[start : start + A_QUERY]),
        )
        found.update(connection.scalars(known))
    return found


def _again(movement: Movement, ctx: Context) -> list[Effect]:
    kind = KINDS.get(movement.source.partition("_")[0])
    log.error("books lack what the processor has", extra={"movement": movement.id})
    if kind is None:
        return []
    about = {"kind": kind, "id": movement.source}
    key = f"look_at_stripe:{movement.id}:{ctx.now.date().isoformat()}"
    return [Task("look_at_stripe", key, ctx.now, f"stripe:{movement.source}", about)]
