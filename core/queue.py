"""Work that survives a crash: rows claimed under a lease, retried with backoff, given up, never lost.

Three tables are such queues: the inbox, the tasks and the outbox. A row is `due`, `running`
under somebody's lease, or finished: `done`, or `dead` after the last attempt, with its error.
Each claim raises the row's `fence`; whoever comes back with an older fence finds that the row
is no longer theirs (a lease that ran out was given to somebody else).
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
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

from core.db import UtcDateTime

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
LEASE = timedelta(seconds=60)
KEPT_ERROR = 2_000

BIG_ID = BigInteger().with_variant(Integer, "sqlite")
"""A primary key that counts up on both databases."""


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
    """Index what is unfinished only, so that a claim costs the same however much history there is."""
    unfinished = table.c.state.in_(("due", "running"))
    running = table.c.state == "running"
    Index(
        f"ix_{table.name}_unfinished",
        table.c.state,
        table.c.due_at,
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    Index(
        f"uq_{table.name}_entity_running",
        table.c.entity,
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


@dataclass(frozen=True)
class Claim:
    """A row that is ours until `leased_until`."""

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

    def claim(
        self, connection: Connection, owner: str, now: datetime, most: int
    ) -> tuple[Claim, ...]:
        """Take up to `most` due rows, oldest first, at most one for each entity and none in flight."""
        table = self.table
        expired = and_(table.c.state == "running", table.c.leased_until <= now)
        due = and_(table.c.state == "due", table.c.due_at <= now)
        rows = connection.execute(
            select(table.c.id, table.c.entity, table.c.attempts, table.c.fence)
            .where(or_(due, expired))
            .order_by(table.c.id)
            .limit(most * 4)
            .with_for_update(skip_locked=True)
        ).all()
        busy = self._busy(connection, now, {row.entity for row in rows if row.entity})
        claims = []
        for row in rows:
            if row.entity in busy or len(claims) == most:
                continue
            if row.entity:
                busy.add(row.entity)
            claims.append(
                Claim(
                    row.id,
                    row.entity,
                    row.attempts + 1,
                    row.fence + 1,
                    now + self.lease,
                )
            )
        self._take(connection, owner, claims)
        return tuple(claims)

    def _busy(
        self, connection: Connection, now: datetime, entities: Collection[str]
    ) -> set[str]:
        if not entities:
            return set()
        table = self.table
        rows = connection.execute(
            select(table.c.entity).where(
                table.c.state == "running",
                table.c.leased_until > now,
                table.c.entity.in_(entities),
            )
        )
        return {row.entity for row in rows}

    def _take(self, connection: Connection, owner: str, claims: list[Claim]) -> None:
        if not claims:
            return
        table = self.table
        connection.execute(
            update(table)
            .where(table.c.id == bindparam("_id"))
            .values(
                state="running",
                owner=owner,
                attempts=bindparam("_attempts"),
                fence=bindparam("_fence"),
                leased_until=bindparam("_until"),
            ),
            [
                {
                    "_id": claim.id,
                    "_attempts": claim.attempts,
                    "_fence": claim.fence,
                    "_until": claim.leased_until,
                }
                for claim in claims
            ],
        )

    def finish(self, connection: Connection, now: datetime, finish: Finish) -> bool:
        """Write down the end of a claim; False if the lease had gone to somebody else."""
        return self._settle(
            connection,
            finish.claim,
            state=finish.state,
            finished_at=now,
            error=finish.note,
        )

    def fail(
        self,
        connection: Connection,
        claim: Claim,
        now: datetime,
        error: str,
        dice: random.Random,
    ) -> str:
        """Keep the error; try again later with full jitter, or give up after the last attempt.

        Returns the new state: `due` or `dead`.
        """
        error = error[:KEPT_ERROR]
        if claim.attempts >= MOST_ATTEMPTS:
            self._settle(connection, claim, state="dead", finished_at=now, error=error)
            return "dead"
        due_at = now + backoff(claim.attempts, dice)
        self._settle(connection, claim, state="due", due_at=due_at, error=error)
        return "due"

    def postpone(
        self, connection: Connection, claim: Claim, until: datetime, note: str
    ) -> None:
        """Give the row back untried: the attempt does not count."""
        self._settle(
            connection,
            claim,
            state="due",
            due_at=until,
            attempts=claim.attempts - 1,
            error=note[:KEPT_ERROR],
        )

    def retry(self, connection: Connection, row_id: int, now: datetime) -> bool:
        """Make a finished row due again, with all its attempts before it."""
        table = self.table
        result = connection.execute(
            update(table)
            .where(table.c.id == row_id, table.c.state.not_in(("due", "running")))
            .values(state="due", due_at=now, attempts=0, finished_at=None)
        )
        return result.rowcount == 1

    def _settle(self, connection: Connection, claim: Claim, **values: object) -> bool:
        table = self.table
        result = connection.execute(
            update(table)
            .where(table.c.id == claim.id, table.c.fence == claim.fence)
            .where(table.c.state == "running")
            .values(owner=None, leased_until=None, **values)
        )
        return result.rowcount == 1


def backoff(attempts: int, dice: random.Random) -> timedelta:
    """Wait somewhere between nothing and a bound that doubles (AWS's “full jitter”).

    Eight attempts spread over about six hours at most.
    """
    bound = min(FIRST_WAIT * 4 ** (attempts - 1), LONGEST_WAIT)
    return bound * dice.random()
