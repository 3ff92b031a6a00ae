"""Looking through the signatures of an agreement: filters, one page after the other, newest first.

A page begins behind the last record of the one before, so the thousandth costs what the first
does. Every filter is answered from an index, however few rows it leaves.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from core.db import Database
from licensing.bases import ended
from licensing.tables import agreement_version, signature, signer, withdrawal
from licensing.versions import parts

ON_ONE_PAGE = 50
AT_ONCE = 1_000
LONGEST_NUMBER = 18
MANY = 5_000
LAST = "\U0010ffff"
"""Sorts behind every other character, byte by byte."""

METHODS = ("comment", "web", "import", "paper")
CAPACITIES = ("self", "employer", "guardian")

State = Literal["", "standing", "withdrawn"]


@dataclass(frozen=True)
class Wanted:
    """What to look for; empty is everything. `who` is the beginning of a login, or a number.

    `since` and `until` bound the act, half-open. `before` is the record behind which a page begins.
    """

    who: str = ""
    version: str = ""
    method: str = ""
    capacity: str = ""
    state: State = ""
    since: datetime | None = None
    until: datetime | None = None
    github_id: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Signed:
    """A signature; `login` is empty where it was erased, `withdrawn_at` None while it stands."""

    sequence: int
    github_id: int
    login: str
    version: str
    method: str
    capacity: str
    signed_by: int | None
    signed_at: datetime
    recorded_at: datetime
    repo_id: int
    number: int | None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Some signatures, and the record behind which the next page begins; None on the last."""

    rows: tuple[Signed, ...]
    next_before: int | None = None


def page(
    connection: Connection, agreement_id: int, wanted: Wanted, most: int = ON_ONE_PAGE
) -> Page:
    """Give the next `most` signatures that fit, newest first."""
    statement = _chosen(connection, agreement_id, wanted)
    if statement is None:
        return Page(())
    found = connection.execute(statement.limit(most + 1)).all()
    shown = found[:most]
    ends = _withdrawals(connection, agreement_id, {row.github_id for row in shown})
    rows = tuple(_signed(row, ends.get(row.github_id, ())) for row in shown)
    return Page(rows, rows[-1].sequence if len(found) > most else None)


def every(database: Database, agreement_id: int, wanted: Wanted) -> Iterator[Signed]:
    """Give all signatures that fit, newest first, without holding the database meanwhile."""
    before = wanted.before
    while True:
        with database.read() as connection:
            found = page(connection, agreement_id, replace(wanted, before=before), AT_ONCE)
        yield from found.rows
        before = found.next_before
        if before is None:
            return


def _chosen(connection: Connection, agreement_id: int, wanted: Wanted) -> Select[Any] | None:
    """Select what fits; None where nothing can."""
    conditions = [signature.c.agreement_id == agreement_id]
    if wanted.version:
        version_id = _version_id(connection, agreement_id, wanted.version)
        if version_id is None:
            return None
        conditions.append(signature.c.version_id == version_id)
    columns = {"method": signature.c.method, "capacity": signature.c.capacity}
    conditions += [
        column == getattr(wanted, name)
        for name, column in columns.items()
        if getattr(wanted, name)
    ]
    if wanted.github_id is not None:
        conditions.append(signature.c.github_id == wanted.github_id)
    if wanted.before is not None:
        conditions.append(signature.c.sequence < wanted.before)
    if wanted.since:
        conditions.append(signature.c.acted_at >= wanted.since)
    if wanted.until:
        conditions.append(signature.c.acted_at < wanted.until)
    conditions += [
        *_of_person(connection, agreement_id, wanted.who),
        *_in_state(agreement_id, wanted.state),
    ]
    return (
        select(signature, signer.c.login, agreement_version.c.major, agreement_version.c.minor)
        .join(agreement_version, agreement_version.c.id == signature.c.version_id)
        .outerjoin(signer, signer.c.signature_id == signature.c.id)
        .where(*conditions)
        .order_by(signature.c.sequence.desc())
    )


def _of_person(
    connection: Connection, agreement_id: int, who: str
) -> Iterator[ColumnElement[bool]]:
    """Find people by the beginning of a login, or by their whole number."""
    who = who.strip().removeprefix("@").lower()
    if not who:
        return
    # PostgreSQL keeps no NUL in a text, so none can be found.
    key = who.replace("\0", LAST)
    named = select(signer.c.signature_id).where(_between(signer.c.login_key, key))
    many = select(func.count()).select_from(named.limit(MANY + 1).subquery())
    if (connection.scalar(many) or 0) > MANY:
        # So many begin like this that a page of them is found at once on the way through all;
        # the call keeps the databases from gathering them first.
        yield _between(func.coalesce(signer.c.login_key, ""), key)
        return
    by_login = signature.c.id.in_(named)
    if who.isascii() and who.isdigit() and len(who) <= LONGEST_NUMBER:
        of_number = select(signature.c.id).where(
            signature.c.agreement_id == agreement_id, signature.c.github_id == int(who)
        )
        yield or_(by_login, signature.c.id.in_(of_number))
    else:
        yield by_login


def _between(column: ColumnElement[Any], key: str) -> ColumnElement[bool]:
    return and_(column >= key, column < key + LAST)


def _in_state(agreement_id: int, state: State) -> Iterator[ColumnElement[bool]]:
    if state == "standing":
        yield ~ended()
    elif state == "withdrawn":
        # Few withdraw: begin with them, not with everybody.
        left = select(withdrawal.c.github_id).where(withdrawal.c.agreement_id == agreement_id)
        yield signature.c.github_id.in_(left)
        yield ended()


def _version_id(connection: Connection, agreement_id: int, version: str) -> int | None:
    found = parts(version)
    if found is None:
        return None
    return connection.scalar(
        select(agreement_version.c.id).where(
            agreement_version.c.agreement_id == agreement_id,
            agreement_version.c.major == found[0],
            agreement_version.c.minor == found[1],
        )
    )


def _withdrawals(
    connection: Connection, agreement_id: int, people: Collection[int]
) -> dict[int, list[tuple[int, datetime]]]:
    """Give the withdrawals of people, oldest first, as (sequence, instant)."""
    found: dict[int, list[tuple[int, datetime]]] = {}
    rows = connection.execute(
        select(withdrawal.c.github_id, withdrawal.c.sequence, withdrawal.c.acted_at)
        .where(withdrawal.c.agreement_id == agreement_id, withdrawal.c.github_id.in_(people))
        .order_by(withdrawal.c.sequence)
    )
    for row in rows:
        found.setdefault(row.github_id, []).append((row.sequence, row.acted_at))
    return found


def _signed(row: Row[Any], ends: Collection[tuple[int, datetime]]) -> Signed:
    return Signed(
        sequence=row.sequence,
        github_id=row.github_id,
        login=row.login or "",
        version=f"{row.major}.{row.minor}",
        method=row.method,
        capacity=row.capacity,
        signed_by=row.signed_by,
        signed_at=row.acted_at,
        recorded_at=row.recorded_at,
        repo_id=row.repo_id,
        number=row.number,
        # As in `licensing.bases.ended`: when people acted decides.
        withdrawn_at=min(
            (at for sequence, at in ends if (at, sequence) > (row.acted_at, row.sequence)),
            default=None,
        ),
    )


def signed_under(connection: Connection, agreement_id: int, major: int) -> int:
    """Count the people whose own signature of a MAJOR stands."""
    counted = (
        select(func.count(signature.c.github_id.distinct()))
        .join(agreement_version, agreement_version.c.id == signature.c.version_id)
        .where(
            signature.c.agreement_id == agreement_id,
            agreement_version.c.major == major,
            ~ended(),
        )
    )
    return connection.scalar(counted) or 0
