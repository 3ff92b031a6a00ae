"""A load generator that costs little: signed deliveries over kept connections, at a rate or flat out."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from typing import cast

from bench.payloads import Signed

CONNECTIONS = 64
HEAD = (
    "POST /webhooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/bench\r\n"
    "Content-Type: application/json\r\nX-GitHub-Event: issue_comment\r\n"
    "X-GitHub-Delivery: {guid}\r\nX-Hub-Signature-256: {signature}\r\nContent-Length: {length}\r\n\r\n"
)
WRONG = "sha256=" + "0" * 64


@dataclass(frozen=True)
class Shot:
    """One request: its delivery id, its bytes, and whether it must be refused."""

    guid: str
    data: bytes
    bad: bool = False


@dataclass
class Report:
    """What came back: latencies in seconds from when each request was due."""

    seconds: list[float] = field(default_factory=list)
    acked: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0

    def count(self, shot: Shot, status: int, seconds: float) -> None:
        """Take down one answer."""
        self.seconds.append(seconds)
        self.statuses[status] += 1
        if status == 202:
            self.acked.add(shot.guid)
        self.wrong += (status == 202) == shot.bad

    def percentiles(self) -> dict[str, float]:
        """Give p50, p99 and p99.9 in milliseconds."""
        ordered = sorted(self.seconds)
        return {
            f"p{share}_ms": round(ordered[int(len(ordered) * share / 100)] * 1000, 2)
            for share in (50, 99, 99.9)
        }


def shots(
    bodies: list[Signed], run: str, again: float = 0.0, bad: float = 0.0, seed: int = 7
) -> Iterator[Shot]:
    """Give requests without end; a share of them comes `again`, a share is badly signed."""
    dice = random.Random(seed)
    known = [f"{run}-0"]
    for number in count():
        guid, is_bad = f"{run}-{number}", dice.random() < bad
        if dice.random() < again:
            guid = dice.choice(known)
        signed = bodies[number % len(bodies)]
        signature = WRONG if is_bad else signed.signature
        head = HEAD.format(guid=guid, signature=signature, length=len(signed.body))
        yield Shot(guid, head.encode() + signed.body, is_bad)
        if not is_bad:
            known[number % 500 : number % 500 + 1] = [guid]


class Wire(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[int] | None = None
        self._got = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, data: bytes) -> "asyncio.Future[int]":
        """Send a request; the future gives the status."""
        assert self._transport
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Look for the end of the answer."""
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
        if end and len(body) >= length and self._answer and not self._answer.done():
            self._got = b""
            self._answer.set_result(int(head[9:12]))

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell whoever waits."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("the server has gone"))

    def close(self) -> None:
        """End the connection."""
        assert self._transport
        self._transport.close()


async def connect(port: int) -> Wire:
    """Open a connection."""
    loop = asyncio.get_running_loop()
    _transport, wire = await loop.create_connection(Wire, "127.0.0.1", port)
    return wire


async def at_rate(port: int, rate: float, seconds: float, source: Iterator[Shot]) -> Report:
    """Send at a steady rate, whether or not answers come (an open loop)."""
    loop = asyncio.get_running_loop()
    free = [await connect(port) for _ in range(CONNECTIONS)]
    report = Report()

    async def send(shot: Shot, due: float) -> None:
        wire = free.pop() if free else await connect(port)
        status = await wire.ask(shot.data)
        report.count(shot, status, perf_counter() - due)
        free.append(wire)

    began = perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        shot, due = next(source), began + number / rate
        await asyncio.sleep(max(0, due - perf_counter()))
        tasks.append(loop.create_task(send(shot, due)))
    await asyncio.gather(*tasks)
    for wire in free:
        wire.close()
    return report


async def flat_out(
    port: int, connections: int, source: Iterator[Shot], goes_on: Callable[[Report], bool]
) -> Report:
    """Send as fast as answers come on each connection (a closed loop), until told or cut off."""
    report = Report()

    async def send() -> None:
        try:
            wire = await connect(port)
            while goes_on(report):
                shot, began = next(source), perf_counter()
                report.count(shot, await wire.ask(shot.data), perf_counter() - began)
            wire.close()
        except OSError:
            return

    await asyncio.gather(*(send() for _ in range(connections)))
    return report
