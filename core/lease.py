"""Named leases: one holder at a time among any number of processes (leader of the schedule, sender)."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, String, Table, or_, update

from core.db import UtcDateTime, insert_once, metadata

lease = Table(
    "lease",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)


def hold(connection: Connection, name: str, owner: str, now: datetime, span: timedelta) -> bool:
    """Take the lease if it is free or run out, or prolong it if it is ours; say whether we hold it."""
    values = {"name": name, "owner": owner, "until": now + span}
    if insert_once(connection, lease, values):
        return True
    result = connection.execute(
        update(lease)
        .where(lease.c.name == name, or_(lease.c.owner == owner, lease.c.until <= now))
        .values(owner=owner, until=now + span)
    )
    return result.rowcount == 1


def release(connection: Connection, name: str, owner: str, now: datetime) -> None:
    """Let go of the lease, so that the next one need not wait for its end."""
    connection.execute(
        update(lease).where(lease.c.name == name, lease.c.owner == owner).values(until=now)
    )
