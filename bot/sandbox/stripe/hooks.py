"""Webhooks as Stripe sends them: signed with their time, tried again, in no promised order.

https://docs.stripe.com/webhooks: the same event may come twice and out of order, and comes again
for three days while nobody takes it.
"""

import contextlib
import hashlib
import hmac
import http.client
import json
import logging
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox.hooks import Post, post
from bot.sandbox.stripe.bank import Bank, Json

log = logging.getLogger(__name__)

MOST_TRIES = 16
LONGEST_WAIT_S = 60.0
RETRY_S = 1.0


@dataclass(frozen=True)
class Delivery:
    """One event on its way for the `tries`-th time."""

    event: Json
    tries: int = 0

    @property
    def body(self) -> bytes:
        """What is sent: the same bytes each time."""
        return json.dumps(self.event, separators=(",", ":"), ensure_ascii=False).encode()


class Hooks:
    """The queue of events for one endpoint; `post` may be replaced by a test's own."""

    def __init__(self, bank: Bank, url: str | None, secret: str) -> None:
        """Send to `url` what happens at the bank from now on."""
        self.bank = bank
        self.url = url
        self.secret = secret
        self.post: Post = post
        self._queue: deque[Delivery] = deque()
        self._ready = threading.Condition()
        self._stopped = False
        self._losing = 0
        self._copies = 1
        bank.on_event = self.event

    def event(self, event: Json) -> None:
        """Queue an event."""
        if self.url is None:
            return
        with self._ready:
            if self._losing:
                self._losing -= 1
                return
            self._queue.extend([Delivery(event)] * self._copies)
            self._ready.notify_all()

    @property
    def waiting(self) -> tuple[Json, ...]:
        """Give the events that wait."""
        with self._ready:
            return tuple(one.event for one in self._queue)

    def lose(self, times: int = 1) -> None:
        """Let the next events vanish: they are only found in the list of events."""
        self._losing = times

    def duplicate(self, copies: int = 2) -> None:
        """Send every further event so many times; 1 is normal."""
        self._copies = copies

    def shuffle(self, seed: int) -> None:
        """Put what waits into another order."""
        with self._ready:
            waiting = list(self._queue)
            random.Random(seed).shuffle(waiting)
            self._queue = deque(waiting)

    def again(self, event: Json) -> None:
        """Send an event once more, as the dashboard's button does."""
        with self._ready:
            self._queue.append(Delivery(event))
            self._ready.notify_all()

    def deliver_all(self) -> list[int]:
        """Try everything that waits, once, and give the statuses; 0 where nobody answered."""
        with self._ready:
            waiting, self._queue = list(self._queue), deque()
        return [self._try(one) for one in waiting]

    def start(self) -> None:
        """Deliver from now on as things happen, beginning when somebody listens there."""
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Deliver nothing more."""
        with self._ready:
            self._stopped = True
            self._ready.notify_all()

    def _run(self) -> None:
        until = time.monotonic() + LONGEST_WAIT_S
        while not self._heard() and time.monotonic() < until and not self._stopped:
            time.sleep(0.1)
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._stopped or self._queue, timeout=RETRY_S)
                if self._stopped:
                    return
            self.bank.turn()
            self.deliver_all()

    def _heard(self) -> bool:
        parts = urlsplit(self.url or "")
        address = (parts.hostname or "", parts.port or 80)
        with contextlib.suppress(OSError), socket.create_connection(address, timeout=1):
            return True
        return False

    def _try(self, delivery: Delivery) -> int:
        headers = signed(delivery.body, self.secret, self.bank.now)
        try:
            status = self.post(self.url or "", headers, delivery.body)[0]
        except (OSError, http.client.HTTPException):
            status = 0
        if not 200 <= status < 300 and delivery.tries + 1 < MOST_TRIES:
            with self._ready:
                self._queue.append(Delivery(delivery.event, delivery.tries + 1))
        return status


def signed(body: bytes, secret: str, at: int) -> Mapping[str, str]:
    """Make the headers of a delivery, https://docs.stripe.com/webhooks/signature."""
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return {
        "Accept": "*/*; q=0.5, application/xml",
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": f"t={at},v1={digest}",
    }
