"""Whether deliveries can be taken in and are being handled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from core import migrations
from core.db import Database
from webhooks.inbox import census

LATEST = timedelta(minutes=5)


@dataclass(frozen=True)
class Readiness:
    """Each check says `ok` or what is wrong; `waiting` counts unfinished deliveries."""

    checks: dict[str, str]
    waiting: int


def facts(app: Database, inbox: Database, now: datetime) -> Readiness:
    """Look at both databases, the migrations, and how long the oldest delivery waits."""
    checks = {
        "database": _try(app, _answers),
        "inbox": _try(inbox, _answers),
        "migrations": "ok",
    }
    if not (migrations.is_current(app) and migrations.is_current(inbox)):
        checks["migrations"] = "run `potluck migrate`"
    if set(checks.values()) != {"ok"}:
        return Readiness(checks, 0)
    with inbox.read() as connection:
        found = census(connection)
    checks["backlog"] = "ok"
    if found.oldest and now - found.oldest > LATEST:
        checks["backlog"] = f"the oldest delivery waits since {found.oldest.isoformat()}"
    return Readiness(checks, sum(found.unfinished.values()))


def _answers(connection: Connection) -> None:
    connection.execute(select(text("1")))


def _try(database: Database, look: Callable[[Connection], None]) -> str:
    try:
        with database.read() as connection:
            look(connection)
    except DBAPIError as error:
        return type(error.orig).__name__
    return "ok"
