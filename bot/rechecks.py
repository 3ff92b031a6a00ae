"""Asking for another look at a pull request: one task for each occasion, in the thread's turn."""

import hashlib
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from bot import repositories
from bot.audit import due
from bot.hooks_out import telling
from core.context import Context, Task
from core.github import Repo
from licensing import relying, waiting

MOST_TRIES = 6
FIRST_WAIT = timedelta(seconds=30)
SECOND_LOOK = timedelta(minutes=1)
"""Until rules that were gone are looked for once more, before they are taken to be gone."""


class Occasion(Protocol):
    """What gives rise to another look: an event being handled, or what somebody did on a page."""

    @property
    def now(self) -> datetime:
        """The present instant."""

    @property
    def source(self) -> str:
        """Where it came from."""

    @property
    def guid(self) -> str:
        """Its name among all from there."""


def thread(repo_id: int, number: int) -> str:
    """Name the turn of a pull request."""
    return f"thread:{repo_id}:{number}"


def recheck(
    ctx: Occasion,
    repo: Repo,
    number: int,
    why: str,
    *,
    due_at: datetime | None = None,
    asked: bool = False,
    fresh: bool = False,
    tries: int = 0,
    nonce: str = "",
) -> Task:
    """Ask for another look because of `why`, once for the event that is being handled.

    `asked`: a person wants it, so a comment may be made even on an old pull request. `fresh`:
    read the pull request from GitHub first. `tries` counts looks that could not be finished.
    `nonce` makes the check be written even if it says the same.
    """
    occasion = hashlib.sha256(f"{ctx.source}:{ctx.guid}".encode()).hexdigest()[:24]
    return Task(
        name="recheck",
        key=f"recheck:{repo.id}:{number}:{why}:{occasion}",
        due_at=due_at or ctx.now,
        entity=thread(repo.id, number),
        about={
            "repo_id": repo.id,
            "number": number,
            "asked": int(asked),
            "fresh": int(fresh),
            "tries": tries,
            "nonce": nonce,
        },
    )


def after_act(
    occasion: Occasion, connection: Connection, agreement_id: int, github_id: int
) -> tuple[Task, ...]:
    """Ask for another look wherever a person's act counts: a signature, a withdrawal, a listing.

    These are the pull requests that wait for the person or rest on their word, in all
    repositories of the agreement.
    """
    threads = (
        *waiting.waits_under(connection, agreement_id, github_id),
        *relying.relies_under(connection, agreement_id, github_id),
    )
    why = f"act:{agreement_id}:{github_id}"
    looks = (
        recheck(occasion, repo, number, why)
        for repo_id, number in dict.fromkeys(threads)
        if (repo := repositories.repo(connection, repo_id)) is not None
    )
    return (
        *looks,
        *due.after_act(occasion, connection, agreement_id),
        *telling.after_act(occasion, connection, agreement_id),
    )


def reload_rules(ctx: Context, repo_id: int, after: timedelta = SECOND_LOOK) -> Task:
    """Ask for the rules of a repository to be read anew, once for the event being handled."""
    return Task(
        name="reload_rules",
        key=f"reload_rules:{repo_id}:{ctx.source}:{ctx.guid}:{int(after.total_seconds())}",
        due_at=ctx.now + after,
        entity=f"repository:{repo_id}",
        about={"repo_id": repo_id},
    )


def wait(tries: int) -> timedelta:
    """Give how long to wait after the first, second, ... look that could not be finished."""
    return FIRST_WAIT * int(4**tries)
