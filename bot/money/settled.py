"""What follows where it was decided what became of a call whose outcome was never heard."""

from datetime import datetime

from sqlalchemy import Connection

from bot import tasks
from core.context import Task
from donations import settling
from donations.calls import Kept
from donations.settling import Evidence, Ruled

OURSELVES = "potluck"
"""Who decided where nobody had to."""


def settle(
    connection: Connection, kept: Kept, decided: Ruled, shown: Evidence, now: datetime
) -> bool:
    """Write a decision down and have what follows from it done; False if there is one already."""
    if not settling.rule(connection, kept, decided, shown, now):
        return False
    if (task := _next(kept, decided, now)) is not None:
        tasks.put(connection, task, now)
    return True


def _next(kept: Kept, decided: Ruled, now: datetime) -> Task | None:
    if decided.ruling == "happened" and kept.result:
        about = {"kind": str(kept.result), "id": decided.object_id}
        key = f"look_at_stripe:{kept.effect_key}:{kept.id}"
        return Task("look_at_stripe", key, now, f"stripe:{decided.object_id}", about)
    if decided.ruling == "refused":
        key = f"stripe_call_refused:{kept.effect_key}:{kept.refusals + 1}"
        about = {"key": kept.effect_key}
        return Task("stripe_call_refused", key, now, kept.call.about, about)
    return None
