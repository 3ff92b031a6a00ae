"""Webhooks as GitHub sends them: signed, once each, remembered attempt by attempt.

GitHub never tries again by itself; `redeliver` is what a person, or the App, asks for.
"""

import contextlib
import hashlib
import hmac
import http.client
import random
import socket
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.records import App
from bot.sandbox.state import Event, State

LONGEST_ANSWER = 10.0
LONGEST_WAIT = 60.0
ATTEMPTS_KEPT = 5_000
KEPT_OF_ANSWER = 10_000

Answer = tuple[int, Mapping[str, str], bytes]
Post = Callable[[str, Mapping[str, str], bytes], Answer]
"""Posts (url, headers, body) and gives status, headers and body of the answer."""


@dataclass(frozen=True)
class Delivery:
    """One webhook on its way. A redelivery has the same `guid` and the same bytes."""

    guid: str
    event: Event
    redelivery: bool = False

    @property
    def body(self) -> bytes:
        """What is sent."""
        return self.event.body


@dataclass(frozen=True)
class Attempt:
    """One try to deliver: `status` is `OK` or says what went wrong, as GitHub words it."""

    id: int
    delivery: Delivery
    delivered_at: datetime
    duration: float
    status: str
    status_code: int
    request_headers: Mapping[str, str]
    response_headers: Mapping[str, str]
    response_body: str


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a webhook over HTTP; raises OSError or TimeoutError."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    with contextlib.closing(kind(parts.hostname or "", parts.port, timeout=LONGEST_ANSWER)) as to:
        to.request("POST", parts.path or "/", body, dict(headers))
        answer = to.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read(KEPT_OF_ANSWER)


class Hooks:
    """The queue of webhooks and the log of attempts.

    With `live` a thread delivers at once. Otherwise nothing is sent until `deliver_all`.
    `post` may be replaced by anything that takes a delivery, such as a test client.
    """

    def __init__(self, state: State) -> None:
        """Listen to the world."""
        self.state = state
        self.post: Post = post
        self.attempts: deque[Attempt] = deque(maxlen=ATTEMPTS_KEPT)
        self._queue: deque[Delivery] = deque()
        self._ready = threading.Condition()
        self._held = False
        self._dropping = 0
        self._losing = 0
        self._copies = 1
        self._stopped = False
        state.on_event = self.event

    def event(self, event: Event) -> None:
        """Queue what an App is to be told."""
        if event.app.hook_url is None:
            return
        guid = str(uuid.uuid1())
        with self._ready:
            if self._losing:
                self._losing -= 1
                return
            self._queue.extend([Delivery(guid, event)] * self._copies)
            self._ready.notify_all()

    @property
    def waiting(self) -> tuple[Delivery, ...]:
        """What is queued and not yet tried."""
        with self._ready:
            return tuple(self._queue)

    def hold(self) -> None:
        """Keep everything back until `release`."""
        self._held = True

    def release(self) -> None:
        """Let what was held go."""
        with self._ready:
            self._held = False
            self._ready.notify_all()

    def drop(self, times: int = 1) -> None:
        """Let the next attempts fail to connect: recorded, never received."""
        self._dropping = times

    def lose(self, times: int = 1) -> None:
        """Let the next events vanish without any attempt, as happens on GitHub's bad days."""
        self._losing = times

    def duplicate(self, copies: int = 2) -> None:
        """Send every further event so many times under one id; 1 is normal."""
        self._copies = copies

    def shuffle(self, seed: int) -> None:
        """Put what waits into another order."""
        with self._ready:
            waiting = list(self._queue)
            random.Random(seed).shuffle(waiting)
            self._queue = deque(waiting)

    def redeliver(self, attempt: Attempt) -> None:
        """Ask for one attempt again, under its own id."""
        before = attempt.delivery
        with self._ready:
            self._queue.append(Delivery(before.guid, before.event, redelivery=True))
            self._ready.notify_all()

    def deliver_all(self) -> list[Attempt]:
        """Try everything that waits, now, on this thread, and give the attempts."""
        made = []
        while not self._held:
            with self._ready:
                if not self._queue:
                    break
                delivery = self._queue.popleft()
            made.append(self._attempt(delivery))
        return made

    def start(self) -> None:
        """Deliver from now on as things happen, beginning when somebody listens there."""
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Deliver nothing more."""
        with self._ready:
            self._stopped = True
            self._ready.notify_all()

    def _run(self) -> None:
        # The service starts beside the sandbox; its first event should not meet a closed door.
        until = time.monotonic() + LONGEST_WAIT
        while not self._heard() and time.monotonic() < until and not self._stopped:
            time.sleep(0.1)
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._stopped or (self._queue and not self._held))
                if self._stopped:
                    return
                delivery = self._queue.popleft()
            self._attempt(delivery)

    def _heard(self) -> bool:
        for app in list(self.state.apps.values()):
            parts = urlsplit(app.hook_url or "")
            address = (parts.hostname or "", parts.port or 80)
            with contextlib.suppress(OSError), socket.create_connection(address, timeout=1):
                return True
        return False

    def _attempt(self, delivery: Delivery) -> Attempt:
        headers = signed_headers(delivery)
        began, at = time.monotonic(), self.state.clock()
        status, code, answer = self._outcome(delivery, headers)
        attempt = Attempt(
            id=self.state.new_id(),
            delivery=delivery,
            delivered_at=at,
            duration=round(time.monotonic() - began, 3),
            status=status,
            status_code=code,
            request_headers=headers,
            response_headers=answer[1],
            response_body=answer[2].decode("utf-8", "replace"),
        )
        self.attempts.append(attempt)
        return attempt

    def _outcome(
        self, delivery: Delivery, headers: Mapping[str, str]
    ) -> tuple[str, int, tuple[int, Mapping[str, str], bytes]]:
        nothing: Answer = (0, {}, b"")
        if self._dropping:
            self._dropping -= 1
            return "failed to connect to host", 502, nothing
        try:
            answer = self.post(delivery.event.app.hook_url or "", headers, delivery.body)
        except TimeoutError:
            return "timed out", 504, nothing
        except (OSError, http.client.HTTPException):
            return "failed to connect to host", 502, nothing
        code = answer[0]
        good = 200 <= code < 300
        return ("OK" if good else f"Invalid HTTP Response: {code}"), code, answer


def signed_headers(delivery: Delivery) -> dict[str, str]:
    """Make the headers of a delivery, as GitHub sends them."""
    app: App = delivery.event.app
    secret, body = app.webhook_secret.encode(), delivery.body
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/sandbox",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event.name,
        "X-GitHub-Hook-ID": str(app.hook_id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature": "sha1=" + hmac.new(secret, body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
    }


def log_entry(attempt: Attempt) -> dict[str, Any]:
    """Give an attempt as GitHub's list of deliveries has it."""
    event = attempt.delivery.event
    return {
        "id": attempt.id,
        "guid": attempt.delivery.guid,
        "delivered_at": attempt.delivered_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "redelivery": attempt.delivery.redelivery,
        "duration": attempt.duration,
        "status": attempt.status,
        "status_code": attempt.status_code,
        "event": event.name,
        "action": event.action,
        "installation_id": event.installation_id,
        "repository_id": event.repository_id,
        "throttled_at": None,
    }
