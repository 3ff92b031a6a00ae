"""Nominations: somebody who may not credit says who deserves it, and a maintainer decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, select, update

from bot.credits import names, store
from bot.credits.store import Given
from bot.credits.tables import credit, nomination
from core.db import insert_once
from core.github import Account

MOST_WAITING = 20
"""Nominations of one person in one project that wait at once."""

MOST_LISTED = 100
Decision = Literal["accepted", "declined"]


@dataclass(frozen=True)
class Nomination:
    """Somebody named for a kind of contribution on a thread (`subject`), by whom, in what comment."""

    id: int
    github_id: int
    kind: str
    subject: str
    evidence: str
    by_id: int
    nominated_at: datetime
    deed: str = "given"


def room(connection: Connection, repo_id: int, by_id: int) -> int:
    """Say how many more nominations of a person may wait in a project."""
    columns = nomination.c
    mine = select(func.count()).where(
        columns.repo_id == repo_id, columns.by_id == by_id, columns.state == "waiting"
    )
    return max(0, MOST_WAITING - (connection.scalar(mine) or 0))


def nominate(connection: Connection, given: Given, who: Account, now: datetime) -> bool:
    """Keep a nomination (`given.by_id` makes it); False where it was said, or is credited already."""
    same = (
        (credit.c.repo_id == given.repo_id)
        & (credit.c.github_id == given.github_id)
        & (credit.c.kind == given.kind)
        & (credit.c.subject == given.subject)
    )
    if connection.scalar(select(credit.c.id).where(same).limit(1)) is not None:
        return False
    names.note(connection, who, now)
    values = {
        "repo_id": given.repo_id,
        "github_id": given.github_id,
        "kind": given.kind,
        "subject": given.subject,
        "evidence": given.evidence,
        "by_id": given.by_id,
        "nominated_at": given.credited_at,
        "state": "waiting",
    }
    return insert_once(connection, nomination, values)


def waiting(connection: Connection, repo_id: int) -> Sequence[Nomination]:
    """Give the nominations of a project that wait for a decision, oldest first."""
    columns = nomination.c
    rows = connection.execute(
        select(
            columns.id,
            columns.github_id,
            columns.kind,
            columns.subject,
            columns.evidence,
            columns.by_id,
            columns.nominated_at,
        )
        .where(columns.repo_id == repo_id, columns.state == "waiting")
        .order_by(columns.id)
        .limit(MOST_LISTED)
    )
    return [Nomination(*row) for row in rows]


def decide(
    connection: Connection,
    repo_id: int,
    number: int,
    decision: Decision,
    by: int,
    now: datetime,
) -> bool:
    """Accept a nomination, which makes it a credit, or decline it; False where it waits no more."""
    columns = nomination.c
    here = (columns.id == number) & (columns.repo_id == repo_id) & (columns.state == "waiting")
    decided = {"state": decision, "decided_by": by, "decided_at": now}
    if connection.execute(update(nomination).where(here).values(**decided)).rowcount != 1:
        return False
    if decision == "accepted":
        row = connection.execute(select(nomination).where(columns.id == number)).one()
        given = Given(
            repo_id=repo_id,
            github_id=row.github_id,
            kind=row.kind,
            deed="given",
            subject=row.subject,
            evidence=row.evidence,
            credited_at=row.nominated_at,
            by_id=by,
        )
        store.give(connection, given, None, now)
    return True


def close(connection: Connection, given: Given, now: datetime) -> None:
    """Note that what somebody had nominated was credited by hand."""
    columns = nomination.c
    here = (
        (columns.repo_id == given.repo_id)
        & (columns.github_id == given.github_id)
        & (columns.kind == given.kind)
        & (columns.subject == given.subject)
        & (columns.state == "waiting")
    )
    decided = {"state": "accepted", "decided_by": given.by_id, "decided_at": now}
    connection.execute(update(nomination).where(here).values(**decided))
