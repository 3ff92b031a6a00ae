"""One row for each installation: when it may write again, and whether it may at all.

The row is also the lease that keeps an installation's writes serial among any number of
senders. Nobody sleeps for an installation: whoever may not write now is simply not chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    or_,
    select,
    update,
)

from bot import rates
from core.db import Json, UtcDateTime, insert_once, metadata

LEASE = timedelta(seconds=60)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

outbound = Table(
    "outbound",
    metadata,
    Column("installation_id", BigInteger, primary_key=True, autoincrement=False),
    Column("next_write_at", UtcDateTime, nullable=False, index=True),
    Column("writes", Json, nullable=False),
    Column("hits", Integer, nullable=False, server_default="0"),
    Column("paused_until", UtcDateTime),
    Column("pause_reason", Text),
    Column("held", Text),
    Column("held_at", UtcDateTime),
    Column("owner", String(64)),
    Column("leased_until", UtcDateTime),
)


@dataclass(frozen=True)
class Turn:
    """An installation's turn to write, its owner's until the lease ends; `writes` are earlier ones."""

    installation_id: int
    owner: str
    writes: tuple[datetime, ...]


def know(connection: Connection, installation_id: int, now: datetime) -> None:
    """Make the installation's row unless it is there."""
    values = {"installation_id": installation_id, "next_write_at": now, "writes": []}
    insert_once(connection, outbound, values)


def may_write(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Give the SQL that chooses installations which may write now."""
    columns = outbound.c
    silent_no_more = or_(columns.paused_until.is_(None), columns.paused_until <= now)
    nobodys_turn = or_(columns.leased_until.is_(None), columns.leased_until <= now)
    return and_(columns.next_write_at <= now, silent_no_more, nobodys_turn, columns.held.is_(None))


_FREE_TURN = (
    select(outbound)
    .where(
        may_write(bindparam("_now", type_=UtcDateTime)),
        outbound.c.installation_id == bindparam("_installation"),
    )
    .with_for_update(skip_locked=True)
)


def take(connection: Connection, installation_id: int, owner: str, now: datetime) -> Turn | None:
    """Take the installation's turn; None if it may not write now or somebody else is at it.

    The write is booked at the latest instant at which it can end, so that even after a crash
    nobody writes too early. `owner` must be a single thread's name.
    """
    given = {"_installation": installation_id, "_now": now}
    row = connection.execute(_FREE_TURN, given).one_or_none()
    if row is None:
        return None
    turn = Turn(installation_id, owner, _instants(row.writes))
    until = now + LEASE
    booked = _booked(rates.remember(turn.writes, until), now)
    _set(connection, installation_id, owner=owner, leased_until=until, **booked)
    return turn


def give_back(connection: Connection, turn: Turn, ended_at: datetime, *, answered: bool) -> None:
    """End a turn: the write was over at `ended_at`; `answered` if GitHub was content with it."""
    values = _booked(rates.remember(turn.writes, ended_at), ended_at)
    if answered:
        values["hits"] = 0
    _end(connection, turn, values)


def give_back_unused(
    connection: Connection, turn: Turn, now: datetime, wait: timedelta = timedelta()
) -> None:
    """End a turn in which nothing was written; the next one comes after `wait` at the earliest."""
    _end(connection, turn, _booked(turn.writes, now + wait))


def silence(
    connection: Connection, installation_id: int, now: datetime, until: datetime, *, named: bool
) -> datetime:
    """Keep an installation silent, reads and writes, because GitHub said “too fast”.

    Gives the end of the silence, which grows while such answers follow one another.
    """
    know(connection, installation_id, now)
    row = connection.execute(
        select(outbound.c.hits, outbound.c.paused_until)
        .where(outbound.c.installation_id == installation_id)
        .with_for_update()
    ).one()
    if row.paused_until and row.paused_until > now:
        # Another thread met the same limit at the same time: that is one hit, not two.
        hits, until = row.hits, max(until, row.paused_until)
    else:
        long_ago = not row.paused_until or row.paused_until < now - rates.LONGEST_PAUSE
        hits = 1 if long_ago else row.hits + 1
        until = rates.pause(now, until, named=named, hits=hits)
    reason = "GitHub asked for a pause"
    _set(connection, installation_id, hits=hits, paused_until=until, pause_reason=reason)
    return until


# Asked before each reading of GitHub: it is put into words once.
_SILENT_UNTIL = select(outbound.c.paused_until).where(
    outbound.c.installation_id == bindparam("_installation"),
    outbound.c.paused_until > bindparam("_now"),
)


def silent_until(connection: Connection, installation_id: int, now: datetime) -> datetime | None:
    """Give the end of the silence that an installation has to keep; None if there is none."""
    given = {"_installation": installation_id, "_now": now}
    return connection.scalar(_SILENT_UNTIL, given)


def set_held(
    connection: Connection, installation_id: int, note: str | None, now: datetime
) -> None:
    """Write down that an installation cannot act, and why; None lifts it."""
    know(connection, installation_id, now)
    _set(connection, installation_id, held=note, held_at=now if note else None)


def held(connection: Connection, installation_id: int) -> str | None:
    """Give the reason why an installation cannot act; None if it can."""
    return connection.scalar(
        select(outbound.c.held).where(outbound.c.installation_id == installation_id)
    )


def _end(connection: Connection, turn: Turn, values: dict[str, object]) -> None:
    # After its lease the turn may be somebody else's, whose booking must stand.
    connection.execute(
        update(outbound)
        .where(outbound.c.installation_id == turn.installation_id)
        .where(outbound.c.owner == turn.owner)
        .values(owner=None, leased_until=None, **values)
    )


def _set(connection: Connection, installation_id: int, **values: object) -> None:
    connection.execute(
        update(outbound).where(outbound.c.installation_id == installation_id).values(**values)
    )


def _booked(writes: Sequence[datetime], now: datetime) -> dict[str, object]:
    next_at = rates.next_write(writes)
    return {
        "writes": [(at - EPOCH) // MICROSECOND for at in writes],
        "next_write_at": now if next_at is None else max(next_at, now),
    }


def _instants(microseconds: Sequence[int]) -> tuple[datetime, ...]:
    return tuple(EPOCH + number * MICROSECOND for number in microseconds)
