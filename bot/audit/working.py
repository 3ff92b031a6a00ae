"""One audit by the worker: fetch, look at every line, write down what came out.

Nothing is held in the database meanwhile. Before a task has to end it puts the work down, and
another one goes on where it was: what was found stays on the shelf.
"""

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot import repositories
from bot.audit import certificates, facts, runs
from bot.audit.clones import Clones
from bot.audit.judging import Audit, Works
from bot.audit.matter import Matter
from bot.audit.reading import reader
from bot.audit.shelf import Shelf
from bot.audit.tables import audit_notice
from core.context import Context, Decide, Effect, Task
from core.db import upsert
from core.errors import UserError
from core.git.command import GitFailed
from core.git.fetching import Source, Unreached
from core.github import Repo, Unavailable
from licensing.audit.decisions import Inputs
from licensing.audit.judge import Judge
from licensing.audit.notices import notice
from licensing.audit.targets import COMMERCIAL
from licensing.releases import reading as releases

LONGEST_S = 420.0
TELLS_EVERY_S = 2.0


class PutDown(Exception):
    """It goes on in another task."""


@dataclass(frozen=True)
class Wanted:
    """What is to be looked at: the tip of the default branch, or a release's commit."""

    repo: Repo
    what: str
    commit: str
    occasion: str
    part: int


def wanted(
    connection: Connection, repo_id: int, what: str, occasion: str, part: int
) -> Wanted | None:
    """Find what a task is about; None where it is no longer there."""
    repo = repositories.repo(connection, repo_id)
    if repo is None:
        return None
    commit = ""
    if what != runs.TIP:
        found = releases.of(connection, repo_id)
        commit = next((it.commit_sha for it in found if runs.release(it.github_id) == what), "")
        if not commit:
            return None
    return Wanted(repo, what, commit, occasion, part)


def work(ctx: Context, clones: Clones, asked: Wanted) -> Decide:
    """Look at it, and give what is to be written down. Raises `Unavailable` if GitHub is away."""
    began = time.monotonic()
    _note(ctx, asked, state="fetching", began_at=ctx.now)
    try:
        at = _fetch(ctx, clones, asked)
        with ctx.database.read() as connection:
            inputs = facts.inputs(connection, asked.repo.id)
        told = _Progress(ctx, asked, began + LONGEST_S)
        with (
            closing(Shelf(clones.shelf(asked.repo.id))) as shelf,
            reader(clones.at(asked.repo.id), at, shelf, inputs) as (opened, sha),
        ):
            _note(ctx, asked, state="looking", commit_sha=sha)
            audit, matter = opened.audit(sha, COMMERCIAL, told)
        words = notice_of(asked.repo.name, matter, inputs)
    except PutDown:
        return partial(_go_on, ctx, asked)
    except (UserError, GitFailed) as error:
        return partial(_failed, ctx, asked, str(error))
    return partial(_keep, ctx, asked, audit, matter, words)


def _fetch(ctx: Context, clones: Clones, asked: Wanted) -> str:
    """Bring what is wanted here, and give under which name it is."""
    source = Source(*ctx.github(asked.repo).clone_of(asked.repo))
    tip = f"+refs/heads/{asked.repo.default_branch}:refs/potluck/tip"
    refs, at = [tip], "refs/potluck/tip"
    if asked.commit:
        at = f"refs/potluck/{asked.what.replace(':', '/')}"
        refs.append(f"+{asked.commit}:{at}")
    try:
        clones.fetch(asked.repo.id, source, refs, ctx.now)
    except Unreached as error:
        raise Unavailable(str(error)) from None
    return at


def _note(ctx: Context, asked: Wanted, **values: object) -> None:
    with ctx.database.write() as connection:
        runs.note(connection, asked.repo.id, asked.what, **values)


class _Progress:
    """Writes down how far it is, now and then, and puts the work down in time."""

    def __init__(self, ctx: Context, asked: Wanted, ends_at: float) -> None:
        self._ctx = ctx
        self._asked = asked
        self._ends_at = ends_at
        self._told_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now > self._ends_at and done < total:
            raise PutDown
        if now - self._told_at >= TELLS_EVERY_S:
            self._told_at = now
            _note(self._ctx, self._asked, done=done, total=total)


def notice_of(project: str, matter: Matter, inputs: Inputs) -> str:
    """Give the NOTICE of a commit: whom to name in what is sold."""
    judge = Judge(Works(matter, inputs), inputs.ledger, matter.target, inputs.formats)
    return notice(project, matter.commit, matter.files, judge)


def _go_on(ctx: Context, asked: Wanted, _connection: Connection) -> list[Effect]:
    return [runs.task(asked.repo.id, asked.what, asked.occasion, ctx.now, asked.part + 1)]


def _failed(ctx: Context, asked: Wanted, why: str, connection: Connection) -> list[Effect]:
    values = {"state": "failed", "note": why, "ended_at": ctx.now}
    runs.note(connection, asked.repo.id, asked.what, **values)
    return []


def _keep(
    ctx: Context,
    asked: Wanted,
    audit: Audit,
    matter: Matter,
    words: str,
    connection: Connection,
) -> list[Effect]:
    repo_id = asked.repo.id
    kept = certificates.keep(connection, repo_id, audit, matter, ctx.now)
    if kept is not matter:
        # Somebody had themselves erased while we looked: they are named no more.
        words = notice_of(asked.repo.name, kept, facts.inputs(connection, repo_id))
    certificates.issue(connection, repo_id, audit, ctx.secret_key, ctx.now)
    place = {"repo_id": repo_id, "commit_sha": audit.commit}
    upsert(connection, audit_notice, place, {"content": words})
    done = {"state": "done", "note": "", "commit_sha": audit.commit, "ended_at": ctx.now}
    runs.note(connection, repo_id, asked.what, **done)
    # What people granted while we looked, and what was merged before, may concern others too.
    return [judge_again(repo_id, f"{asked.what}:{asked.occasion}", ctx.now)]


def judge_again(repo_id: int, occasion: str, due_at: datetime) -> Task:
    """Ask for what is kept to be judged by what people have granted now."""
    return Task(
        name="judge_again",
        key=f"judge_again:{repo_id}:{occasion}",
        due_at=due_at,
        entity=f"judge_again:{repo_id}",
        about={"repo_id": repo_id},
    )
