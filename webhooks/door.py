"""The doors: read a request within bounds, judge it, keep it, and only then answer 202.

A door is an application of granian's RSGI beside the pages, not inside them; why, and what it
saves, is told in docs/decisions/0002. Nothing is parsed here.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from time import perf_counter

from core import metrics
from core.clock import Clock
from webhooks import arrivals
from webhooks.arrivals import Envelope, Refusal, Source
from webhooks.deliveries import Packed, pack
from webhooks.patience import Patience
from webhooks.reading import Budget, Reading
from webhooks.rsgi import Exchange, Scope
from webhooks.signatures import Body
from webhooks.writer import Full, NotStored, Writer

log = logging.getLogger(__name__)

Pages = Callable[[Scope, Exchange], Awaitable[None]]

SMALL = 64 * 1024
"""Bodies up to here are read and judged at once; larger ones share a budget and use a thread."""

STORE_WITHIN_S = 2.0
LINES_PER_MINUTE = 20
RETRY_AFTER_S = 10
LONGEST_LENGTH = 18
"""Digits of a Content-Length that we read."""

# Looking a label up takes longer than counting.
_received = cache(metrics.received.labels)
_ack_seconds = cache(metrics.ack_seconds.labels)

_JSON = ("content-type", "application/json")
_ANSWERS = {outcome: f'{{"outcome": "{outcome}"}}\n'.encode() for outcome in ("stored", "known")}


@dataclass(frozen=True)
class Kept:
    """A delivery that the disk has; `outcome` is `stored`, or `known` if it had it before."""

    guid: str
    event: str
    outcome: str


class Door:
    """Answers the paths of `sources` itself and hands everything else to `pages`."""

    def __init__(
        self, writer: Writer, sources: Mapping[str, Source | str], pages: Pages, clock: Clock
    ) -> None:
        """Open a door at each path; a mere name stands for a source that is not set up."""
        self._writer = writer
        self._sources = dict(sources)
        self._pages = pages
        self._clock = clock
        self._budget = Budget()
        self._patience = Patience()
        self._lines = Lines()
        self._unsaid: list[dict[str, object]] = []

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """Serve one request."""
        source = self._sources.get(scope.path)
        if source is None:
            await self._pages(scope, exchange)
            return
        began = perf_counter()
        reading = Reading(exchange, self._patience)
        outcome = await self._receive(scope, reading, source)
        name = source if isinstance(source, str) else source.name
        if isinstance(outcome, Kept):
            exchange.response_bytes(202, [_JSON], _ANSWERS[outcome.outcome])
            self._note(name, outcome, perf_counter() - began)
            return
        _refuse(exchange, outcome, keep_open=reading.ended)
        self._note_refusal(name, outcome, began)
        if not reading.began:
            await reading.drain()

    async def _receive(
        self, scope: Scope, reading: Reading, source: Source | str
    ) -> Kept | Refusal:
        if scope.method != "POST":
            return arrivals.NOT_POST
        if isinstance(source, str):
            return arrivals.not_set_up(source)
        length = _declared(scope.headers.get("content-length"))
        if length is None:
            return await reading.unannounced()
        if length > arrivals.CAP:
            return arrivals.TOO_LARGE
        envelope = source.expect(scope.headers.get)
        if isinstance(envelope, Refusal):
            return envelope
        if length > SMALL:
            packed = await self._large(reading, length, envelope)
        else:
            body = await reading.small(length)
            packed = body if isinstance(body, Refusal) else self._judge(envelope, body)
        return packed if isinstance(packed, Refusal) else await self._keep(packed)

    async def _large(self, reading: Reading, length: int, envelope: Envelope) -> Packed | Refusal:
        with self._budget.hold() as hold:
            body = await reading.large(length, hold)
            if isinstance(body, Refusal):
                return body
            # Tens of milliseconds of arithmetic, during which other requests are served.
            return await asyncio.to_thread(self._judge, envelope, body)

    def _judge(self, envelope: Envelope, body: Body) -> Packed | Refusal:
        arrival = envelope.open(body, self._clock())
        return arrival if isinstance(arrival, Refusal) else pack(arrival)

    async def _keep(self, packed: Packed) -> Kept | Refusal:
        try:
            stored = self._writer.submit(packed)
            fresh = await self._patience.wait(stored, STORE_WITHIN_S)
        except (TimeoutError, NotStored, Full):
            return arrivals.NOT_STORED
        return Kept(packed.guid, packed.event, "stored" if fresh else "known")

    def _note(self, name: str, kept: Kept, seconds: float) -> None:
        _received(name, kept.outcome).inc()
        _ack_seconds(name).observe(seconds)
        # What one commit has made durable is answered together, and written down together.
        if not self._unsaid:
            asyncio.get_running_loop().call_soon(self._say)
        self._unsaid.append(
            {
                "delivery": kept.guid,
                "event": kept.event,
                "outcome": kept.outcome,
                "status": 202,
                "seconds": round(seconds, 4),
            }
        )

    def _say(self) -> None:
        log.info("delivery accepted", extra={"each": self._unsaid})
        self._unsaid = []

    def _note_refusal(self, name: str, refusal: Refusal, now: float) -> None:
        metrics.refused.labels(name, refusal.reason).inc()
        unsaid = self._lines.allow(refusal.reason, now)
        if unsaid is not None:
            fields = {"outcome": "refused", "status": refusal.status, "reason": refusal.reason}
            log.warning("delivery refused", extra=fields | {"path": name, "count": unsaid or None})


class Lines:
    """Lets a few log lines a minute through for each reason: a flood must not fill the disk too."""

    def __init__(self, most: int = LINES_PER_MINUTE) -> None:
        """Allow `most` in each minute."""
        self._most = most
        self._minute = 0
        self._said: Counter[str] = Counter()
        self._unsaid: Counter[str] = Counter()

    def allow(self, reason: str, now: float) -> int | None:
        """Give how many lines were kept back since the last one, or None to keep this one back.

        `now` is in seconds of any clock that does not jump.
        """
        minute = int(now // 60)
        if minute != self._minute:
            self._minute = minute
            self._said.clear()
        if self._said[reason] >= self._most:
            self._unsaid[reason] += 1
            return None
        self._said[reason] += 1
        return self._unsaid.pop(reason, 0)


def _declared(value: str | None) -> int | None:
    if value is None or not value.isascii() or not value.isdecimal():
        return None
    return int(value[:LONGEST_LENGTH])


def _refuse(exchange: Exchange, refusal: Refusal, *, keep_open: bool) -> None:
    headers = [_JSON]
    if not keep_open:
        headers.append(("connection", "close"))
    if refusal.status == arrivals.NOT_STORED.status:
        headers.append(("retry-after", str(RETRY_AFTER_S)))
    if refusal is arrivals.NOT_POST:
        headers.append(("allow", "POST"))
    exchange.response_str(refusal.status, headers, json.dumps({"error": refusal.sentence}) + "\n")
