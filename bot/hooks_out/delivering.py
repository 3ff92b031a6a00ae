"""Sending the messages: one POST at a time to each address, again with growing pauses for a day.

What nobody answered for a day is given up. If nothing else came through meanwhile either, the
webhook is switched off, and its page says so.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.hooks_out import store, targets, telling, wire
from bot.hooks_out.store import Hook, Message
from bot.hooks_out.tables import hook_message
from bot.hooks_out.targets import Refused
from bot.hooks_out.wire import Unanswered
from core.context import Context, Decide, Effect, Task
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)

PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=8),
)
"""Between the attempts: they spread over almost a day."""

GOOD = range(200, 300)
GONE = 410
"""The receiver wants no more, for ever (Standard Webhooks)."""


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended: `outcome` in a word, `status` where there was an answer."""

    outcome: str
    status: int | None = None


@on_task("deliver_hook")
def deliver(task: TaskDue, ctx: Context) -> Decide | None:
    """Send a message, holding nothing meanwhile, and write down what came of it."""
    number = int(task.about["message"])
    with ctx.database.read() as connection:
        message = store.message(connection, number)
        hook = store.find(connection, message.hook_id) if message else None
        secret = store.secret_of(connection, hook.id, ctx.secret_key) if hook else None
    if message is None or hook is None or message.state != "waiting" or hook.off_at:
        return None
    attempt = _sent(hook, message, secret, ctx)
    log.info(
        "webhook sent",
        extra={"number": number, "outcome": attempt.outcome, "status": attempt.status},
    )

    def decide(connection: Connection) -> list[Effect]:
        return _concluded(connection, number, attempt, ctx.now)

    return decide


def _sent(hook: Hook, message: Message, secret: str | None, ctx: Context) -> Attempt:
    if secret is None:
        return Attempt("secret")
    body = message.body.encode()
    try:
        where = targets.place(hook.address, near=ctx.is_local)
        addresses = targets.resolved(where, near=ctx.is_local)
        signed = wire.headers(secret, message.message_id, ctx.now, body)
        status = wire.post(where, addresses[0], signed, body)
    except Refused as refused:
        return Attempt(f"address_{refused.reason}")
    except Unanswered as unanswered:
        return Attempt(unanswered.outcome)
    return Attempt("delivered" if status in GOOD else "status", status)


def _concluded(
    connection: Connection, number: int, attempt: Attempt, now: datetime
) -> list[Effect]:
    message = store.message(connection, number)
    hook = store.find(connection, message.hook_id) if message else None
    if message is None or hook is None:
        return []
    since = message.tried_since or now
    values: dict[str, object] = {
        "attempts": message.attempts + 1,
        "tried_since": since,
        "last_tried_at": now,
        "outcome": attempt.outcome,
        "status": attempt.status,
    }
    if attempt.outcome == "delivered":
        store.change_message(connection, number, state="delivered", **values)
        return []
    is_gone = attempt.status == GONE
    if not is_gone and message.attempts < len(PAUSES):
        store.change_message(connection, number, **values)
        pause = PAUSES[message.attempts]
        return [telling.deliver(number, hook.id, message.attempts + 1, now + pause)]
    store.change_message(connection, number, state="failed", **values)
    if is_gone or not _came_through(connection, hook.id, since):
        store.switch_off(connection, hook.id, "gone" if is_gone else "silent", now)
    return []


def _came_through(connection: Connection, hook_id: int, since: datetime) -> bool:
    delivered = select(func.count()).where(
        hook_message.c.hook_id == hook_id,
        hook_message.c.state == "delivered",
        hook_message.c.last_tried_at >= since,
    )
    return bool(connection.scalar(delivered))


def again(connection: Connection, repo_id: int, number: int, now: datetime) -> Task | None:
    """Ask for a message to be sent once more, with all attempts before it; None if it cannot be.

    It has to be at rest, and of a webhook of this repository that is on.
    """
    message = store.message(connection, number)
    hook = store.find(connection, message.hook_id) if message else None
    if message is None or hook is None or hook.repo_id != repo_id:
        return None
    if hook.off_at or message.state == "waiting":
        return None
    store.change_message(connection, number, state="waiting", attempts=0, tried_since=None)
    return telling.deliver(number, hook.id, 0, now)
