"""The worker alone: deliveries that concern nobody handled to the end, with little and much history."""

import json
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from bot import running
from bot.handling import World
from bot.meters import Meters
from bot.sandbox.seed import Garden, seed
from bot.sandbox.server import Sandbox
from bot.worker import Worker
from core import migrations
from core.clock import system_clock
from core.db import Database
from core.pygithub.app import App
from webhooks import inbox
from webhooks.arrivals import Arrival
from webhooks.deliveries import delivery, pack

NAME = "worker"
HELP = "deliveries a second handled to the end, and the cost of one at 300,000 stored vs 10,000"
SMALL, LARGE = 10_000, 300_000
DELIVERIES = 2_000
ROUNDS = 9
THREADS = 50
KEPT_BYTES = 2_300
"""What a payload of 21 kB takes in the inbox."""

HISTORY = """
INSERT INTO delivery (source, guid, event, content_type, received_at, body, body_sha256, state,
                      entity, due_at, attempts, fence, finished_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
SELECT 'github', 'history-' || i, 'issue_comment', 'application/json', :at, randomblob(:bytes),
       hex(randomblob(32)), CASE i % 3 WHEN 0 THEN 'ignored' ELSE 'done' END,
       'thread:7:' || (i % 5000), :at, 1, 1, :at FROM n
"""
PROCESSED = """
INSERT INTO processed (source, guid, at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
SELECT 'github', 'history-' || i, :at FROM n
"""


class Shop:
    """A worker with a history of `rows` deliveries, on SQLite as it comes."""

    def __init__(self, folder: Path, rows: int, sandbox: Sandbox) -> None:
        self.app = Database(f"sqlite:///{folder}/{rows}.db")
        self.inbox = Database(f"sqlite:///{folder}/{rows}-inbox.db")
        migrations.upgrade(self.app, frozenset({"app"}))
        migrations.upgrade(self.inbox, frozenset({"inbox"}))
        at = (system_clock() - timedelta(days=2)).replace(tzinfo=None).isoformat(" ")
        with self.inbox.write() as connection:
            connection.execute(text(HISTORY), {"rows": rows, "at": at, "bytes": KEPT_BYTES})
        with self.app.write() as connection:
            connection.execute(text(PROCESSED), {"rows": rows, "at": at})
        meters = Meters()
        github = App(
            sandbox.api_url, sandbox.app_id, sandbox.private_key, system_clock, meters.observe
        )
        self.world = World(
            self.app,
            self.inbox,
            system_clock,
            github.github,
            github,
            "http://potluck.test",
            meters=meters,
        )

    def take_in(self, bodies: list[tuple[str, bytes]], count: int) -> None:
        """Store deliveries as the door does."""
        now = system_clock()
        packed = []
        for number in range(count):
            event, body = bodies[number % len(bodies)]
            guid = str(uuid.uuid4())
            packed.append(pack(Arrival("github", guid, event, "application/json", body, now)))
        with self.inbox.write() as connection:
            inbox.store(connection, packed)

    def unfinished(self) -> int:
        """Count what is not handled to the end."""
        with self.inbox.read() as connection:
            return sum(inbox.census(connection).unfinished.values())

    def handle(self, bodies: list[tuple[str, bytes]], count: int) -> float:
        """Give the seconds in which `count` deliveries that wait are handled."""
        self.take_in(bodies, count)
        stop = threading.Event()
        worker = threading.Thread(target=Worker(self.world, uuid.uuid4().hex).run, args=(stop,))
        began = time.perf_counter()
        worker.start()
        while self.unfinished():
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        stop.set()
        worker.join()
        return seconds


def payloads(sandbox: Sandbox, garden: Garden) -> Iterator[tuple[str, bytes]]:
    """Make real-sized deliveries of the kinds that come most and ask nothing of us."""
    world = sandbox.world
    for number in range(THREADS):
        pull = world.propose(garden.repo, garden.ada, {"x": str(number)})
        world.comment(pull, garden.bo, "Looks good to me, thank you.")
    changes: dict[str, dict[str, Any]] = {
        "pull_request": {"action": "labeled"},
        "push": {"ref": "refs/heads/topic"},
        "issue_comment": {},
    }
    for waiting in sandbox.hooks.waiting:
        name = waiting.event.name
        if name in changes:
            payload = json.loads(waiting.body) | changes[name]
            yield name, json.dumps(payload).encode()
            yield "workflow_run", json.dumps(payload).encode()


def run(arguments: list[str]) -> dict[str, object]:
    """Handle deliveries in turns with little and with much history; give medians of the rounds and pairs."""
    count = int(arguments[0]) if arguments else DELIVERIES
    running.register_handlers()
    sizes = (SMALL, LARGE)
    seconds: dict[int, list[float]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as folder, Sandbox.start() as sandbox:
        sandbox.webhook_url = "http://127.0.0.1/webhooks/github"
        bodies = list(payloads(sandbox, seed(sandbox)))
        shops = {size: Shop(Path(folder), size, sandbox) for size in sizes}
        for shop in shops.values():
            shop.handle(bodies, len(bodies))
        for number in range(ROUNDS):
            # In turns, each side first every other time: whatever else the machine does hits both.
            for size in sizes if number % 2 else reversed(sizes):
                seconds[size].append(shops[size].handle(bodies, count))
        outcomes = _outcomes(shops[LARGE])
    pairs = [one / other for one, other in zip(seconds[LARGE], seconds[SMALL], strict=True)]
    small, large = (statistics.median(seconds[size]) for size in sizes)
    return {
        "per_second": round(count / large),
        "required_per_second": 300,
        "ms_each_at_10000": round(1000 * small / count, 3),
        "ms_each_at_300000": round(1000 * large / count, 3),
        "ratio": round(statistics.median(pairs), 3),
        "allowed_ratio": 1.2,
        "body_bytes": round(statistics.mean(len(body) for _, body in bodies)),
        "outcomes": outcomes,
    }


def _outcomes(shop: Shop) -> dict[str, int]:
    query = (
        select(delivery.c.state, func.count().label("count"))
        .where(delivery.c.guid.not_like("history-%"))
        .group_by(delivery.c.state)
    )
    with shop.inbox.read() as connection:
        return {row.state: row[1] for row in connection.execute(query)}
