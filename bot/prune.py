"""The daily tidying: what nobody will ask for again is forgotten."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, text, update

from bot import handling, outbox, people, places, repositories, tasks, teams
from bot.audit import forgetting as audits
from bot.mail import outgoing as mails
from bot.mail import updating
from bot.outbound import outbound
from core import sign_ins
from core.context import Context, Decide, Effect, Task
from core.github import Action, Check, Comment, Label, OpenIssue, SetState
from donations.receipts import store as receipts
from licensing import erasure
from licensing.imports import store as imports
from webhooks import inbox
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)

BODIES_KEPT = timedelta(days=30)
BODIES_AT_ONCE = 500
HELD_AT_LEAST = timedelta(hours=20)


@on_task("prune")
def prune(task: TaskDue, ctx: Context) -> Decide | None:
    """Forget old bodies and finished rows, and try again what GitHub refused to let us do."""
    del task
    bodies = _prune_bodies(ctx)

    def decide(connection: Connection) -> list[Effect]:
        rows = tasks.prune(connection, ctx.now) + prune_writes(connection, ctx.now)
        rows += handling.prune(connection, ctx.now) + sign_ins.prune(connection, ctx.now)
        rows += erasure.prune(connection, ctx.now) + people.prune(connection, ctx.now)
        rows += imports.prune(connection, ctx.now) + receipts.prune(connection, ctx.now)
        rows += mails.prune(connection, ctx.now) + teams.prune(connection, ctx.now)
        rows += audits.prune(connection, ctx.now) + updating.prune(connection, ctx.now)
        log.info("pruned", extra={"count": rows + bodies})
        revive(connection, ctx.now)
        return release_suspects(connection, ctx.now)

    return decide


def prune_writes(connection: Connection, now: datetime) -> int:
    """Forget writes that were made or superseded a while ago, and say how many."""
    rows = outbox.outbox.c
    old = delete(outbox.outbox).where(
        rows.state.in_(("done", "superseded")), rows.finished_at < now - outbox.KEPT
    )
    return connection.execute(old).rowcount


def _prune_bodies(ctx: Context) -> int:
    if ctx.inbox is None:
        raise RuntimeError("pruning was not given the inbox")
    total = 0
    while True:
        # In small pieces: the door must not wait for us.
        with ctx.inbox.write() as connection:
            number = inbox.prune(connection, ctx.now - BODIES_KEPT, BODIES_AT_ONCE)
        total += number
        if number < BODIES_AT_ONCE:
            return total


def revive(connection: Connection, now: datetime) -> int:
    """Try again, once a day, what was given up but is still to be said on an open pull request."""
    rows, surface = outbox.outbox.c, outbox.surface.c
    given_up = connection.execute(
        select(rows.id, rows.kind, rows.action)
        .join_from(outbox.outbox, outbox.surface, rows.surface == surface.surface)
        .where(text("outbox.state = 'dead'"), rows.revision == surface.revision)
    ).all()
    again = [row.id for row in given_up if _is_open(connection, outbox.action(row))]
    return sum(outbox.queue.retry(connection, row_id, now) for row_id in again)


def _is_open(connection: Connection, action: Action) -> bool:
    match action:
        case Comment() | Label() | SetState():
            found = repositories.pull(connection, action.repo.id, action.number)
            return found is not None and found.state == "open"
        case Check():
            pulls = repositories.pulls_with_head(connection, action.repo.id, action.head_sha)
            return any(pull.state == "open" for pull in pulls)
        case OpenIssue():
            return repositories.repo(connection, action.repo.id) is not None


def release_suspects(connection: Connection, now: datetime) -> list[Effect]:
    """Try again, once a day, what was refused although nobody told us why, or that it is over.

    An installation that is said to be suspended is asked for by reading, not by writing.
    """
    repository, held = places.repository, outbound.c.held.is_not(None)
    connection.execute(
        update(outbox.outbox)
        .where(outbox.HELD)
        .where(
            outbox.outbox.c.installation_id.not_in(select(outbound.c.installation_id).where(held))
        )
        .where(
            outbox.outbox.c.repo_id.not_in(
                select(repository.c.id).where(repository.c.state != "active")
            )
        )
        .values(state="due", due_at=now)
    )
    effects: list[Effect] = []
    suspects = select(outbound.c.installation_id).where(
        held, outbound.c.held_at <= now - HELD_AT_LEAST
    )
    for installation_id in connection.scalars(suspects).all():
        state = repositories.installation_state(connection, installation_id)
        if state in {None, "active"}:
            outbox.release(connection, installation_id, now)
        elif state == "suspended":
            effects.append(_asking(installation_id, now))
    return effects


def _asking(installation_id: int, now: datetime) -> Task:
    return Task(
        name="backfill_installation",
        key=f"backfill:{installation_id}:suspect:{now.isoformat()}",
        due_at=now,
        entity=f"installation:{installation_id}",
        about={"installation_id": installation_id},
    )
