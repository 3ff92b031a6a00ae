"""Tasks: things of ours to do later, each key once; they wait in the app's own database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, String, Table, Text, bindparam, delete, select

from core.context import Task
from core.db import Json, UtcDateTime, insert_once, metadata
from core.queue import BIG_ID, Queue, queue_columns, queue_indexes

KEPT = timedelta(days=7)
"""How long a finished task stays, to be looked at and to keep its key from being used again."""

task = Table(
    "task",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("about", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    *queue_columns(),
)
queue_indexes(task)

queue = Queue(task)


@dataclass(frozen=True)
class Kept:
    """A task as it was put."""

    id: int
    name: str
    key: str
    about: dict[str, Any]
    due_at: datetime
    created_at: datetime


def put(connection: Connection, wanted: Task, now: datetime) -> bool:
    """Keep a task to be done; says whether it is new (the same key is done once)."""
    values = {
        "name": wanted.name,
        "key": wanted.key,
        "about": dict(wanted.about),
        "created_at": now,
        "state": "due",
        "entity": wanted.entity,
        "due_at": wanted.due_at,
    }
    return insert_once(connection, task, values)


_LOADED = select(
    task.c.id, task.c.name, task.c.key, task.c.about, task.c.due_at, task.c.created_at
).where(task.c.id.in_(bindparam("_ids", expanding=True)))


def load(connection: Connection, ids: Sequence[int]) -> dict[int, Kept]:
    """Read tasks by their ids."""
    rows = connection.execute(_LOADED, {"_ids": list(ids)})
    return {row.id: Kept(*row) for row in rows}


def prune(connection: Connection, now: datetime) -> int:
    """Forget tasks that were done a while ago, and say how many; dead ones stay."""
    old = delete(task).where(task.c.state == "done", task.c.finished_at < now - KEPT)
    return connection.execute(old).rowcount
