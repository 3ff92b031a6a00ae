"""The outbox: what we want to stand on GitHub, and the writes that are still to be made.

A `surface` is one place on GitHub that we write (a comment, a check run) with what we want
there; each change of it is a revision with one `outbox` row, sent once. Wanting what is wanted
already writes nothing.

Rows are `due`, `running`, `done`, `dead`; `superseded` by a newer revision of their surface;
or `held`, while the installation or the repository cannot be written to.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    text,
    update,
)

from bot import discussions, outbound
from bot.outbound import EPOCH
from core.db import UtcDateTime, insert_once, metadata
from core.github import Action, Repo
from core.queue import BIG_ID, Claim, Queue, partial, queue_columns, queue_indexes

KEPT = timedelta(days=30)
MOST_SKEW = timedelta(minutes=5)
"""How far the clocks of those who share a database may be apart."""

KINDS: dict[str, type[Action]] = {kind.__name__.lower(): kind for kind in get_args(Action)}

surface = Table(
    "surface",
    metadata,
    Column("surface", Text, primary_key=True),
    Column("installation_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("remote_id", BigInteger),
    Column("sent_revision", Integer, nullable=False),
    Column("doubtful", Boolean(name="doubtful"), nullable=False),
    Column("facts_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("effect_key", Text, nullable=False, unique=True),
    Column("surface", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("installation_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("action", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    *queue_columns(),
)
queue_indexes(outbox)

DUE = text("outbox.state = 'due'")
HELD = text("outbox.state = 'held'")
_UNSENT = text("state in ('due', 'held', 'dead')")
Index("ix_outbox_turn", outbox.c.installation_id, outbox.c.due_at, outbox.c.id, **partial("due"))
Index("ix_outbox_held", outbox.c.installation_id, **partial("held"))
Index("ix_outbox_unsent", outbox.c.surface, sqlite_where=_UNSENT, postgresql_where=_UNSENT)

queue = Queue(outbox)


@dataclass(frozen=True)
class Wanted:
    """One write that is to be made, with what is known of its surface."""

    effect_key: str
    surface: str
    revision: int
    installation_id: int
    repo_id: int
    action: Action
    created_at: datetime
    newest_revision: int
    remote_id: int | None
    doubtful: bool


class Stale(Exception):
    """What is wanted follows from older facts than what is wanted already: look again.

    `until` is when the later facts were gathered, by the clock of whoever did that.
    """

    def __init__(self, surface: str, until: datetime) -> None:
        """Keep the instant: a look that begins before it would be in vain."""
        super().__init__(surface)
        self.until = until


def put(
    connection: Connection, action: Action, now: datetime, facts_at: datetime | None = None
) -> bool:
    """Want `action`'s content on its surface; says whether there is anything to write.

    Belongs into the transaction that keeps what led to the action. `facts_at` is when the
    gathering of the facts began; raises `Stale` where somebody's later facts got here first.
    """
    addressed = discussions.addressed(connection, action)
    return addressed is not None and _put(connection, addressed, now, facts_at)


_SURFACE = update(surface).where(surface.c.surface == bindparam("_surface"))
_STANDING = (
    select(surface.c.revision, surface.c.digest, surface.c.facts_at)
    .where(surface.c.surface == bindparam("_surface"))
    .with_for_update()
)


def _put(connection: Connection, action: Action, now: datetime, facts_at: datetime | None) -> bool:
    digest = _digest(action)
    standing = _standing(connection, action, now)
    facts_at = facts_at or now
    # What claims to come from far ahead was written by a broken clock, and orders nothing.
    if facts_at < standing.facts_at <= now + MOST_SKEW:
        raise Stale(action.surface, standing.facts_at)
    of_it = {"_surface": action.surface}
    connection.execute(_SURFACE, of_it | {"facts_at": facts_at})
    if standing.digest == digest:
        return _revive(connection, action, now)
    _supersede(connection, action.surface, now)
    repo, revision = action.repo, standing.revision + 1
    wanted = {"revision": revision, "digest": digest, "repo_id": repo.id, "updated_at": now}
    wanted["installation_id"] = repo.installation_id
    connection.execute(_SURFACE, of_it | wanted)
    outbound.know(connection, repo.installation_id, now)
    note = outbound.held(connection, repo.installation_id)
    held = {"state": "held", "error": note} if note else {}
    connection.execute(insert(outbox).values(_row(action, revision, now) | held))
    return True


def _standing(connection: Connection, action: Action, now: datetime) -> Row[Any, Any, Any]:
    first = {
        "surface": action.surface,
        "facts_at": EPOCH,
        "installation_id": action.repo.installation_id,
        "repo_id": action.repo.id,
        "revision": 0,
        "digest": "",
        "sent_revision": 0,
        "doubtful": False,
        "updated_at": now,
    }
    insert_once(connection, surface, first)
    return connection.execute(_STANDING, {"_surface": action.surface}).one()


def _revive(connection: Connection, action: Action, now: datetime) -> bool:
    # GitHub refused this very content before; whoever wants it again may have mended the cause.
    row_id = connection.scalar(
        select(outbox.c.id).where(
            _UNSENT, outbox.c.surface == action.surface, outbox.c.state == "dead"
        )
    )
    return row_id is not None and queue.retry(connection, row_id, now)


def _supersede(connection: Connection, name: str, now: datetime) -> None:
    connection.execute(
        update(outbox)
        .where(_UNSENT, outbox.c.surface == name)
        .values(state="superseded", finished_at=now)
    )


def _row(action: Action, revision: int, now: datetime) -> dict[str, object]:
    return {
        "effect_key": f"{action.surface}#{revision}",
        "surface": action.surface,
        "revision": revision,
        "installation_id": action.repo.installation_id,
        "repo_id": action.repo.id,
        "kind": type(action).__name__.lower(),
        "action": msgspec.json.encode(action).decode(),
        "created_at": now,
        "state": "due",
        "entity": action.surface,
        "due_at": now,
    }


def _digest(action: Action) -> str:
    content = msgspec.to_builtins(action)
    # Where the repository moved to, or how to look, is no part of what is said.
    content.pop("repo")
    content.pop("may_exist", None)
    content.pop("discussion", None)
    kind = type(action).__name__.lower()
    return hashlib.sha256(msgspec.json.encode([kind, content], order="sorted")).hexdigest()


def action(row: Row[Any, Any, Any]) -> Action:
    """Read the action of a row."""
    found: Action = msgspec.json.decode(row.action, type=KINDS[row.kind])
    return found


_WANTED = (
    select(
        outbox,
        surface.c.revision.label("newest_revision"),
        surface.c.remote_id,
        surface.c.doubtful,
    )
    .join(surface, surface.c.surface == outbox.c.surface)
    .where(outbox.c.id == bindparam("_id"))
)


def load(connection: Connection, claim: Claim) -> Wanted:
    """Read a claimed row."""
    row = connection.execute(_WANTED, {"_id": claim.id}).one()
    return Wanted(
        effect_key=row.effect_key,
        surface=row.surface,
        revision=row.revision,
        installation_id=row.installation_id,
        repo_id=row.repo_id,
        action=action(row),
        created_at=row.created_at,
        newest_revision=row.newest_revision,
        remote_id=row.remote_id,
        doubtful=row.doubtful,
    )


def hold(connection: Connection, installation_id: int, note: str, now: datetime) -> int:
    """Keep back all writes of an installation that cannot act; says how many were waiting."""
    outbound.set_held(connection, installation_id, note, now)
    waiting = update(outbox).where(DUE, outbox.c.installation_id == installation_id)
    return connection.execute(waiting.values(state="held", error=note)).rowcount


def hold_kind(connection: Connection, repo_id: int, kind: type[Action], note: str) -> int:
    """Keep back what else of this kind waits for a repository that will not take it from us."""
    waiting = update(outbox).where(DUE, outbox.c.repo_id == repo_id)
    waiting = waiting.where(outbox.c.kind == kind.__name__.lower())
    return connection.execute(waiting.values(state="held", error=note)).rowcount


def hold_repo(connection: Connection, repo_id: int, note: str) -> int:
    """Keep back all writes of a repository that cannot be written to; says how many there were."""
    waiting = update(outbox).where(DUE, outbox.c.repo_id == repo_id)
    return connection.execute(waiting.values(state="held", error=note)).rowcount


def release(connection: Connection, installation_id: int, now: datetime) -> int:
    """Let an installation that came back write what was kept; says how much that is."""
    outbound.set_held(connection, installation_id, None, now)
    kept = update(outbox).where(HELD, outbox.c.installation_id == installation_id)
    return connection.execute(kept.values(state="due", error=None)).rowcount


def release_repo(connection: Connection, repo: Repo, now: datetime) -> int:
    """Let a repository that is reached again, perhaps by another installation, have its writes.

    The sender holds again what still cannot be written. Says how many rows there are.
    """
    unsent = update(outbox).where(_UNSENT, outbox.c.repo_id == repo.id)
    unsent = unsent.where(outbox.c.state.in_(("due", "held")))
    if not repo.installation_id:
        return connection.execute(unsent.values(state="due", error=None)).rowcount
    outbound.know(connection, repo.installation_id, now)
    note = outbound.held(connection, repo.installation_id)
    state = "held" if note else "due"
    moved = unsent.values(state=state, error=note, installation_id=repo.installation_id)
    return connection.execute(moved).rowcount
