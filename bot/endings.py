"""How an attempt at a delivery or a task ends, by what went wrong in it."""

import logging
import random
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from bot import tasks
from bot.outbox import Stale
from core.github import GitHubError, NotFound, RateLimited, Suspended, Unavailable
from core.log import redact
from core.pygithub.client import Unauthorized
from core.queue import Claim, Finish, Queue, backoff

log = logging.getLogger(__name__)

LOOKED_FOR = 3
"""Attempts before what GitHub does not know counts as gone: it tells of things before they are."""

AFTER_OUTAGE = timedelta(minutes=2)
STALE_WAIT = timedelta(milliseconds=100)
"""The least that a look waits which was older than somebody else's."""


@dataclass(frozen=True)
class Ending:
    """How an attempt ended.

    `state` is a final state of the queue (`suspended` among them: at rest until the repository
    can be reached again), or `failed`, `postponed` (then `until` says to when),
    `lost` (the lease went to somebody else) or `kept` (already written down).
    """

    claim: Claim
    state: str
    note: str | None = None
    until: datetime | None = None

    @property
    def is_written(self) -> bool:
        """Nothing of it is left to be kept in its queue."""
        return self.state in {"lost", "kept"}


class Lost(Exception):
    """The lease ran out under our hands: what we decided is no longer ours to write."""


class Closed(Unavailable):
    """Nobody was asked, because GitHub has not been answering."""


def of_error(
    claim: Claim,
    error: Exception,
    now: datetime,
    dice: random.Random,
    outage_until: datetime | None = None,
) -> Ending:
    """Judge what an error means for the attempt; nobody asks GitHub before `outage_until`."""
    until = _another_time(claim, error, now, dice, outage_until)
    if until:
        return Ending(claim, "postponed", _reason(error), until)
    if isinstance(error, Lost):
        return Ending(claim, "lost", _reason(error))
    if isinstance(error, NotFound) and claim.attempts >= LOOKED_FOR:
        return Ending(claim, "done", _reason(error))
    if isinstance(error, Suspended):
        return Ending(claim, "suspended", _reason(error))
    if isinstance(error, Unauthorized):
        log.error("GitHub does not accept our credentials")
    if not isinstance(error, GitHubError):
        log.error("handler failed", exc_info=error)
    return Ending(claim, "failed", _reason(error))


def _another_time(
    claim: Claim,
    error: Exception,
    now: datetime,
    dice: random.Random,
    outage_until: datetime | None,
) -> datetime | None:
    """Give a later instant where the attempt is nobody's failure, and costs the row none."""
    if isinstance(error, Stale):
        # By a clock that is ahead of ours we are too early for as long as it is ahead.
        return max(now + STALE_WAIT, error.until + STALE_WAIT)
    if isinstance(error, RateLimited):
        return error.until
    if isinstance(error, Unavailable) and outage_until:
        # Spread, so that an outage's backlog comes neither in vain nor all at once.
        return max(now, outage_until) + AFTER_OUTAGE * dice.random()
    # A locked or absent database, or two transactions that waited for one another.
    if isinstance(error, OperationalError):
        return now + backoff(claim.attempts, dice)
    return None


def _reason(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        # Its text quotes statement and values.
        return f"{type(error).__name__}: {type(error.orig).__name__}"
    said = redact(f"{type(error).__name__}: {error}"[:500])
    if isinstance(error, GitHubError | Stale | Lost):
        return said
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return said + where


def write_down(
    connection: Connection, queue: Queue, ending: Ending, now: datetime, dice: random.Random
) -> str:
    """Keep the ending in its queue; gives the state in which the row is now."""
    claim, note = ending.claim, ending.note or ""
    if ending.is_written:
        return ending.state
    if ending.state == "failed":
        return queue.fail(connection, claim, now, note, dice)
    if ending.state == "suspended" and queue is tasks.queue:
        # Whoever is reached again is looked at as a whole: no task needs to be remembered.
        return "done" if queue.finish(connection, now, Finish(claim, note=ending.note)) else "lost"
    if ending.state == "postponed":
        queue.postpone(connection, claim, ending.until or now, note)
        return "due"
    finish = Finish(claim, ending.state, ending.note)
    return ending.state if queue.finish(connection, now, finish) else "lost"
