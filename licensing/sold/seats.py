"""Machines and seats: a machine takes one once, and the last one goes to exactly one machine.

Whoever takes or gives back a seat holds the licence's row, and a unique key on (licence, seat)
says the same again: no two machines are ever on one seat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, delete, func, insert, select

from core.digests import sha256
from licensing.sold.claims import MOST_SEATS
from licensing.sold.codes import Code, Warn
from licensing.sold.reading import Licence, find
from licensing.sold.tables import activation, licence

LONGEST_FINGERPRINT = 200


@dataclass(frozen=True)
class Seat:
    """How it went: `number` is the machine's seat, None without one; `used` counts all machines."""

    code: Code
    number: int | None
    used: int
    warnings: tuple[Warn, ...] = ()


def activate(connection: Connection, of: Licence, fingerprint: str, now: datetime) -> Seat:
    """Give a machine a seat, or the one that it has; the code is ACTIVE or NO_SEAT."""
    _hold(connection, of)
    of = find(connection, of.id) or of
    mark = _mark(of, fingerprint)
    taken = _taken(connection, of)
    if mark not in taken:
        seat = _free(taken.values(), of)
        if seat is None:
            return Seat("NO_SEAT", None, len(taken))
        values = {"licence_id": of.id, "fingerprint": mark, "seat": seat, "activated_at": now}
        connection.execute(insert(activation).values(values))
        taken[mark] = seat
    return Seat("ACTIVE", taken[mark], len(taken), _warnings(of, taken[mark]))


def deactivate(connection: Connection, of: Licence, fingerprint: str) -> Seat:
    """Give a machine's seat back, if it has one."""
    _hold(connection, of)
    here = activation.c.licence_id == of.id
    mine = activation.c.fingerprint == _mark(of, fingerprint)
    connection.execute(delete(activation).where(here, mine))
    return Seat("RELEASED", None, used(connection, of))


def seen(connection: Connection, of: Licence, fingerprint: str) -> Seat:
    """Say whether a machine has a seat: ACTIVE or NOT_ACTIVATED. Changes nothing."""
    number = connection.scalar(
        select(activation.c.seat).where(
            activation.c.licence_id == of.id,
            activation.c.fingerprint == _mark(of, fingerprint),
        )
    )
    if number is None:
        return Seat("NOT_ACTIVATED", None, used(connection, of))
    return Seat("ACTIVE", number, used(connection, of), _warnings(of, number))


def used(connection: Connection, of: Licence) -> int:
    """Count the machines of a licence."""
    counted = select(func.count()).where(activation.c.licence_id == of.id)
    return connection.scalar(counted) or 0


def free_all(connection: Connection, of: Licence) -> int:
    """Give back every seat, as when machines are gone for good; says how many there were."""
    _hold(connection, of)
    gone = delete(activation).where(activation.c.licence_id == of.id)
    return connection.execute(gone).rowcount


def _hold(connection: Connection, of: Licence) -> None:
    held = select(licence.c.id).where(licence.c.id == of.id)
    connection.execute(held.with_for_update()).one()


def _taken(connection: Connection, of: Licence) -> dict[str, int]:
    rows = connection.execute(
        select(activation.c.fingerprint, activation.c.seat).where(activation.c.licence_id == of.id)
    )
    return {row.fingerprint: row.seat for row in rows}


def _free(taken: Iterable[int], of: Licence) -> int | None:
    known = set(taken)
    seats = of.terms.seats
    most = MOST_SEATS if seats is None else seats + of.terms.grace_seats
    if len(known) >= most:
        return None
    return next(number for number in count(1) if number not in known)


def _warnings(of: Licence, number: int) -> tuple[Warn, ...]:
    seats = of.terms.seats
    return ("SEAT_GRACE",) if seats is not None and number > seats else ()


def _mark(of: Licence, fingerprint: str) -> str:
    # Bound to the licence, so that the same machine cannot be followed from one to the other.
    return sha256(f"{of.id}\n{fingerprint}".encode())
