"""Calls that the processor still has to hear: written down with what led to them, made after.

A row is `due`, `running`, `done`; `failed` where the processor said no for good (`code` is its
word), or `dead` after the last attempt. Its idempotency key is the row and the number of
refusals before: while an outcome is unknown the key stays, so that nothing happens twice; a
refusal that the processor remembers never blocks a second try. The processor forgets keys, so
that what may have happened is not asked for again once its key may be forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from sqlalchemy import Column, Connection, Integer, Row, String, Table, Text, select, update

from core.db import UtcDateTime, insert_once, metadata
from core.queue import BIG_ID, Claim, Queue, queue_columns, queue_indexes
from donations.asked import RESULTS, Call, EndGiving, Forget
from donations.told import Kind

KINDS: dict[str, type[Call]] = {kind.__name__: kind for kind in get_args(Call)}
"""Kinds of calls by their names."""

stripe_call = Table(
    "stripe_call",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("effect_key", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("call", Text, nullable=False),
    Column("about", String(80), nullable=False, index=True),
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("code", String(64)),
    Column("remote_id", Text),
    Column("url", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("tried_at", UtcDateTime),
    *queue_columns(),
)
queue_indexes(stripe_call)

queue = Queue(stripe_call)

REMEMBERED = timedelta(hours=23)
"""Stripe may forget a key 24 hours after its first use, https://docs.stripe.com/api/idempotent_requests."""

REPEATABLE = (EndGiving, Forget)
"""Calls that do nothing the second time, key or no key."""


@dataclass(frozen=True)
class Kept:
    """A call as it stands: `remote_id` is what came of it, `code` why it was refused."""

    id: int
    effect_key: str
    call: Call
    refusals: int
    state: str
    code: str
    remote_id: str
    url: str
    created_at: datetime
    tried_at: datetime | None

    @property
    def key(self) -> str:
        """The idempotency key of its next attempt."""
        return f"potluck-{self.effect_key}-{self.id}-{self.refusals + 1}"

    @property
    def result(self) -> Kind | None:
        """What is to be looked at once it is done."""
        return RESULTS.get(type(self.call))


def put(connection: Connection, call: Call, effect_key: str, now: datetime) -> bool:
    """Want a call made, once for each `effect_key`; says whether this is the first time.

    Belongs into the transaction that keeps what led to it.
    """
    values = {
        "effect_key": effect_key,
        "kind": type(call).__name__,
        "call": msgspec.json.encode(call).decode(),
        "about": call.about,
        "created_at": now,
        "state": "due",
        "entity": call.about,
        "due_at": now,
    }
    return insert_once(connection, stripe_call, values)


def by_key(connection: Connection, effect_key: str) -> Kept | None:
    """Give a call by its key."""
    row = connection.execute(
        select(stripe_call).where(stripe_call.c.effect_key == effect_key)
    ).one_or_none()
    return None if row is None else kept_of(row)


def asked_about(connection: Connection, about: str, start: str) -> tuple[Kept, ...]:
    """Give the calls about something whose keys begin so."""
    here = (stripe_call.c.about == about) & stripe_call.c.effect_key.startswith(
        start, autoescape=True
    )
    rows = connection.execute(select(stripe_call).where(here).order_by(stripe_call.c.id))
    return tuple(kept_of(row) for row in rows)


def listing(
    connection: Connection, state: str | None, most: int, before: int | None = None
) -> tuple[tuple[Kept, str], ...]:
    """Give calls with the error that each ended in, the newest first, before the number `before`."""
    wanted = select(stripe_call).order_by(stripe_call.c.id.desc()).limit(most)
    if state is not None:
        wanted = wanted.where(stripe_call.c.state == state)
    if before is not None:
        wanted = wanted.where(stripe_call.c.id < before)
    return tuple((kept_of(row), row.error or "") for row in connection.execute(wanted))


def by_id(connection: Connection, number: int) -> Kept | None:
    """Give a call by its number."""
    row = connection.execute(select(stripe_call).where(stripe_call.c.id == number)).one_or_none()
    return None if row is None else kept_of(row)


def load(connection: Connection, claim: Claim) -> Kept:
    """Read a claimed call."""
    return kept_of(
        connection.execute(select(stripe_call).where(stripe_call.c.id == claim.id)).one()
    )


def may_try(connection: Connection, claim: Claim, kept: Kept, now: datetime) -> bool:
    """Write down when a key is first used; False once the processor may have forgotten it.

    What came of the call is then unknown for good, and asking again could do it twice.
    """
    if kept.tried_at is None:
        _set(connection, claim.id, tried_at=now)
        return True
    return now - kept.tried_at < REMEMBERED or isinstance(kept.call, REPEATABLE)


def succeeded(connection: Connection, claim: Claim, remote_id: str, url: str) -> None:
    """Write down what came of a call."""
    _set(connection, claim.id, remote_id=remote_id, url=url, code=None)


def refused(connection: Connection, claim: Claim, code: str) -> None:
    """Write down that the processor said no, and why."""
    refusals = stripe_call.c.refusals + 1
    _set(connection, claim.id, refusals=refusals, code=code[:64], tried_at=None)


def again(connection: Connection, effect_key: str, now: datetime) -> bool:
    """Try a refused call once more, under another idempotency key."""
    row = by_key(connection, effect_key)
    return (
        row is not None
        and row.state in {"failed", "dead"}
        and queue.retry(connection, row.id, now)
    )


def cancel(connection: Connection, effect_key: str, now: datetime) -> bool:
    """Take a call back; False where it is being made, or may have been: whoever is first wins."""
    columns = stripe_call.c
    waits = (columns.effect_key == effect_key) & queue.due & columns.tried_at.is_(None)
    values = {"state": "failed", "code": "cancelled", "finished_at": now}
    return connection.execute(update(stripe_call).where(waits).values(**values)).rowcount == 1


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(stripe_call).where(stripe_call.c.id == number).values(**values))


def kept_of(row: Row[Any]) -> Kept:
    """Read a row."""
    return Kept(
        id=row.id,
        effect_key=row.effect_key,
        call=msgspec.json.decode(row.call, type=KINDS[row.kind]),
        refusals=row.refusals,
        state=row.state,
        code=row.code or "",
        remote_id=row.remote_id or "",
        url=row.url or "",
        created_at=row.created_at,
        tried_at=row.tried_at,
    )
