"""The schedule: every so often a row is put among the tasks; whoever works does the rest.

APScheduler keeps the rhythm, in memory, on the one process that holds the leader's lease. A
beat puts a task for every slot since the last one that was put, so that a change of leader
loses none; the slot is in the task's key, so that two leaders double none.
"""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Connection, String, Table, select

from bot import tasks
from core import lease
from core.clock import Clock
from core.context import Task
from core.db import Database, metadata, upsert

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEADER = "schedule"
LEASE = timedelta(seconds=10)
RENEW_S = 3.0
HAIR = timedelta(milliseconds=5)
PLAYED = timedelta(seconds=30)

tick = Table(
    "tick",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("slot", BigInteger, nullable=False),
)


@dataclass(frozen=True)
class Job:
    """A task to be put `every` so often; after a long silence at most `most_behind` slots of it."""

    name: str
    every: timedelta
    most_behind: int = 12
    at_start: bool = False


JOBS = (
    Job("reconcile_deliveries", timedelta(minutes=5), at_start=True),
    Job("reconcile_stripe", timedelta(minutes=5), most_behind=1, at_start=True),
    Job("sweep_votes", timedelta(minutes=5), most_behind=1),
    Job("sweep_intents", timedelta(minutes=5), most_behind=1),
    Job("sweep_pledges", timedelta(minutes=5), most_behind=1),
    Job("sweep_payouts", timedelta(minutes=5), most_behind=1),
    Job("share_pots", timedelta(days=1), most_behind=1),
    Job("mind_silence", timedelta(days=1), most_behind=1),
    Job("close_loops", timedelta(hours=1), most_behind=1),
    Job("invite_promisers", timedelta(hours=1), most_behind=1, at_start=True),
    Job("tell_hooks", timedelta(minutes=5), most_behind=1),
    Job("sweep_audits", timedelta(minutes=1), most_behind=1, at_start=True),
    Job("tidy_clones", timedelta(days=1), most_behind=1),
    Job("sweep_checks", timedelta(days=1), most_behind=1),
    Job("sweep_sales", timedelta(days=1), most_behind=1),
    Job("share_income", timedelta(days=1), most_behind=1),
    Job("check_companies", timedelta(days=1), most_behind=1),
    Job("upkeep", timedelta(days=1), most_behind=1),
    Job("check_chains", timedelta(days=1), most_behind=1),
    Job("prove_reserves", timedelta(days=1), most_behind=1, at_start=True),
    Job("reconcile_movements", timedelta(days=1), most_behind=1),
    Job("settle_calls", timedelta(hours=6), most_behind=1),
    Job("sweep_releases", timedelta(days=1), most_behind=1),
    Job("sweep_milestones", timedelta(days=1), most_behind=1),
    Job("retire_currencies", timedelta(days=1), most_behind=1),
    Job("end_lost_giving", timedelta(days=1), most_behind=1),
    Job("prune", timedelta(days=1), most_behind=1),
)


def jobs_of(mode: str) -> tuple[Job, ...]:
    """Give the jobs of a service: who plays in a sandbox does not wait long for their 👍 to be seen."""
    if mode != "sandbox":
        return JOBS
    return tuple(replace(job, every=PLAYED) if job.name == "sweep_votes" else job for job in JOBS)


def beat(connection: Connection, job: Job, now: datetime) -> int:
    """Put a task for every slot that has begun and has none yet; says how many.

    Slots are counted from the epoch in UTC: no time zone, no leap, no drift.
    """
    slot = (now - EPOCH) // job.every
    last = connection.scalar(select(tick.c.slot).where(tick.c.name == job.name).with_for_update())
    first = slot if last is None else max(last + 1, slot - job.most_behind + 1)
    if first > slot:
        return 0
    for number in range(first, slot + 1):
        _put(connection, job, f"tick:{job.name}:{number}", EPOCH + number * job.every, now)
    upsert(connection, tick, {"name": job.name}, {"slot": slot})
    return slot + 1 - first


def _put(connection: Connection, job: Job, key: str, due_at: datetime, now: datetime) -> None:
    tasks.put(connection, Task(job.name, key, due_at, entity=f"tick:{job.name}"), now)


class Schedule:
    """Beats on one of any number of processes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        owner: str,
        jobs: tuple[Job, ...] = JOBS,
        span: timedelta = LEASE,
    ) -> None:
        """Put tasks into `database` while `owner` leads; its lease lasts `span`."""
        self._database = database
        self._clock = clock
        self._owner = owner
        self._jobs = jobs
        self._span = span
        self._leads = False

    def lead(self) -> bool:
        """Take or keep the lead; whoever just took it beats at once."""
        now = self._clock()
        with self._database.write() as connection:
            led, self._leads = self._leads, False
            self._leads = lease.hold(connection, LEADER, self._owner, now, self._span)
            if self._leads and not led:
                log.info("leads the schedule")
                self._start(connection, now)
        return self._leads

    def _start(self, connection: Connection, now: datetime) -> None:
        for job in self._jobs:
            beat(connection, job, now)
            if job.at_start:
                # Several processes that start together mean one start.
                minute = now.replace(second=0, microsecond=0)
                _put(connection, job, f"start:{job.name}:{minute.isoformat()}", now, now)

    def beat(self, job: Job) -> None:
        """Put what is due of one job; called by the scheduler."""
        with self._database.write() as connection:
            beat(connection, job, self._clock())

    def run(self, stop: threading.Event, renew_s: float = RENEW_S) -> None:
        """Lead whenever nobody else does, until told to stop."""
        scheduler = self._scheduler()
        scheduler.start(paused=True)
        while not stop.is_set():
            if self._tries_to_lead():
                scheduler.resume()
            else:
                scheduler.pause()
            stop.wait(renew_s)
        scheduler.shutdown(wait=False)
        with self._database.write() as connection:
            lease.release(connection, LEADER, self._owner, self._clock())

    def _tries_to_lead(self) -> bool:
        try:
            return self.lead()
        except Exception:
            # Whoever cannot renew the lease must not act as if it was theirs.
            log.exception("lease of the schedule cannot be renewed")
            return False

    def _scheduler(self) -> "BackgroundScheduler":
        from apscheduler.schedulers.background import BackgroundScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in self._jobs:
            # A hair after the slot begins: a clock read just before it would put nothing.
            trigger = IntervalTrigger(
                seconds=job.every.total_seconds(), start_date=EPOCH + HAIR, timezone=UTC
            )
            scheduler.add_job(self.beat, trigger, args=[job], id=job.name)
        return scheduler
