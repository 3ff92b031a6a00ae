"""Projects that nobody can give to any more: deleted, without our App, or private; and since when.

What is given to them again and again would go on for ever. It is ended at once where the project
is gone, and after the days of the gift's own terms where it may come back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    delete,
    select,
)

from bot.places import installation, repository
from core.context import Effect, Task
from core.db import UtcDateTime, insert_once, metadata
from donations import calls
from donations.asked import EndGiving
from donations.giving import store
from donations.giving.store import Gift
from donations.giving.tables import gift, giver
from webhooks.router import TaskDue

Why = Literal["gone", "removed", "suspended", "private"]

project_lost = Table(
    "project_lost",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("why", String(12), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)
"""Since when we cannot see a project, or others cannot; no row where all is well."""

AT_ONCE = 500
"""So many projects fit into one query on both databases."""

AT_A_TIME = 200
"""So many gifts are looked at in one transaction: nobody waits for it long."""


@dataclass(frozen=True)
class Page:
    """The numbers of some gifts, of `most` that were asked for."""

    numbers: tuple[int, ...]
    most: int

    def then(self, task: TaskDue) -> list[Effect]:
        """Give the task that looks at what comes after, by the same name; none at the end.

        Whoever did this page before, and ended without being heard, asked for the same.
        """
        if len(self.numbers) < self.most:
            return []
        last = self.numbers[-1]
        key = f"{task.name}:{task.due_at.isoformat()}:{last}"
        return [Task(task.name, key, task.due_at, f"tick:{task.name}", {"after": last})]


def why_lost(connection: Connection, numbers: Iterable[int]) -> dict[int, Why]:
    """Say which of these repositories are lost, and why."""
    wanted = sorted(set(numbers))
    found: dict[int, Why] = dict.fromkeys(wanted, "removed")
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        rows = connection.execute(
            select(
                repository.c.id,
                repository.c.state,
                repository.c.private,
                installation.c.state.label("app"),
            )
            .join(installation, installation.c.id == repository.c.installation_id, isouter=True)
            .where(repository.c.id.in_(part))
        )
        for row in rows:
            why = _why(row.state, row.app, private=row.private)
            if why is None:
                del found[row.id]
            else:
                found[row.id] = why
    return found


def _why(state: str, app: str | None, *, private: bool) -> Why | None:
    if state == "gone":
        return "gone"
    if state == "removed" or app == "deleted":
        return "removed"
    if app == "suspended":
        return "suspended"
    return "private" if private else None


def note(
    connection: Connection, numbers: Iterable[int], now: datetime
) -> dict[int, tuple[Why, datetime]]:
    """Write down which of these are lost now, and forget it of those that came back; gives since when."""
    numbers = tuple(numbers)  # of one page: they fit into one query
    lost = why_lost(connection, numbers)
    here = select(project_lost).where(project_lost.c.repo_id.in_(numbers))
    known = {row.repo_id: row.since for row in connection.execute(here)}
    for number in numbers:
        if number not in lost and number in known:
            connection.execute(delete(project_lost).where(project_lost.c.repo_id == number))
    for number, why in lost.items():
        insert_once(connection, project_lost, {"repo_id": number, "why": why, "since": now})
    return {number: (why, known.get(number, now)) for number, why in lost.items()}


def some_of(connection: Connection, after: int, also: ColumnElement[bool] | None = None) -> Page:
    """Give some gifts that come again and again, or that are `also` wanted, beyond the number `after`.

    There may be very many: each page is read before, and acted on in a transaction of its own.
    """
    again = (gift.c.rhythm != "once") & (giver.c.subscription_id != "")
    wanted = again if also is None else again | also
    rows = connection.scalars(
        select(gift.c.id)
        .join(giver, giver.c.gift_id == gift.c.id)
        .where(gift.c.id > after, wanted)
        .order_by(gift.c.id)
        .limit(AT_A_TIME)
    )
    return Page(tuple(rows), AT_A_TIME)


def going_on(connection: Connection, numbers: Iterable[int]) -> tuple[tuple[Gift, str], ...]:
    """Give each of these gifts that comes again and again, with what the processor calls it."""
    named = (
        select(gift, giver.c.subscription_id)
        .join(giver, giver.c.gift_id == gift.c.id)
        .where(gift.c.id.in_(tuple(numbers)))
        .where(gift.c.rhythm != "once", giver.c.subscription_id != "")
        .order_by(gift.c.id)
    )
    rows = connection.execute(named).all()
    found = [(store.read(row), row.subscription_id) for row in rows]
    return tuple(one for one in found if store.standing(connection, one[0]).goes_on)


def end(connection: Connection, of: Gift, subscription_id: str, now: datetime) -> None:
    """Ask the processor to take nothing more; what was refused or given up is asked again."""
    key = f"end:{subscription_id}"
    if not calls.put(connection, EndGiving(of.name, subscription_id), key, now):
        calls.again(connection, key, now)


def is_over(why: Why, since: datetime, away_days: int, now: datetime) -> bool:
    """Say whether a project is lost for so long that nothing more is taken for it."""
    return why == "gone" or now >= since + timedelta(days=away_days)
