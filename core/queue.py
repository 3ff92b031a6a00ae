"""Work that survives a crash: rows under a lease, retried with backoff, given up, never lost.

Such queues are the inbox, the tasks, the outbox, the calls to the bank and the mails. A row is
`due`, `running` under somebody's lease, or at rest: `done`, or `dead` after the last attempt, with its error.
Each claim raises the row's `fence`; whoever comes back with an older fence finds that the row
is no longer theirs (a lease that ran out was given to somebody else).
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    text,
    update,
)

from core.db import UtcDateTime
from core.queue_statements import Rows, Statements

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
LEASE = timedelta(seconds=60)
KEPT_ERROR = 2_000
SUSPECT_AFTER = 2
"""A row that lost its lease this often may have ended its workers, and is handed out alone."""

BIG_ID = BigInteger().with_variant(Integer, "sqlite")
"""A primary key that counts up on both databases."""

Found = Row[int, str | None, int, int]
"""An id, an entity, the attempts and the fence, as they stand."""


def queue_columns() -> list[Column[object]]:
    """Make the columns that every queue has."""
    return [
        Column("state", String(16), nullable=False),
        Column("entity", String(255)),
        Column("due_at", UtcDateTime, nullable=False),
        Column("attempts", Integer, nullable=False, default=0, server_default="0"),
        Column("owner", String(64)),
        Column("leased_until", UtcDateTime),
        Column("fence", Integer, nullable=False, default=0, server_default="0"),
        Column("finished_at", UtcDateTime),
        Column("error", Text),
    ]


def queue_indexes(table: Table) -> None:
    """Index what is unfinished only; the database itself refuses two runners of one entity."""
    name, column = table.name, table.c
    Index(f"ix_{name}_due", column.due_at, column.id, **partial("due"))
    Index(f"ix_{name}_leased", column.leased_until, **partial("running"))
    Index(f"uq_{name}_entity_running", column.entity, unique=True, **partial("running"))
    Index(f"ix_{name}_dead", column.id, **partial("dead"))


def partial(state: str) -> dict[str, Any]:
    """Say that an index covers the rows in one state only; queries must use `state = 'WORD'`."""
    return {f"{dialect}_where": text(f"state = '{state}'") for dialect in ("sqlite", "postgresql")}


@dataclass(frozen=True)
class Claim:
    """A row that is ours until `leased_until`; `attempts` counts this one too."""

    id: int
    entity: str | None
    attempts: int
    fence: int
    leased_until: datetime


@dataclass(frozen=True)
class Finish:
    """How a claim ended; `state` is `done` or another final word of that queue."""

    claim: Claim
    state: str = "done"
    note: str | None = None


class Queue:
    """The lease protocol over one table that has `queue_columns` and an integer `id`."""

    def __init__(self, table: Table, lease: timedelta = LEASE) -> None:
        """Work on `table`."""
        self.table = table
        self.lease = lease
        self.due = text(f"{table.name}.state = 'due'")
        self.running = text(f"{table.name}.state = 'running'")
        self.dead = text(f"{table.name}.state = 'dead'")
        self._said = Statements(table, self.due, self.running)

    def claim(
        self,
        connection: Connection,
        owner: str,
        now: datetime,
        most: int,
        only: ColumnElement[bool] | None = None,
    ) -> tuple[Claim, ...]:
        """Take up to `most` due rows, oldest first, one for each entity and none in flight.

        `only` narrows the choice. Rows whose lease ran out come first; one that keeps losing its
        lease is given up after its last attempt, and until then comes alone.
        """
        self._one_claimer(connection)
        claims, suspects = self._take_over(connection, owner, now, most, only)
        if suspects and not claims:
            return self._take(connection, owner, now, suspects[:1])
        while len(claims) < most:
            asked = 2 * (most - len(claims))
            rows = _found(connection, self._said.next, now, asked, only)
            chosen = _one_each(rows)[: most - len(claims)]
            claims += self._take(connection, owner, now, chosen)
            # Rows of an entity just taken may have filled the window: look beyond them.
            if len(rows) < asked or len(chosen) == len(rows):
                break
        return tuple(claims)

    def next_at(self, connection: Connection) -> datetime | None:
        """Give the instant at which a claim may find something; None while nothing waits."""
        instants = connection.execute(self._said.first).one()
        return min((instant for instant in instants if instant), default=None)

    def is_due(self, connection: Connection, now: datetime) -> bool:
        """Say whether a claim may find something now: asking writes nothing, as claiming does."""
        next_at = self.next_at(connection)
        return next_at is not None and next_at <= now

    def _one_claimer(self, connection: Connection) -> None:
        # Two claims at once could each take a row of the same entity. SQLite's write lock
        # forbids it already.
        if connection.dialect.name == "postgresql":
            connection.execute(self._said.alone)

    def _take_over(
        self,
        connection: Connection,
        owner: str,
        now: datetime,
        most: int,
        only: ColumnElement[bool] | None,
    ) -> tuple[tuple[Claim, ...], list[Found]]:
        rows = _found(connection, self._said.lost, now, most, only)
        spent = [row for row in rows if row.attempts >= MOST_ATTEMPTS]
        for row in spent:
            note = "every attempt outlived its lease: its worker ended, or hung"
            claim = Claim(row.id, row.entity, row.attempts, row.fence, now)
            self._settle(connection, claim, state="dead", finished_at=now, error=note)
        rested = [row for row in rows if row.attempts < SUSPECT_AFTER]
        suspects = [row for row in rows if SUSPECT_AFTER <= row.attempts < MOST_ATTEMPTS]
        return self._take(connection, owner, now, rested), suspects

    def _take(
        self,
        connection: Connection,
        owner: str,
        now: datetime,
        rows: Iterable[Found],
    ) -> tuple[Claim, ...]:
        until = now + self.lease
        claims = tuple(
            Claim(row.id, row.entity, row.attempts + 1, row.fence + 1, until) for row in rows
        )
        if claims:
            given = {"_owner": owner, "_until": until}
            connection.execute(self._said.take, [{"_id": claim.id, **given} for claim in claims])
        return claims

    def renew(self, connection: Connection, claims: Iterable[Claim], now: datetime) -> None:
        """Keep claims that take long, unless they have gone to somebody else."""
        for claim in claims:
            self._change(connection, claim, leased_until=now + self.lease)

    def holds(self, connection: Connection, claim: Claim) -> bool:
        """Say whether the row is ours; it then stays so until the transaction ends."""
        return connection.execute(self._said.held, _name(claim)).one_or_none() is not None

    def finish(self, connection: Connection, now: datetime, finish: Finish) -> bool:
        """Write down the end of a claim; False if the lease had gone to somebody else."""
        return self._settle(
            connection, finish.claim, state=finish.state, finished_at=now, error=finish.note
        )

    def fail(
        self, connection: Connection, claim: Claim, now: datetime, error: str, dice: random.Random
    ) -> str:
        """Keep the error; try again later with full jitter, or give up after the last attempt.

        Returns the new state: `due` or `dead`; or `lost` if the row is no longer ours.
        """
        if claim.attempts >= MOST_ATTEMPTS:
            state, when = "dead", {"finished_at": now}
        else:
            state, when = "due", {"due_at": now + backoff(claim.attempts, dice)}
        ours = self._settle(connection, claim, state=state, error=error[:KEPT_ERROR], **when)
        return state if ours else "lost"

    def postpone(self, connection: Connection, claim: Claim, until: datetime, note: str) -> bool:
        """Give the row back untried: the attempt does not count."""
        values = {"due_at": until, "attempts": claim.attempts - 1, "error": note[:KEPT_ERROR]}
        return self._settle(connection, claim, state="due", **values)

    def shelve(self, connection: Connection, claim: Claim, state: str, note: str) -> bool:
        """Put the row aside, untried and unfinished, until something makes it due again."""
        attempts = claim.attempts - 1
        return self._settle(
            connection, claim, state=state, attempts=attempts, error=note[:KEPT_ERROR]
        )

    def retry(self, connection: Connection, row_id: int, now: datetime) -> bool:
        """Make a finished row due again, with all its attempts before it."""
        table = self.table
        again = (
            update(table)
            .where(table.c.id == row_id, table.c.state.not_in(("due", "running")))
            .values(state="due", due_at=now, attempts=0, finished_at=None)
        )
        return connection.execute(again).rowcount == 1

    def _settle(self, connection: Connection, claim: Claim, **values: object) -> bool:
        return self._change(connection, claim, owner=None, leased_until=None, **values)

    def _change(self, connection: Connection, claim: Claim, **values: object) -> bool:
        changed = connection.execute(self._said.change, _name(claim) | values)
        return changed.rowcount == 1


def _name(claim: Claim) -> dict[str, object]:
    return {"_id": claim.id, "_fence": claim.fence}


def _found(
    connection: Connection,
    rows: Rows,
    now: datetime,
    most: int,
    only: ColumnElement[bool] | None,
) -> list[Found]:
    narrowed = rows if only is None else rows.where(only)
    return list(connection.execute(narrowed, {"_now": now, "_most": most}).all())


def _one_each(rows: Iterable[Found]) -> list[Found]:
    first: dict[object, Found] = {}
    for row in rows:
        first.setdefault(row.entity or row.id, row)
    return list(first.values())


def backoff(attempts: int, dice: random.Random) -> timedelta:
    """Wait somewhere between nothing and a bound that doubles twice (AWS's “full jitter”).

    Eight attempts spread over less than seven hours.
    """
    bound: timedelta = min(FIRST_WAIT * 4 ** (attempts - 1), LONGEST_WAIT)
    return bound * dice.random()
