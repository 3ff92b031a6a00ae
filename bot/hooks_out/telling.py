"""What there is to tell: new records of the chain, and pull requests that everybody has signed for.

Nothing is told inside the transaction in which it happens. Each webhook remembers up to which
record it was told; a task reads on from there, writes the messages down, and asks for their
delivery. So none is lost, none is told twice, and an act costs nothing where nobody listens.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, and_, delete, func, select, update

from bot.hooks_out import store
from bot.hooks_out.store import Hook
from bot.hooks_out.tables import hook, hook_cursor, hook_ready
from bot.places import pull_request, repository
from core.context import Context, Decide, Effect, Task
from core.db import upsert
from licensing import chain
from licensing.tables import agreement_repository, record
from licensing.waiting import verdict
from webhooks.router import TaskDue, on_task

AT_ONCE = 200
OVERLAP = timedelta(minutes=15)
"""A judgement is dated when its look began, and may be written down that much later."""

KEPT = timedelta(days=30)
KINDS = {
    "signature": "signature.created",
    "withdrawal": "signature.withdrawn",
    "company": "company.signed",
    "acknowledgement": "company.joined",
    "retraction": "company.left",
    "listing_end": "company.entry_ended",
}
SAID: dict[str, tuple[str, ...]] = {
    "signature": ("github_id", "version", "method", "capacity", "signed_at"),
    "withdrawal": ("github_id", "acted_at"),
    "company": ("company", "name", "domain", "version", "signed_at"),
    "acknowledgement": ("company", "github_id", "role", "version", "acknowledged_at"),
    "retraction": ("company", "github_id", "acted_at"),
    "listing_end": ("listing", "github_id", "ends_at", "reason"),
}
"""What a message repeats of its record: nothing that may have to be erased."""


class Occasion(Protocol):
    """What gives rise to a message; as in `bot.rechecks`."""

    @property
    def now(self) -> datetime:
        """The present instant."""

    @property
    def source(self) -> str:
        """Where it came from."""

    @property
    def guid(self) -> str:
        """Its name among all from there."""


def after_act(occasion: Occasion, connection: Connection, agreement_id: int) -> tuple[Task, ...]:
    """Ask for an agreement's new records to be told; nothing where nobody listens."""
    served = connection.scalars(
        select(agreement_repository.c.repo_id).where(
            agreement_repository.c.agreement_id == agreement_id
        )
    ).all()
    return _asked(occasion, connection, served, f"act:{agreement_id}")


def after_judgement(occasion: Occasion, connection: Connection, repo_id: int) -> tuple[Task, ...]:
    """Ask for new judgements in a repository to be told; nothing where nobody listens."""
    return _asked(occasion, connection, [repo_id], f"judgement:{repo_id}")


def _asked(
    occasion: Occasion, connection: Connection, repo_ids: Collection[int], why: str
) -> tuple[Task, ...]:
    if not repo_ids or not store.any_on(connection, repo_ids):
        return ()
    digest = hashlib.sha256(f"{why}:{occasion.source}:{occasion.guid}".encode()).hexdigest()
    return (Task("tell_hooks", f"tell_hooks:{digest[:32]}", occasion.now, entity="tell_hooks"),)


@on_task("tell_hooks")
def tell(task: TaskDue, ctx: Context) -> Decide:
    """Write down all that is new for each webhook, and ask for its delivery."""
    del task

    def decide(connection: Connection) -> list[Effect]:
        store.prune(connection, ctx.now - KEPT)
        return [
            effect
            for one in store.held(connection)
            for effect in (*_of_chain(connection, one, ctx), *_of_pulls(connection, one, ctx))
        ]

    return decide


def deliver(number: int, hook_id: int, attempts: int, due_at: datetime) -> Task:
    """Ask for a message to be sent, one at a time to each address."""
    return Task(
        name="deliver_hook",
        key=f"deliver_hook:{number}:{attempts}:{due_at.isoformat()}",
        due_at=due_at,
        entity=f"hook:{hook_id}",
        about={"message": number},
    )


def ping(connection: Connection, one: Hook, nonce: str, now: datetime) -> Task:
    """Write down a message that says nothing but that it arrives."""
    return _told(connection, one, store.PING, f"ping:{nonce}", now, {})


def _of_chain(connection: Connection, one: Hook, ctx: Context) -> Iterator[Effect]:
    agreement_id = connection.scalar(
        select(agreement_repository.c.agreement_id).where(
            agreement_repository.c.repo_id == one.repo_id
        )
    )
    if agreement_id is None:
        return
    after = _cursor(connection, one, agreement_id)
    rows = connection.execute(
        select(record)
        .where(record.c.agreement_id == agreement_id, record.c.sequence > after)
        .order_by(record.c.sequence)
        .limit(AT_ONCE)
    ).all()
    for row in rows:
        event = KINDS.get(row.kind, "")
        if event in one.events:
            data = _repeated(row.kind, chain.parsed(row.record), one.repo_id)
            data |= {"record": row.sequence, "record_hash": row.hash}
            name = f"{agreement_id}:{row.sequence}"
            yield _told(connection, one, event, name, ctx.now, data)
    last = rows[-1].sequence if rows else after
    keys = {"hook_id": one.id, "agreement_id": agreement_id}
    upsert(connection, hook_cursor, keys, {"sequence": last})
    if len(rows) == AT_ONCE:
        key = f"tell_hooks:more:{one.id}:{agreement_id}:{last}"
        yield Task("tell_hooks", key, ctx.now, entity="tell_hooks")


def _cursor(connection: Connection, one: Hook, agreement_id: int) -> int:
    """Give the last record that was told, or the last before the webhook began to listen."""
    told = connection.scalar(
        select(hook_cursor.c.sequence).where(
            hook_cursor.c.hook_id == one.id, hook_cursor.c.agreement_id == agreement_id
        )
    )
    if told is not None:
        return int(told)
    before = select(func.max(record.c.sequence)).where(
        record.c.agreement_id == agreement_id, record.c.recorded_at < one.created_at
    )
    return connection.scalar(before) or 0


def _repeated(kind: str, said: dict[str, Any], repo_id: int) -> dict[str, Any]:
    found = {name: said.get(name) for name in SAID[kind]}
    # Under an owner's agreement it may have been signed in a repository that is private.
    if said.get("repository") == repo_id and "pull_request" in said:
        found["pull_request"] = said["pull_request"]
    return found


def _of_pulls(connection: Connection, one: Hook, ctx: Context) -> Iterator[Effect]:
    if "pull_request.ready" in one.events:
        judged = and_(
            verdict.c.repo_id == pull_request.c.repo_id,
            verdict.c.number == pull_request.c.number,
            verdict.c.head_sha == pull_request.c.head_sha,
        )
        rows = connection.execute(
            select(pull_request.c.number, verdict.c.head_sha, verdict.c.conclusion)
            .join(verdict, judged)
            .where(
                verdict.c.repo_id == one.repo_id,
                verdict.c.judged_at >= one.since,
                pull_request.c.state == "open",
            )
            .order_by(pull_request.c.number)
        ).all()
        for row in rows:
            yield from _ready(connection, one, ctx, row.number, row.head_sha, row.conclusion)
    since = max(one.since, ctx.now - OVERLAP)
    connection.execute(update(hook).where(hook.c.id == one.id).values(since=since))


def _ready(
    connection: Connection, one: Hook, ctx: Context, number: int, head_sha: str, conclusion: str
) -> Iterator[Effect]:
    here = and_(hook_ready.c.hook_id == one.id, hook_ready.c.number == number)
    if conclusion != "success":
        # Somebody withdrew: should all have signed once more, that is news.
        connection.execute(delete(hook_ready).where(here))
        return
    if connection.scalar(select(hook_ready.c.head_sha).where(here)) == head_sha:
        return
    keys = {"hook_id": one.id, "number": number}
    upsert(connection, hook_ready, keys, {"head_sha": head_sha})
    data = {"number": number, "head_sha": head_sha}
    name = f"ready:{number}:{head_sha}:{ctx.now.isoformat()}"
    yield _told(connection, one, "pull_request.ready", name, ctx.now, data)


def _told(
    connection: Connection, one: Hook, event: str, name: str, now: datetime, data: dict[str, Any]
) -> Task:
    repo_name = connection.scalar(select(repository.c.name).where(repository.c.id == one.repo_id))
    whole = {
        "type": event,
        "timestamp": now.isoformat(),
        "data": {"repository": {"id": one.repo_id, "name": repo_name or ""}, **data},
    }
    body = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(f"{one.id}:{name}".encode()).hexdigest()
    number = store.keep_message(connection, one.id, f"msg_{digest[:32]}", event, body, now)
    return deliver(number, one.id, 0, now)
