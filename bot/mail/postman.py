"""The postman: carries mails that wait. Two short transactions stand around each delivery.

Whoever is killed between them leaves a lease that runs out, and the mail goes once more, as the
same mail: at least once, under one Message-ID, by which readers' programs show it once.
"""

import logging
import random
import threading
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.mail import late, outgoing
from bot.mail.smtp import Bounced, Carry, NotTaken
from bot.mail.tables import mail, queue
from bot.mail.writing import STOPPED_BY, Sender, message
from core.clock import Clock
from core.db import Database
from core.queue import Claim, Finish

log = logging.getLogger(__name__)

IDLE_S = 0.5
RECOVER_S = 1.0
PATIENCE = timedelta(hours=1)
"""So long a mail waits for the bank to say where its reader is."""

SHORTEST_WAIT = timedelta(seconds=10)


class Postman:
    """Steps through the mails; any number of postmen, in any number of processes, may do so."""

    def __init__(
        self,
        database: Database,
        carry: Carry | None,
        sender: Sender,
        clock: Clock,
        owner: str,
        dice: random.Random | None = None,
    ) -> None:
        """Carry by `carry`; None where no server is known: then mails end unsent."""
        self._database = database
        self._carry = carry
        self._sender = sender
        self._clock = clock
        self._owner = owner
        self._dice = dice or random.Random()  # noqa: S311 - jitter is no secret

    def step(self) -> bool:
        """Carry one mail that is due; False if there is none."""
        now = self._clock()
        with self._database.read() as connection:
            if not queue.is_due(connection, now):
                return False
        with self._database.write() as connection:
            claims = queue.claim(connection, self._owner, now, 1)
            if not claims:
                return False
            claim = claims[0]
            kept = connection.execute(select(mail).where(mail.c.id == claim.id)).one()
            row = late.filled(connection, kept)
            address = outgoing.address_of(connection, row)
            why = self._ends(connection, row, address, claim, now)
        if why is None:
            self._bring(claim, row, address)
        elif why:
            _tell(row, why)
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
                log.exception("postman could not go on")
                stop.wait(RECOVER_S)

    def _ends(
        self, connection: Connection, row: Any, address: str, claim: Claim, now: datetime
    ) -> str | None:
        """End what is not to be carried; says how, or nothing (yet), or None where it is to go."""
        if self._carry is None:
            return _end(connection, claim, now, "unsent", "no mail server is set")
        if not address:
            age = now - row.created_at
            if row.gift_id is None or age >= PATIENCE:
                return _end(connection, claim, now, "unsent", "no address is known")
            # The money may be heard of before the page on which it was paid.
            until = now + max(age, SHORTEST_WAIT)
            queue.postpone(connection, claim, until, "no address is known yet")
            return ""
        state, note = _unwanted(connection, row, address)
        return _end(connection, claim, now, state, note) if state else None

    def _bring(self, claim: Claim, row: Any, address: str) -> None:
        error: Exception | None = None
        try:
            if self._carry is not None:
                self._carry(message(row, self._sender, address), address)
        except Exception as caught:  # noqa: BLE001 - this is where deliveries fail
            error = caught
        now = self._clock()
        with self._database.write() as connection:
            if not queue.holds(connection, claim):
                return
            if error is None:
                outgoing.went(connection, row.id, address)
                queue.finish(connection, now, Finish(claim))
                outcome = "done"
            elif isinstance(error, Bounced):
                outgoing.silence(connection, address, "refused", now)
                outcome = _end(connection, claim, now, "refused", str(error))
            else:
                said = str(error) if isinstance(error, NotTaken) else type(error).__name__
                outcome = queue.fail(connection, claim, now, said, self._dice)
        _tell(row, outcome, error)


def _unwanted(connection: Connection, row: Any, address: str) -> tuple[str, str]:
    """Say in which state a mail ends that nobody takes, wants or would learn anything from, and why."""
    if outgoing.is_silent(connection, address, "refused"):
        return "refused", "the address took no mail before"
    stops = STOPPED_BY.get(row.letter, "")
    if stops and outgoing.is_silent(connection, address, stops):
        return "stopped", "they want no such letters"
    if late.is_empty(row):
        return "unsent", "what it tells of was taken back"
    return "", ""


def _end(connection: Connection, claim: Claim, now: datetime, state: str, note: str) -> str:
    queue.finish(connection, now, Finish(claim, state, note))
    return state


def _tell(row: Any, outcome: str, error: Exception | None = None) -> None:
    log.log(
        logging.ERROR if outcome == "dead" else logging.INFO,
        "mail carried" if outcome == "done" else "mail not carried",
        extra={
            "entity": f"mail:{row.id}",
            "task": row.letter,
            "outcome": outcome,
            "reason": type(error).__name__ if error else None,
        },
    )
