"""The sender: makes the writes that wait in the outbox, one after another for each installation.

Each step is two short transactions around one call of GitHub. In the first the installation's
turn and one row are taken and the surface is marked as in doubt; in the second the outcome is
written down. After a crash in between, lease and doubt remain: whoever takes the row next looks
whether the write had happened before repeating it.
"""

import logging
import random
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, and_, select, update

from bot import outbound, outbox, places, repositories, turns
from bot.breaker import Breaker
from bot.meters import Meters
from bot.outbound import Turn
from bot.outbox import Wanted, queue, surface
from bot.rates import APART
from core.clock import Clock
from core.db import Database
from core.github import (
    Action,
    Comment,
    GitHubError,
    Inaccessible,
    NotFound,
    RateLimited,
    Refused,
    Suspended,
    Unavailable,
)
from core.pygithub.client import Unauthorized
from core.queue import Claim, Finish, backoff

log = logging.getLogger(__name__)

IDLE_S = 0.2
BRIEFLY_S = 0.01
RECOVER_S = 1.0
YOUNG = timedelta(minutes=2)
LOOKED_FOR = 3
"""Attempts before a thread or commit that GitHub does not know counts as gone."""


class Perform(Protocol):
    """The way to write to GitHub; see `core/pygithub/writes.py`."""

    def __call__(self, action: Action, remote_id: int | None, *, doubtful: bool) -> int:
        """Carry out an action and give the id of what was written, or raise a `GitHubError`."""


@dataclass(frozen=True)
class Job:
    """One write that is ours to make now."""

    turn: Turn
    claim: Claim
    wanted: Wanted


class Sender:
    """Steps through the outbox; any number of senders, in any number of processes, may do so."""

    def __init__(
        self,
        database: Database,
        perform: Perform,
        clock: Clock,
        owner: str,
        breaker: Breaker,
        meters: Meters,
        dice: random.Random | None = None,
    ) -> None:
        """Send by `perform`; `owner` names one thread."""
        self._database = database
        self._perform = perform
        self._clock = clock
        self._owner = owner
        self._breaker = breaker
        self._meters = meters
        self._dice = dice or random.Random()  # noqa: S311 - jitter is no secret

    def step(self) -> bool:
        """Make one write that may be made now; False if there is none."""
        now = self._clock()
        with self._database.read() as connection:
            if turns.next_installation(connection, now) is None:
                return False
        if not self._breaker.passes(now):
            return False
        with self._database.write() as connection:
            installation_id = turns.next_installation(connection, now)
            job = self._take(connection, installation_id, now) if installation_id else None
        if job is None:
            self._breaker.abandon_probe()
            return installation_id is not None
        self._send(job)
        return True

    def next_at(self) -> datetime | None:
        """Give the instant at which a step may be worth while; None while nothing waits."""
        with self._database.read() as connection:
            instants = turns.chances(connection)
        if not instants:
            return None
        return max(min(instants), self._breaker.until or min(instants))

    def run(self, stop: threading.Event) -> None:
        """Step until told to stop; whoever may not write yet is waited for, by nobody in particular."""
        while not stop.is_set():
            try:
                if not self.step():
                    stop.wait(self._patience_s())
            except Exception:
                # A database that is away comes back; leases keep what we had in hand.
                log.exception("sender could not go on")
                stop.wait(RECOVER_S)

    def _patience_s(self) -> float:
        next_at = self.next_at()
        if next_at is None:
            return IDLE_S
        seconds = (next_at - self._clock()).total_seconds()
        return min(IDLE_S, max(BRIEFLY_S, seconds))

    def _take(self, connection: Connection, installation_id: int, now: datetime) -> Job | None:
        turn = outbound.take(connection, installation_id, self._owner, now)
        if turn is None:
            return None
        # The surface before its row, as whoever wants something locks them: or both would wait.
        name = turns.next_surface(connection, installation_id, now)
        connection.execute(
            select(surface.c.surface).where(surface.c.surface == name).with_for_update()
        )
        rows = outbox.outbox.c
        only = and_(rows.entity == name, rows.installation_id == installation_id)
        claims = queue.claim(connection, self._owner, now, 1, only)
        if not claims:
            # What is due is in somebody's hands, as part of another installation.
            outbound.give_back_unused(connection, turn, now, APART)
            return None
        wanted = _current(connection, outbox.load(connection, claims[0]))
        if _set_aside(connection, claims[0], wanted, now):
            outbound.give_back_unused(connection, turn, now)
            return None
        if wanted.remote_id is None:
            _set(connection, wanted, doubtful=True)
        return Job(turn, claims[0], wanted)

    def _send(self, job: Job) -> None:
        wanted, remote_id = job.wanted, 0
        error: Exception | None = None
        try:
            remote_id = self._perform(wanted.action, wanted.remote_id, doubtful=wanted.doubtful)
        except GitHubError as caught:
            error = caught
        except Exception as caught:
            log.exception("write failed", extra={"effect": wanted.effect_key})
            error = caught
        now = self._clock()
        if isinstance(error, Unavailable):
            self._breaker.failed(now)
        else:
            self._breaker.succeeded()
        with self._database.write() as connection:
            if error is None:
                outcome = _sent(connection, job, remote_id, now)
            else:
                outcome = self._failed(connection, job, error, now)
            answered = error is None or not isinstance(error, RateLimited | Unavailable)
            outbound.give_back(connection, job.turn, now, answered=answered)
        self._tell(job, outcome, error)

    def _failed(self, connection: Connection, job: Job, error: Exception, now: datetime) -> str:
        """Write down what an error means for the row; gives its new state."""
        claim, wanted, said = job.claim, job.wanted, _said(error)
        unknown = isinstance(error, Unavailable) or not isinstance(error, GitHubError)
        if not unknown:
            _set(connection, wanted, doubtful=wanted.doubtful)
        match error:
            case RateLimited():
                until = outbound.silence(
                    connection, job.turn.installation_id, now, error.until, named=error.named
                )
                queue.postpone(connection, claim, until, said)
                return "paused"
            case Inaccessible():
                # The installation's other repositories have nothing to do with it.
                queue.shelve(connection, claim, "held", said)
                outbox.hold_kind(connection, wanted.repo_id, type(wanted.action), said)
                return "held"
            case Suspended():
                outbox.hold(connection, job.turn.installation_id, said, now)
                queue.shelve(connection, claim, "held", said)
                return "held"
            case NotFound() if wanted.remote_id is not None:
                # Somebody deleted what we wrote: what we have to say now is written anew.
                _set(connection, wanted, remote_id=None, doubtful=False)
                queue.postpone(connection, claim, now, said)
                return "written anew"
        return self._retried(connection, job, error, now)

    def _retried(self, connection: Connection, job: Job, error: Exception, now: datetime) -> str:
        claim, said = job.claim, _said(error)
        # A commit or thread that is new to us may be new to a part of GitHub as well.
        first = job.wanted.remote_id is None and claim.attempts < LOOKED_FOR
        if isinstance(error, NotFound | Refused) and not first:
            queue.finish(connection, now, Finish(claim, "dead", said))
            return "dead"
        if isinstance(error, Unavailable) and self._breaker.is_open():
            # Nobody gets through: that is not this row's fault, and costs it no attempt.
            until = now + backoff(claim.attempts, self._dice)
            queue.postpone(connection, claim, until, said)
            return "waits"
        return queue.fail(connection, claim, now, said, self._dice)

    def _tell(self, job: Job, outcome: str, error: Exception | None) -> None:
        self._meters.count("effects", outcome=outcome)
        alarming = outcome in {"dead", "held"} or isinstance(error, Unauthorized)
        log.log(
            logging.ERROR if alarming else logging.INFO,
            "effect sent" if error is None else "effect not sent",
            extra={
                "effect": job.wanted.effect_key,
                "installation": job.turn.installation_id,
                "attempt": job.claim.attempts,
                "outcome": outcome,
                "reason": _said(error) if error else None,
            },
        )


def _said(error: Exception) -> str:
    # Texts of our own errors are ours; those of others may quote what must not be kept.
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, GitHubError) else name


def _current(connection: Connection, wanted: Wanted) -> Wanted:
    """Address the repository as it is now, and look before writing where all is not well known."""
    action = wanted.action
    repo = repositories.repo(connection, wanted.repo_id)
    if repo is not None and repo.installation_id:
        action = replace(action, repo=repo)
    if isinstance(action, Comment) and wanted.remote_id is None:
        action = replace(action, may_exist=not _is_young(connection, action, wanted.created_at))
    return replace(wanted, action=action)


def _is_young(connection: Connection, action: Comment, wanted_at: datetime) -> bool:
    # In an older thread we may have spoken before: our memory may be a restored backup's.
    pull = repositories.pull(connection, action.repo.id, action.number)
    return pull is not None and not action.may_exist and wanted_at - pull.created_at < YOUNG


def _set_aside(connection: Connection, claim: Claim, wanted: Wanted, now: datetime) -> bool:
    """Keep a row from being sent whose time is over, or has not come."""
    if wanted.revision < wanted.newest_revision:
        return queue.finish(connection, now, Finish(claim, "superseded"))
    place = places.repository
    state = connection.scalar(select(place.c.state).where(place.c.id == wanted.repo_id))
    if state not in {None, "active"}:
        note = f"repository {state}"
        outbox.hold_repo(connection, wanted.repo_id, note)
        return queue.shelve(connection, claim, "held", note)
    repo = wanted.action.repo
    if repo.installation_id != wanted.installation_id:
        queue.postpone(connection, claim, now, "moved to another installation")
        outbox.release_repo(connection, repo, now)
        return True
    return False


def _sent(connection: Connection, job: Job, remote_id: int, now: datetime) -> str:
    wanted = job.wanted
    _set(connection, wanted, remote_id=remote_id, sent_revision=wanted.revision, doubtful=False)
    queue.finish(connection, now, Finish(job.claim))
    return "done"


def _set(connection: Connection, wanted: Wanted, **values: object) -> None:
    connection.execute(update(surface).where(surface.c.surface == wanted.surface).values(**values))
