"""The cashier: makes the calls to the processor that wait, and lets what came of them be looked at.

As with writes to GitHub, two short transactions stand around one call. Where its outcome is
unknown it is made again under the same key, and the processor gives the first answer again.
"""

import logging
import random
import threading
from datetime import datetime

from sqlalchemy import Connection

from bot import tasks
from core.clock import Clock
from core.context import Task
from core.db import Database
from core.queue import Claim, Finish
from donations import calls
from donations.asked import Done
from donations.calls import Kept, queue, stripe_call
from donations.processor import Away, Declined, Locked, Processor, ProcessorError, Rejected

log = logging.getLogger(__name__)

IDLE_S = 0.2
RECOVER_S = 1.0
FORGOTTEN = "whether it happened is unknown, and its key may be forgotten: `potluck calls show`"


class Cashier:
    """Steps through the calls; any number of cashiers, in any number of processes, may do so."""

    def __init__(
        self,
        database: Database,
        processor: Processor,
        clock: Clock,
        owner: str,
        dice: random.Random | None = None,
    ) -> None:
        """Call `processor`; `owner` names one thread."""
        self._database = database
        self._processor = processor
        self._clock = clock
        self._owner = owner
        self._dice = dice or random.Random()  # noqa: S311 - jitter is no secret

    def step(self, effect_key: str = "") -> bool:
        """Make one call that is due (or the one with this key); False if there is none."""
        now = self._clock()
        only = stripe_call.c.effect_key == effect_key if effect_key else None
        with self._database.read() as connection:
            if not queue.is_due(connection, now):
                return False
        with self._database.write() as connection:
            claims = queue.claim(connection, self._owner, now, 1, only)
            if not claims:
                return False
            kept = calls.load(connection, claims[0])
            may_try = calls.may_try(connection, claims[0], kept, now)
            if not may_try:
                queue.finish(connection, now, Finish(claims[0], "dead", FORGOTTEN))
        if may_try:
            self._make(claims[0], kept)
        else:
            _tell(kept, "dead", Away(FORGOTTEN))
        return True

    def next_at(self) -> datetime | None:
        """Give the instant at which a step may be worth while; None while nothing waits."""
        with self._database.read() as connection:
            return queue.next_at(connection)

    def run(self, stop: threading.Event) -> None:
        """Step until told to stop."""
        while not stop.is_set():
            try:
                if not self.step():
                    stop.wait(IDLE_S)
            except Exception:
                # A database that is away comes back; leases keep what we had in hand.
                log.exception("cashier could not go on")
                stop.wait(RECOVER_S)

    def _make(self, claim: Claim, kept: Kept) -> None:
        done: Done | None = None
        error: Exception | None = None
        try:
            done = self._processor.perform(kept.call, kept.key)
        except Exception as caught:  # noqa: BLE001 - this is where calls fail
            error = caught
        now = self._clock()
        with self._database.write() as connection:
            if not queue.holds(connection, claim):
                return
            if done is not None:
                outcome = _done(connection, claim, kept, done, now)
            else:
                outcome = self._failed(connection, claim, kept, error, now)
        _tell(kept, outcome, error)

    def _failed(
        self,
        connection: Connection,
        claim: Claim,
        kept: Kept,
        error: Exception | None,
        now: datetime,
    ) -> str:
        if isinstance(error, Declined | Rejected):
            code = "authentication_required" if _asks(error) else error.code
            calls.refused(connection, claim, code)
            queue.finish(connection, now, Finish(claim, "failed", code))
            key = f"stripe_call_refused:{kept.effect_key}:{kept.refusals + 1}"
            about = {"key": kept.effect_key}
            wanted = Task("stripe_call_refused", key, now, kept.call.about, about)
            tasks.put(connection, wanted, now)
            return "refused"
        said = str(error) if isinstance(error, ProcessorError) else type(error).__name__
        return queue.fail(connection, claim, now, said, self._dice)


def _done(connection: Connection, claim: Claim, kept: Kept, done: Done, now: datetime) -> str:
    calls.succeeded(connection, claim, done.object_id, done.url)
    queue.finish(connection, now, Finish(claim))
    if kept.result:
        key = f"look_at_stripe:{kept.effect_key}:{kept.id}"
        about = {"kind": kept.result, "id": done.object_id}
        entity = f"stripe:{done.object_id}"
        tasks.put(connection, Task("look_at_stripe", key, now, entity, about), now)
    return "done"


def _asks(error: Declined | Rejected) -> bool:
    return isinstance(error, Declined) and error.asks


def _tell(kept: Kept, outcome: str, error: Exception | None) -> None:
    alarming = outcome == "dead" or isinstance(error, Locked)
    log.log(
        logging.ERROR if alarming else logging.INFO,
        "call made" if error is None else "call not made",
        extra={
            "call": kept.effect_key,
            "kind": type(kept.call).__name__,
            "outcome": outcome,
            "reason": type(error).__name__ if error else None,
        },
    )
