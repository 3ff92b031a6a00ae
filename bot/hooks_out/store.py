"""Webhooks out as maintainers keep them: made with a secret, listed, switched on again, removed."""

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.hooks_out.tables import hook, hook_cursor, hook_message, hook_ready
from bot.hooks_out.wire import PREFIX
from core.db import upsert
from core.sealing import box
from licensing.tables import agreement, agreement_repository

EVENTS = (
    "signature.created",
    "signature.withdrawn",
    "company.signed",
    "company.joined",
    "company.left",
    "company.entry_ended",
    "pull_request.ready",
)
PING = "ping"
PURPOSE = "hooks"
MOST = 20
"""Webhooks of one repository."""

SHOWN = 30
SECRET_BYTES = 32


@dataclass(frozen=True)
class Hook:
    """Where to tell which events; `off_at` and `off_reason` say since when and why it rests."""

    id: int
    repo_id: int
    address: str
    events: tuple[str, ...]
    creator_id: int
    created_at: datetime
    since: datetime
    off_at: datetime | None = None
    off_reason: str | None = None


@dataclass(frozen=True)
class Message:
    """A message and what became of it; see `bot.hooks_out.tables`."""

    id: int
    hook_id: int
    message_id: str
    event: str
    body: str
    created_at: datetime
    state: str
    attempts: int
    tried_since: datetime | None = None
    last_tried_at: datetime | None = None
    outcome: str | None = None
    status: int | None = None


def make(
    connection: Connection,
    repo_id: int,
    address: str,
    events: Collection[str],
    creator_id: int,
    secret_key: str,
    now: datetime,
) -> str | None:
    """Keep a webhook and give its secret, for the only time; None where there are too many."""
    here = select(func.count()).where(hook.c.repo_id == repo_id)
    if (connection.scalar(here) or 0) >= MOST:
        return None
    secret = PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    connection.execute(
        insert(hook).values(
            repo_id=repo_id,
            address=address,
            sealed=box(secret_key, PURPOSE).encrypt(secret.encode()).decode(),
            events=[one for one in EVENTS if one in events],
            creator_id=creator_id,
            created_at=now,
            since=now,
        )
    )
    return secret


def secret_of(connection: Connection, hook_id: int, secret_key: str) -> str | None:
    """Open the secret; None where there is none, or it was sealed under another `SECRET_KEY`."""
    sealed = connection.scalar(select(hook.c.sealed).where(hook.c.id == hook_id))
    if sealed is None:
        return None
    try:
        return box(secret_key, PURPOSE).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def all_of(connection: Connection, repo_id: int) -> tuple[Hook, ...]:
    """Give the webhooks of a repository, oldest first."""
    rows = connection.execute(select(hook).where(hook.c.repo_id == repo_id).order_by(hook.c.id))
    return tuple(_hook(row) for row in rows)


def find(connection: Connection, hook_id: int) -> Hook | None:
    """Give a webhook by its number."""
    row = connection.execute(select(hook).where(hook.c.id == hook_id)).one_or_none()
    return _hook(row) if row else None


def held(connection: Connection) -> tuple[Hook, ...]:
    """Give the webhooks that are on, held until the transaction ends."""
    statement = select(hook).where(hook.c.off_at.is_(None)).order_by(hook.c.id)
    return tuple(_hook(row) for row in connection.execute(statement.with_for_update()))


def any_on(connection: Connection, repo_ids: Collection[int]) -> bool:
    """Say whether anybody is to be told of something in these repositories."""
    found = select(hook.c.id).where(hook.c.repo_id.in_(repo_ids), hook.c.off_at.is_(None))
    return connection.scalar(found.limit(1)) is not None


def remove(connection: Connection, repo_id: int, hook_id: int) -> None:
    """Forget a webhook of this repository, its secret and its messages."""
    if not _is_of(connection, repo_id, hook_id):
        return
    for table in (hook_message, hook_cursor, hook_ready):
        connection.execute(delete(table).where(table.c.hook_id == hook_id))
    connection.execute(delete(hook).where(hook.c.id == hook_id))


def switch_on(connection: Connection, repo_id: int, hook_id: int, now: datetime) -> None:
    """Tell again what happens from now on; what happened meanwhile is not told."""
    if not _is_of(connection, repo_id, hook_id):
        return
    head = connection.execute(
        select(agreement.c.id, agreement.c.head_sequence)
        .join(agreement_repository, agreement_repository.c.agreement_id == agreement.c.id)
        .where(agreement_repository.c.repo_id == repo_id)
    ).one_or_none()
    if head is not None:
        keys = {"hook_id": hook_id, "agreement_id": head.id}
        upsert(connection, hook_cursor, keys, {"sequence": head.head_sequence})
    values = {"off_at": None, "off_reason": None, "since": now}
    connection.execute(update(hook).where(hook.c.id == hook_id).values(**values))


def switch_off(connection: Connection, hook_id: int, reason: str, now: datetime) -> None:
    """Tell no more until a maintainer switches it on."""
    connection.execute(
        update(hook).where(hook.c.id == hook_id).values(off_at=now, off_reason=reason)
    )


def keep_message(
    connection: Connection, hook_id: int, message_id: str, event: str, body: str, now: datetime
) -> int:
    """Write a message down and give its number."""
    written = connection.execute(
        insert(hook_message).values(
            hook_id=hook_id,
            message_id=message_id,
            event=event,
            body=body,
            created_at=now,
            state="waiting",
            attempts=0,
        )
    )
    key = written.inserted_primary_key
    return int(key[0]) if key else 0


def message(connection: Connection, number: int) -> Message | None:
    """Give a message by its number."""
    row = connection.execute(select(hook_message).where(hook_message.c.id == number)).one_or_none()
    return Message(*row) if row else None


def last_messages(connection: Connection, hook_id: int) -> tuple[Message, ...]:
    """Give the last messages of a webhook, newest first."""
    rows = connection.execute(
        select(hook_message)
        .where(hook_message.c.hook_id == hook_id)
        .order_by(hook_message.c.id.desc())
        .limit(SHOWN)
    )
    return tuple(Message(*row) for row in rows)


def change_message(connection: Connection, number: int, **values: object) -> None:
    """Write down what became of a message."""
    connection.execute(update(hook_message).where(hook_message.c.id == number).values(**values))


def prune(connection: Connection, before: datetime) -> int:
    """Forget messages that came to rest and are older, and say how many."""
    old = delete(hook_message).where(
        hook_message.c.created_at < before, hook_message.c.state != "waiting"
    )
    return connection.execute(old).rowcount


def _is_of(connection: Connection, repo_id: int, hook_id: int) -> bool:
    found = find(connection, hook_id)
    return found is not None and found.repo_id == repo_id


def _hook(row: Row[Any]) -> Hook:
    return Hook(
        id=row.id,
        repo_id=row.repo_id,
        address=row.address,
        events=tuple(row.events),
        creator_id=row.creator_id,
        created_at=row.created_at,
        since=row.since,
        off_at=row.off_at,
        off_reason=row.off_reason,
    )
