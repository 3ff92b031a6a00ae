"""Pull requests that wait for signatures are labelled, reminded and closed, where a project wants it.

A deadline is a row, looked at once a day: a day that was missed is made up for by the next, once.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    or_,
    select,
    update,
)

from bot import repositories
from bot.outbox import outbox, surface
from bot.places import pull_request
from bot.policy import Upkeep
from bot.upkeep_clock import UNHEARD, Clock, begun
from core.context import Effect
from core.db import UtcDateTime, metadata, upsert
from core.github import Label, PullRequest, Repo
from licensing.verdict import Verdict
from licensing.waiting import verdict, waiting

FOR_MAINTAINERS = frozenset({"bot", "unproven_bot"})
"""What only the rules can settle: nobody can remind a bot to sign."""

STOPPED = ""
"""In place of a head: the clock does not run, for nobody is waited for."""

upkeep = Table(
    "upkeep",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("head_sha", String(64), nullable=False),
    Column("run", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("label", Text, nullable=False),
    Column("reminded", Integer, nullable=False),
    Column("closes_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
)


@dataclass(frozen=True)
class Waits:
    """An open pull request that waits for people; `people` are their numbers.

    `nameless`: there are authors who cannot be told, so that it waits for its opener too.
    """

    pull: PullRequest
    people: tuple[int, ...]
    nameless: bool


def clock(connection: Connection, repo_id: int, number: int) -> Clock | None:
    """Give the clock of a pull request, if it ever began."""
    row = connection.execute(
        select(upkeep).where(upkeep.c.repo_id == repo_id, upkeep.c.number == number)
    ).one_or_none()
    return _clock(row) if row else None


def keep(connection: Connection, repo_id: int, number: int, found: Clock) -> None:
    """Write a clock down."""
    values = {name: getattr(found, name) for name in Clock.__dataclass_fields__}
    upsert(connection, upkeep, {"repo_id": repo_id, "number": number}, values)


def after_judgement(
    connection: Connection,
    repo: Repo,
    pull: PullRequest,
    rules: Upkeep | None,
    judged: Verdict | None,
    *,
    asked: bool,
    now: datetime,
) -> list[Effect]:
    """Start, start anew or stop the clock after a look; gives what becomes of the label.

    It runs from when we first asked, and anew with new commits; `asked` says whether we did.
    """
    before = clock(connection, repo.id, pull.number)
    if not asked or judged is None or not _is_theirs(judged, pull):
        return _stop(connection, repo, pull.number, before)
    after = before
    if before is None or before.head_sha != pull.head_sha:
        after = begun(before, pull.head_sha, now)
        keep(connection, repo.id, pull.number, after)
    return labelled(connection, repo, pull, after or begun(None, pull.head_sha, now), rules)


def _is_theirs(judged: Verdict, pull: PullRequest) -> bool:
    """Say whether there is somebody who can do something, and is no maintainer."""
    if judged.conclusion != "action_required":
        return False
    if judged.missing or judged.undeclared or judged.unsigned:
        return True
    problems = {one.problem for one in judged.unresolved}
    return bool(problems - FOR_MAINTAINERS) and not pull.opener.is_bot


def _stop(connection: Connection, repo: Repo, number: int, before: Clock | None) -> list[Effect]:
    if before is None or (before.head_sha == STOPPED and not before.label):
        return []
    keep(connection, repo.id, number, replace(before, head_sha=STOPPED, label=""))
    return [Label(repo, number, before.label, present=False)] if before.label else []


def labelled(
    connection: Connection, repo: Repo, pull: PullRequest, now_is: Clock, rules: Upkeep | None
) -> list[Effect]:
    """Put the label that the rules want on a pull request that waits; on drafts there is none."""
    wanted = rules.label if rules and not pull.draft else ""
    if wanted == now_is.label or stopped(connection, repo.id):
        return []
    keep(connection, repo.id, pull.number, replace(now_is, label=wanted))
    effects: list[Effect] = []
    if now_is.label:
        effects.append(Label(repo, pull.number, now_is.label, present=False))
    if wanted:
        effects.append(Label(repo, pull.number, wanted))
    return effects


def reopened(connection: Connection, repo_id: int, number: int, now: datetime) -> None:
    """Let the clock of a pull request that somebody opened again run anew."""
    known = clock(connection, repo_id, number)
    if known is not None:
        keep(connection, repo_id, number, begun(known, known.head_sha, now))


def current(connection: Connection, repo: Repo, one: Waits, now: datetime) -> Clock:
    """Give the clock of a pull request that waits; it begins where we missed that it should."""
    number = one.pull.number
    known = clock(connection, repo.id, number)
    if known is None or known.head_sha != one.pull.head_sha or _was_reopened(known, now):
        known = begun(known, one.pull.head_sha, now)
        keep(connection, repo.id, number, known)
    return known


def _was_reopened(known: Clock, now: datetime) -> bool:
    return known.closed_at is not None and now >= known.closed_at + UNHEARD


def waits(connection: Connection, repo_id: int, number: int | None = None) -> tuple[Waits, ...]:
    """Give the open pull requests on which we asked, and that still wait for people."""
    judged = and_(
        verdict.c.repo_id == pull_request.c.repo_id,
        verdict.c.number == pull_request.c.number,
        # A judgement of an older head says nothing about this one.
        verdict.c.head_sha == pull_request.c.head_sha,
    )
    statement = (
        select(pull_request.c.number)
        .join(verdict, judged)
        .where(pull_request.c.repo_id == repo_id, pull_request.c.state == "open")
        .where(verdict.c.conclusion == "action_required", verdict.c.commented)
        .order_by(pull_request.c.number)
    )
    if number is not None:
        statement = statement.where(pull_request.c.number == number)
    found = [_waits(connection, repo_id, each) for each in connection.scalars(statement).all()]
    return tuple(one for one in found if one is not None)


def _waits(connection: Connection, repo_id: int, number: int) -> Waits | None:
    pull = repositories.pull(connection, repo_id, number)
    rows = connection.execute(
        select(waiting.c.github_id, waiting.c.reason)
        .where(waiting.c.repo_id == repo_id, waiting.c.number == number)
        .order_by(waiting.c.id)
    ).all()
    if pull is None:
        return None
    people = tuple(dict.fromkeys(row.github_id for row in rows if row.github_id is not None))
    unnamed = {row.reason for row in rows if row.github_id is None}
    nameless = bool(unnamed - FOR_MAINTAINERS) and not pull.opener.is_bot
    return Waits(pull, people, nameless) if people or nameless else None


def labels_left(connection: Connection, repo_id: int) -> Collection[tuple[int, str]]:
    """Give the open pull requests that bear a label of ours, as (number, label)."""
    here = and_(
        pull_request.c.repo_id == upkeep.c.repo_id, pull_request.c.number == upkeep.c.number
    )
    rows = connection.execute(
        select(upkeep.c.number, upkeep.c.label)
        .join(pull_request, here)
        .where(upkeep.c.repo_id == repo_id, upkeep.c.label != "")
        .where(pull_request.c.state == "open")
    )
    return [(row.number, row.label) for row in rows]


def unlabel(connection: Connection, repo: Repo, number: int) -> list[Effect]:
    """Take our label off a pull request, for whatever reason."""
    known = clock(connection, repo.id, number)
    if known is None or not known.label:
        return []
    keep(connection, repo.id, number, replace(known, label=""))
    return [Label(repo, number, known.label, present=False)]


def stopped(connection: Connection, repo_id: int) -> str | None:
    """Say why nothing is done in a repository: GitHub refuses us labels or closing there."""
    rows = outbox.c
    refused = or_(*(rows.error.startswith(kind) for kind in ("Inaccessible", "Refused")))
    return connection.scalar(
        select(rows.error)
        .where(rows.repo_id == repo_id, rows.kind.in_(("label", "setstate")))
        .where(rows.state.in_(("held", "due", "dead")), refused)
        .order_by(rows.id.desc())
        .limit(1)
    )


def was_said(connection: Connection, name: str) -> bool:
    """Say whether the comment of this surface stands on GitHub, as far as we know."""
    known = select(surface.c.remote_id).where(surface.c.surface == name)
    return connection.scalar(known) is not None


def want_anew(connection: Connection, name: str) -> None:
    """Forget what stood on a surface: somebody else has changed it since."""
    connection.execute(update(surface).where(surface.c.surface == name).values(digest=""))


def _clock(row: Row[Any]) -> Clock:
    given = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it
    return Clock(**{name: given[name] for name in Clock.__dataclass_fields__})
