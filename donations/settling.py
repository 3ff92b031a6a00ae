"""Calls whose outcome was never heard: what is so at the processor, and what was decided of it.

A call is in doubt when it was given up (`dead`). While its key is remembered it is simply made
again under it. After that the processor is asked what came of it: what bears the call's key came
of it; where nothing does, nothing came. Anything else waits for somebody to judge. Each decision
is a row that is never changed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID
from donations import calls
from donations.asked import Found
from donations.calls import REMEMBERED, REPEATABLE, Kept, stripe_call
from donations.processor import Processor

Ruling = Literal["happened", "again", "refused"]
RULINGS: tuple[Ruling, ...] = ("happened", "again", "refused")
"""happened: it was done, look at what came of it; again: it was not, ask once more under another
key; refused: it was not, and is not asked again: our side follows as if the processor said no."""

MARGIN = timedelta(minutes=10)
"""Clocks differ: what came of a call may bear a somewhat earlier time."""

GIVEN_UP = text("stripe_call.state = 'dead'")

CODE = "given_up"
"""The word under which a call stands that was decided not to be made."""

ruling = Table(
    "stripe_call_ruling",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("call_id", ForeignKey("stripe_call.id"), nullable=False, index=True),
    Column("ruling", String(12), nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("found", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""`found` counts what the processor showed when it was decided; `by` is a name, or the service's own."""


@dataclass(frozen=True)
class Evidence:
    """What the processor shows of a call; `repeatable` does no harm the second time."""

    found: tuple[Found, ...] = ()
    repeatable: bool = False

    @property
    def certain(self) -> tuple[Found, ...]:
        """What bears the call's own key."""
        return tuple(one for one in self.found if one.certain)

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """What may be decided: nothing that this contradicts."""
        if self.repeatable:
            return ("again", "refused")
        if len(self.certain) == 1:
            return ("happened",)
        return ("happened", "again", "refused") if self.found else ("again", "refused")

    @property
    def plain(self) -> Ruling | None:
        """What follows without anybody's judgement; None where somebody has to judge."""
        if self.repeatable:
            return "again"
        if len(self.certain) == 1:
            return "happened"
        return None if self.found else "again"


@dataclass(frozen=True)
class Ruled:
    """A decision as it was written down."""

    ruling: Ruling
    by: str
    reason: str
    object_id: str
    at: datetime


def in_doubt(connection: Connection, most: int) -> tuple[Kept, ...]:
    """Give the calls that were given up, the oldest first."""
    dead = select(stripe_call).where(GIVEN_UP).order_by(stripe_call.c.id).limit(most)
    return tuple(calls.kept_of(row) for row in connection.execute(dead))


def is_remembered(kept: Kept, now: datetime) -> bool:
    """Say whether a call can be made again under its own key without doing it twice."""
    return kept.tried_at is None or now - kept.tried_at < REMEMBERED


def evidence(bank: Processor, kept: Kept) -> Evidence:
    """Ask the processor what came of a call. Raises `ProcessorError`."""
    if isinstance(kept.call, REPEATABLE):
        return Evidence(repeatable=True)
    since = (kept.tried_at or kept.created_at) - MARGIN
    return Evidence(bank.came_of(kept.call, kept.key, since))


def rule(
    connection: Connection, kept: Kept, decided: Ruled, shown: Evidence, now: datetime
) -> bool:
    """Write a decision down and let the call follow it; False if somebody decided meanwhile.

    Who calls lets our side follow: `happened` is looked at, `refused` is told.
    """
    if decided.ruling not in shown.rulings:
        raise ValueError(f"what is found contradicts {decided.ruling!r}")
    if not _moved(connection, kept, decided, now):
        return False
    connection.execute(
        insert(ruling).values(
            call_id=kept.id,
            ruling=decided.ruling,
            by=decided.by,
            reason=decided.reason,
            idempotency_key=kept.key,
            object_id=decided.object_id,
            found=len(shown.found),
            at=decided.at,
        )
    )
    return True


def _moved(connection: Connection, kept: Kept, decided: Ruled, now: datetime) -> bool:
    dead = update(stripe_call).where(stripe_call.c.id == kept.id, GIVEN_UP)
    anew = {"refusals": kept.refusals + 1, "tried_at": None}
    if decided.ruling == "happened":
        values: dict[str, object] = {"state": "done", "remote_id": decided.object_id, "code": None}
    elif decided.ruling == "again":
        due = {"state": "due", "due_at": now, "attempts": 0, "finished_at": None, "error": None}
        values = anew | due
    else:
        values = anew | {"state": "failed", "code": CODE}
    return connection.execute(dead.values(**values)).rowcount == 1


def rulings(connection: Connection, call_id: int) -> tuple[Ruled, ...]:
    """Give what was decided about a call, in order."""
    columns = ruling.c
    rows = connection.execute(
        select(columns.ruling, columns.by, columns.reason, columns.object_id, columns.at)
        .where(columns.call_id == call_id)
        .order_by(columns.id)
    )
    return tuple(Ruled(*row) for row in rows)
