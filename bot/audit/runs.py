"""How far the service's own audits are: one row for the default branch, and one for each release."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select, update

from bot.audit.tables import audit_run
from core.context import Task
from core.db import upsert

State = Literal["waiting", "fetching", "looking", "done", "failed"]
TIP = "tip"
GATHERS = timedelta(minutes=2)
"""Several pushes in a row are looked at once."""

GIVEN_UP_AFTER = timedelta(hours=8)
"""By then every attempt at a task was made."""

LANES = 2
"""At most so many audits at once: each keeps all cores busy, and webhooks must go on."""

LONGEST_NOTE = 300


@dataclass(frozen=True)
class Run:
    """One audit: `done` of `total` files are looked at; `note` says why it failed."""

    what: str
    commit_sha: str
    state: State
    done: int
    total: int
    note: str
    asked_by: int | None
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None

    @property
    def under_way(self) -> bool:
        """Somebody waits for it."""
        return self.state in {"waiting", "fetching", "looking"}

    def is_awaited(self, now: datetime) -> bool:
        """Say whether it will still come: what its task gave up is asked for again."""
        return self.under_way and self.asked_at > now - GIVEN_UP_AFTER


def release(github_id: int) -> str:
    """Name the audit of a release."""
    return f"release:{github_id}"


def ask(
    connection: Connection,
    repo_id: int,
    what: str,
    occasion: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    by: int | None = None,
) -> Task:
    """Write down that something is to be looked at, and give the task; once for an `occasion`."""
    known = of(connection, repo_id, what)
    if known is None or not known.is_awaited(now):
        values = {"state": "waiting", "done": 0, "total": 0, "note": "", "ended_at": None}
        values |= {
            "asked_by": by,
            "asked_at": now,
            "commit_sha": known.commit_sha if known else "",
        }
        upsert(connection, audit_run, {"repo_id": repo_id, "what": what}, values)
    return task(repo_id, what, occasion, due_at or now)


def task(repo_id: int, what: str, occasion: str, due_at: datetime, part: int = 0) -> Task:
    """Give the task; `part` counts how often it was put down to go on later."""
    return Task(
        name="audit",
        key=f"audit:{repo_id}:{what}:{occasion}:{part}",
        due_at=due_at,
        entity=f"audit:{repo_id % LANES}",
        about={"repo_id": repo_id, "what": what, "occasion": occasion, "part": part},
    )


def gathered(now: datetime) -> tuple[str, datetime]:
    """Give the occasion and the instant for what comes in numbers: the end of the present span."""
    slot = int(now.timestamp() // GATHERS.total_seconds()) + 1
    return str(slot), datetime.fromtimestamp(slot * GATHERS.total_seconds(), now.tzinfo)


def note(connection: Connection, repo_id: int, what: str, **values: object) -> None:
    """Change what is known of a run."""
    if "note" in values:
        values["note"] = str(values["note"])[:LONGEST_NOTE]
    here = (audit_run.c.repo_id == repo_id, audit_run.c.what == what)
    connection.execute(update(audit_run).where(*here).values(**values))


def of(connection: Connection, repo_id: int, what: str) -> Run | None:
    """Give one run."""
    return next((one for one in all_of(connection, repo_id) if one.what == what), None)


def all_of(connection: Connection, repo_id: int) -> tuple[Run, ...]:
    """Give all runs of a repository, those that were asked for last first."""
    columns = [audit_run.c[name] for name in Run.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(audit_run.c.repo_id == repo_id)
        .order_by(audit_run.c.asked_at.desc(), audit_run.c.what)
        .limit(50)
    )
    return tuple(Run(*row) for row in rows)
