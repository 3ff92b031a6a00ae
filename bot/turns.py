"""Whose turn it is to write: the installations that want to and may, of all that there are."""

from datetime import datetime

from sqlalchemy import Connection, exists, func, or_, select, text

from bot import outbound, outbox

RUNNING = text("outbox.state = 'running'")


def next_installation(connection: Connection, now: datetime) -> int | None:
    """Choose, of the installations that may write and want to, the one that wrote longest ago."""
    rows, turns = outbox.outbox.c, outbound.outbound.c
    due = exists().where(
        outbox.DUE, rows.installation_id == turns.installation_id, rows.due_at <= now
    )
    lost = exists().where(
        RUNNING, rows.installation_id == turns.installation_id, rows.leased_until <= now
    )
    return connection.scalar(
        select(turns.installation_id)
        .where(outbound.may_write(now), or_(due, lost))
        .order_by(turns.next_write_at, turns.installation_id)
        .limit(1)
    )


def next_surface(connection: Connection, installation_id: int, now: datetime) -> str | None:
    """Give the surface of the row that a claim would take first; nothing is locked by looking.

    Whoever wants something locks the surface before its rows, so the sender must as well: it
    needs to know the surface before it claims.
    """
    rows, other = outbox.outbox.c, outbox.outbox.alias("other")
    ours = rows.installation_id == installation_id
    lost = connection.scalar(
        select(rows.surface)
        .where(RUNNING, rows.leased_until <= now, ours)
        .order_by(rows.attempts, rows.leased_until)
        .limit(1)
    )
    in_flight = exists().where(text("other.state = 'running'"), other.c.entity == rows.entity)
    return lost or connection.scalar(
        select(rows.surface)
        .where(outbox.DUE, rows.due_at <= now, ~in_flight, ours)
        .order_by(rows.due_at, rows.id)
        .limit(1)
    )


def chances(connection: Connection) -> list[datetime]:
    """Give, for each installation that wants to write, the earliest instant at which it may."""
    rows, turns = outbox.outbox.c, outbound.outbound.c
    waiting = connection.execute(
        select(turns.next_write_at, turns.paused_until, turns.leased_until, func.min(rows.due_at))
        .join_from(outbound.outbound, outbox.outbox, rows.installation_id == turns.installation_id)
        .where(outbox.DUE, turns.held.is_(None))
        .group_by(turns.installation_id)
    )
    lost = connection.scalars(select(rows.leased_until).where(RUNNING))
    return [max(filter(None, instants)) for instants in waiting] + list(lost)
