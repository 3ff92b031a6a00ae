"""Whose turn it is to write: the installations that want to and may, of all that there are."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, or_, select, text

from bot import outbound, outbox
from core.db import UtcDateTime

RUNNING = text("outbox.state = 'running'")


_ROWS, _TURNS = outbox.outbox.c, outbound.outbound.c
_NOW = bindparam("_now", type_=UtcDateTime)
_DUE = exists().where(
    outbox.DUE, _ROWS.installation_id == _TURNS.installation_id, _ROWS.due_at <= _NOW
)
_LOST = exists().where(
    RUNNING, _ROWS.installation_id == _TURNS.installation_id, _ROWS.leased_until <= _NOW
)
# What is asked at every turn is put into words once.
_NEXT_INSTALLATION = (
    select(_TURNS.installation_id)
    .where(outbound.may_write(_NOW), or_(_DUE, _LOST))
    .order_by(_TURNS.next_write_at, _TURNS.installation_id)
    .limit(1)
)


def next_installation(connection: Connection, now: datetime) -> int | None:
    """Choose, of the installations that may write and want to, the one that wrote longest ago."""
    return connection.scalar(_NEXT_INSTALLATION, {"_now": now})


_OTHER = outbox.outbox.alias("other")
_IN_FLIGHT = exists().where(text("other.state = 'running'"), _OTHER.c.entity == _ROWS.entity)
_OURS = _ROWS.installation_id == bindparam("_installation")
_LOST_SURFACE = (
    select(_ROWS.surface)
    .where(RUNNING, _ROWS.leased_until <= _NOW, _OURS)
    .order_by(_ROWS.attempts, _ROWS.leased_until)
    .limit(1)
)
_DUE_SURFACE = (
    select(_ROWS.surface)
    .where(outbox.DUE, _ROWS.due_at <= _NOW, ~_IN_FLIGHT, _OURS)
    .order_by(_ROWS.due_at, _ROWS.id)
    .limit(1)
)


def next_surface(connection: Connection, installation_id: int, now: datetime) -> str | None:
    """Give the surface of the row that a claim would take first; nothing is locked by looking.

    Whoever wants something locks the surface before its rows, so the sender must as well: it
    needs to know the surface before it claims.
    """
    given = {"_installation": installation_id, "_now": now}
    lost = connection.scalar(_LOST_SURFACE, given)
    return lost or connection.scalar(_DUE_SURFACE, given)


_WAITING = (
    select(_TURNS.next_write_at, _TURNS.paused_until, _TURNS.leased_until, func.min(_ROWS.due_at))
    .join_from(outbound.outbound, outbox.outbox, _ROWS.installation_id == _TURNS.installation_id)
    .where(outbox.DUE, _TURNS.held.is_(None))
    .group_by(_TURNS.installation_id)
)
_RUNNING_UNTIL = select(_ROWS.leased_until).where(RUNNING)


def chances(connection: Connection) -> list[datetime]:
    """Give, for each installation that wants to write, the earliest instant at which it may."""
    waiting = connection.execute(_WAITING)
    lost = connection.scalars(_RUNNING_UNTIL)
    return [max(filter(None, instants)) for instants in waiting] + list(lost)
