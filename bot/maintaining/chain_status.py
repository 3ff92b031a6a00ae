"""Whether the chains still hold: checked each night, so that a page can say so at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.maintaining.tables import chain_check
from core.context import Context, Decide, Effect
from core.db import upsert
from licensing import proof
from licensing.tables import agreement
from webhooks.router import TaskDue, on_task

MOST_KEPT = 20


@dataclass(frozen=True)
class Status:
    """The head of a chain now, and how its last check ended; `checked_at` is None before the first.

    `checked_sequence` is how far that check went: what came later is checked the next night.
    """

    scope: str
    sequence: int
    hash: str
    checked_at: datetime | None = None
    checked_sequence: int = 0
    problems: tuple[str, ...] = ()
    number_of_problems: int = 0


def status(connection: Connection, agreement_id: int) -> Status | None:
    """Give the state of an agreement's chain."""
    row = connection.execute(
        select(
            agreement.c.scope,
            agreement.c.head_sequence,
            agreement.c.head_hash,
            chain_check.c.checked_at,
            chain_check.c.head_sequence.label("checked_sequence"),
            chain_check.c.problems,
            chain_check.c.number_of_problems,
        )
        .outerjoin(chain_check, chain_check.c.agreement_id == agreement.c.id)
        .where(agreement.c.id == agreement_id)
    ).one_or_none()
    if row is None:
        return None
    head = (row.scope, row.head_sequence, row.head_hash)
    if row.checked_at is None:
        return Status(*head)
    return Status(
        *head,
        checked_at=row.checked_at,
        checked_sequence=row.checked_sequence,
        problems=tuple(row.problems),
        number_of_problems=row.number_of_problems,
    )


@on_task("check_chains")
def check_chains(task: TaskDue, ctx: Context) -> Decide:
    """Verify every chain, holding nothing meanwhile, and write down what was found of each."""
    del task
    with ctx.database.read() as connection:
        heads = connection.execute(select(agreement).order_by(agreement.c.id)).all()
        problems = proof.verify_chain(connection)

    def decide(connection: Connection) -> list[Effect]:
        for head in heads:
            about = f"agreement of {head.scope} {head.scope_id}: "
            found = [one.removeprefix(about) for one in problems if one.startswith(about)]
            _note(connection, head.id, (head.head_sequence, head.head_hash), found, ctx.now)
        return []

    return decide


def _note(
    connection: Connection,
    agreement_id: int,
    head: tuple[int, str],
    problems: Sequence[str],
    now: datetime,
) -> None:
    values = {
        "checked_at": now,
        "head_sequence": head[0],
        "head_hash": head[1],
        "problems": list(problems[:MOST_KEPT]),
        "number_of_problems": len(problems),
    }
    upsert(connection, chain_check, {"agreement_id": agreement_id}, values)
