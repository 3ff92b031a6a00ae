"""The worker: sorts what arrived, handles what is due, and keeps its promises when it ends.

Every step can be taken singly (`sort`, `work`); `run` takes them for ever, with several hands
at once. Any number of workers may share the databases.
"""

import logging
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.desks import Desk, inbox_desk, task_desk, tell_delivery
from bot.endings import Ending
from bot.handling import World, read
from bot.hands import Assigned, Hands
from core.queue import LEASE
from webhooks import inbox
from webhooks.deliveries import Delivery
from webhooks.inbox import Sorted
from webhooks.payloads import Ignored, Misfit

log = logging.getLogger(__name__)

HANDS = 8
BATCH = 32
SORTED_AT_ONCE = 100
IDLE_S = 0.1
RECOVER_S = 1.0
FLUSH_EVERY = timedelta(seconds=5)
RENEW_EVERY = LEASE / 4
LONGEST_HANDLING = timedelta(minutes=10)
LAST_WORDS_S = 8.0


class Worker:
    """One worker over both databases."""

    def __init__(self, world: World, owner: str, hands: int = HANDS) -> None:
        """Work as `owner`, a name that no other worker has."""
        self.world = world
        self._owner = owner
        self._hands = hands
        self.desks = (inbox_desk(world), task_desk(world))
        self._under_way: dict[Assigned, datetime] = {}
        self._ended: list[tuple[Assigned, Ending]] = []
        self._renewed_at = self._flushed_at = world.clock()

    def sort(self) -> int:
        """Look into deliveries that have arrived; says into how many."""
        with self.world.inbox.read() as connection:
            arrived = inbox.received(connection, SORTED_AT_ONCE)
        if not arrived:
            return 0
        found = [(delivery, _sorted(delivery)) for delivery in arrived]
        with self.world.inbox.write() as connection:
            inbox.sort(connection, [decision for _, decision in found], self.world.clock())
        for delivery, decision in found:
            if decision.state != "due":
                tell_delivery(self.world, delivery, 0, decision.state, decision.note)
        return len(arrived)

    def work(self, most: int = BATCH) -> int:
        """Handle what is due at each desk, one after the other; says how much that was."""
        number = 0
        for desk in self.desks:
            jobs = desk.exchange(self._owner, (), most)
            desk.exchange(self._owner, [(job, job.do()) for job in jobs], 0)
            number += len(jobs)
        return number

    def next_at(self) -> datetime | None:
        """Give the instant at which `work` may find something; None while nothing waits."""
        instants = [desk.next_at() for desk in self.desks]
        return min((instant for instant in instants if instant), default=None)

    def run(self, stop: threading.Event) -> None:
        """Sort and work until told to stop; then end what was begun, within seconds."""
        hands = Hands(self._hands)
        while not stop.is_set():
            try:
                if not self._turn(hands):
                    hands.wait(IDLE_S)
            except Exception:
                # A database that is away comes back; leases keep what we had in hand.
                log.exception("worker could not go on")
                stop.wait(RECOVER_S)
        self._end(hands)

    def _turn(self, hands: Hands) -> int:
        moved = self.sort()
        for desk in self.desks:
            moved += self._serve(desk, hands)
        self._keep_up()
        return moved

    def _serve(self, desk: Desk, hands: Hands) -> int:
        self._ended += hands.collect()
        ended = [(one.job, ending) for one, ending in self._ended if one.desk is desk]
        busy = sum(one.desk is desk for one in self._under_way) - len(ended)
        jobs = desk.exchange(self._owner, ended, max(0, 2 * self._hands - busy))
        # Only now is it written down: had it failed, it would be tried again.
        self._forget(one for one, _ in self._ended if one.desk is desk)
        for job in jobs:
            assigned = Assigned(desk, job)
            self._under_way[assigned] = self.world.clock()
            hands.give(assigned)
        return len(ended) + len(jobs)

    def _forget(self, ended: Iterable[Assigned]) -> None:
        gone = set(ended)
        self._ended = [(one, ending) for one, ending in self._ended if one not in gone]
        for one in gone:
            self._under_way.pop(one, None)

    def _keep_up(self) -> None:
        now = self.world.clock()
        if now - self._renewed_at >= RENEW_EVERY:
            self._renewed_at = now
            for desk in self.desks:
                desk.renew(
                    [
                        one.job.claim
                        for one, since in self._under_way.items()
                        if one.desk is desk and now - since < LONGEST_HANDLING
                    ]
                )
        if now - self._flushed_at >= FLUSH_EVERY:
            self._flushed_at = now
            self.world.meters.flush(self.world.app, now)

    def _end(self, hands: Hands) -> None:
        now = self.world.clock()
        for one in hands.stop():
            self._ended.append((one, Ending(one.job.claim, "postponed", "worker ended", now)))
        self._put_down()
        patience = time.monotonic() + LAST_WORDS_S
        while self._under_way and time.monotonic() < patience:
            hands.wait(IDLE_S)
            self._ended += hands.collect()
            self._put_down()
        self.world.meters.flush(self.world.app, self.world.clock())

    def _put_down(self) -> None:
        for desk in self.desks:
            ended = [(one.job, ending) for one, ending in self._ended if one.desk is desk]
            desk.exchange(self._owner, ended, 0)
        self._forget([one for one, _ in self._ended])


def _sorted(delivery: Delivery) -> Sorted:
    try:
        event = read(delivery)
    except Misfit as misfit:
        return Sorted(delivery.id, "quarantined", note=str(misfit))
    if isinstance(event, Ignored):
        return Sorted(delivery.id, "ignored", note=event.reason)
    return Sorted(delivery.id, "due", entity=event.entity)
