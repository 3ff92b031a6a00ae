"""The two desks at which work arrives: deliveries in the inbox, and tasks of our own.

A desk claims and writes down in batches, so that a busy worker costs the inbox few commits.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot import endings, tasks
from bot.endings import Ending
from bot.handling import World, handle_delivery, handle_task
from core.db import Database
from core.queue import Claim, Queue
from webhooks import inbox
from webhooks.deliveries import Delivery
from webhooks.kinds import KINDS

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A claimed row: `do` brings it as far as it goes, `tell` says what became of it."""

    claim: Claim
    do: Callable[[], Ending]
    tell: Callable[[Ending, str], None]


class Desk:
    """A queue, and how its rows become jobs."""

    def __init__(
        self,
        world: World,
        database: Database,
        queue: Queue,
        load: Callable[[World, Connection, Sequence[Claim]], list[Job]],
    ) -> None:
        """Work on `queue` in `database`."""
        self._world = world
        self._database = database
        self._load = load
        self.queue = queue

    def exchange(self, owner: str, ended: Sequence[tuple[Job, Ending]], most: int) -> list[Job]:
        """Write down what ended and claim up to `most` new jobs, in one transaction if in any."""
        now = self._world.clock()
        claims_none = most <= 0 if ended else not self._is_due(now, most)
        if claims_none and all(ending.is_written for _job, ending in ended):
            for job, ending in ended:
                job.tell(ending, ending.state)
            return []
        with self._database.write() as connection:
            states = [
                endings.write_down(connection, self.queue, ending, now, self._world.dice)
                for _job, ending in ended
            ]
            claims = self.queue.claim(connection, owner, now, most) if most > 0 else ()
        for (job, ending), state in zip(ended, states, strict=True):
            job.tell(ending, state)
        if not claims:
            return []
        with self._database.read() as connection:
            return self._load(self._world, connection, claims)

    def renew(self, claims: Sequence[Claim]) -> None:
        """Keep claims that take long."""
        if claims:
            with self._database.write() as connection:
                self.queue.renew(connection, claims, self._world.clock())

    def next_at(self) -> datetime | None:
        """Give the instant at which a claim may find something; None while nothing waits."""
        with self._database.read() as connection:
            return self.queue.next_at(connection)

    def _is_due(self, now: datetime, most: int) -> bool:
        if most <= 0:
            return False
        with self._database.read() as connection:
            return self.queue.is_due(connection, now)


def inbox_desk(world: World) -> Desk:
    """Where deliveries arrive."""
    return Desk(world, world.inbox, inbox.queue, _deliveries)


def task_desk(world: World) -> Desk:
    """Where our own tasks arrive."""
    return Desk(world, world.app, tasks.queue, _tasks)


def _deliveries(world: World, connection: Connection, claims: Sequence[Claim]) -> list[Job]:
    found = ((claim, inbox.load(connection, claim.id)) for claim in claims)
    return [_delivery_job(world, claim, delivery) for claim, delivery in found if delivery]


def _delivery_job(world: World, claim: Claim, delivery: Delivery) -> Job:
    def do() -> Ending:
        return handle_delivery(world, claim, delivery)

    def tell(ending: Ending, state: str) -> None:
        tell_delivery(world, delivery, claim.attempts, state, ending.note)

    return Job(claim, do, tell)


def tell_delivery(
    world: World, delivery: Delivery, attempt: int, state: str, note: str | None
) -> None:
    """Log and count what became of a delivery in one attempt."""
    event = delivery.event if delivery.event in KINDS else "other"
    world.meters.count("deliveries_handled", event=event, outcome=state)
    if state == "quarantined":
        world.meters.count("deliveries_quarantined", reason=note or "unknown")
    _count_failure(world, "inbox", state, note)
    log.log(
        logging.ERROR if state == "dead" else logging.INFO,
        "delivery handled",
        extra={
            "delivery": delivery.guid,
            "event": delivery.event,
            "entity": delivery.entity,
            "attempt": attempt,
            "outcome": state,
            "reason": note,
        },
    )


def _count_failure(world: World, queue: str, state: str, note: str | None) -> None:
    if state == "dead":
        world.meters.count("dead", queue=queue)
    elif state == "due" and note:
        world.meters.count("retries", queue=queue)


def _tasks(world: World, connection: Connection, claims: Sequence[Claim]) -> list[Job]:
    found = tasks.load(connection, [claim.id for claim in claims])
    return [_task_job(world, claim, found[claim.id]) for claim in claims]


def _task_job(world: World, claim: Claim, task: tasks.Kept) -> Job:
    def do() -> Ending:
        return handle_task(world, claim, task)

    def tell(ending: Ending, state: str) -> None:
        outcome = "done" if state == "kept" else state
        world.meters.count("tasks_handled", task=task.name, outcome=outcome)
        _count_failure(world, "tasks", state, ending.note)
        log.log(
            logging.ERROR if state == "dead" else logging.INFO,
            "task handled",
            extra={
                "task": task.name,
                "entity": claim.entity,
                "attempt": claim.attempts,
                "outcome": outcome,
                "reason": ending.note,
            },
        )

    return Job(claim, do, tell)
