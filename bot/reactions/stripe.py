"""Something may have happened at Stripe: look at the object, and let our side follow.

The event is only a hint. An object that is not there (another mode, another account, deleted)
is none of ours; an event of the other mode is never looked at.
"""

from typing import cast

from sqlalchemy import Connection

from bot.money.seen import Look, refused, sights_of
from core.context import Context, Decide, Effect
from donations import calls, processor
from donations.processor import Gone, Processor
from donations.stripe_reading import KINDS
from donations.told import Bill, Charge, Dispute, Intent, Kind, Refund, Warned
from webhooks.router import TaskDue, on, on_task
from webhooks.stripe_told import StripeTold


@on(StripeTold)
def look_at_what_happened(told: StripeTold, ctx: Context) -> Decide | None:
    """Look at the object that an event is about."""
    bank, kind = processor.of(ctx), KINDS.get(told.object_type)
    if bank is None or kind is None or told.live != bank.live:
        return None
    return _look(bank, kind, told.object_id, ctx)


@on_task("look_at_stripe")
def look_at_what_was_asked(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at what came of a call of ours, or at what the list of events told of."""
    bank = processor.of(ctx)
    if bank is None:
        return None
    return _look(bank, cast("Kind", task.about["kind"]), str(task.about["id"]), ctx)


@on_task("stripe_call_refused")
def tell_of_refusal(task: TaskDue, ctx: Context) -> Decide | None:
    """Let our side follow where the processor said no for good."""

    def decide(connection: Connection) -> list[Effect]:
        kept = calls.by_key(connection, str(task.about["key"]))
        return refused(kept, ctx, connection) if kept and kept.state == "failed" else []

    return decide


def _look(bank: Processor, kind: Kind, object_id: str, ctx: Context) -> Decide | None:
    try:
        seen = bank.look(kind, object_id)
        charge = None
        if isinstance(seen, Refund | Dispute | Warned) and seen.charge_id:
            charge = bank.look("charge", seen.charge_id)
        if isinstance(seen, Bill) and seen.intent_id:
            charge = cast("Intent", bank.look("intent", seen.intent_id)).charge
    except Gone:
        return None
    look = Look(seen, cast("Charge | None", charge))

    def decide(connection: Connection) -> list[Effect]:
        return [effect for sight in sights_of(kind) for effect in sight(look, ctx, connection)]

    return decide
