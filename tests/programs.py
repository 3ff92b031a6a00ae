"""Programs that tests start as processes of their own, to be killed: `python -m tests.programs`."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import outbound, outbox, tasks
from bot.breaker import Breaker
from bot.handling import World
from bot.meters import Meters
from bot.schedule import Job, Schedule
from bot.sender import Sender
from bot.worker import Worker
from core.clock import system_clock
from core.context import Context, Decide
from core.db import Database
from core.github import Comment
from core.pygithub.app import App
from webhooks import inbox
from webhooks.events import PullRequestChanged
from webhooks.router import on

ROOT = Path(__file__).parent.parent
SHORT = timedelta(seconds=1)


def main() -> None:
    """Run the program that the first argument names, with the JSON object in the second."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    {"schedule": schedule, "work": work}[sys.argv[1]](json.loads(sys.argv[2]), stop)


def schedule(given: dict[str, Any], stop: threading.Event) -> None:
    """Beat every `every_ms` as `owner`, under a lease of `span_ms`, renewed every `renew_ms`."""
    database = Database(given["app"])
    job = Job("beat", timedelta(milliseconds=given["every_ms"]), most_behind=10_000)
    span = timedelta(milliseconds=given["span_ms"])
    leader = Schedule(database, system_clock, given["owner"], (job,), span)
    leader.run(stop, given["renew_ms"] / 1000)
    database.close()


def work(given: dict[str, Any], stop: threading.Event) -> None:
    """Work and send for the sandbox at `api_url`, under leases of a second; greet each thread."""
    inbox.queue.lease = tasks.queue.lease = outbox.queue.lease = outbound.LEASE = SHORT

    @on(PullRequestChanged)
    def greet(event: PullRequestChanged, _ctx: Context) -> Decide:
        return lambda _connection: [Comment(event.repo, event.pull.number, "greeting", "Hello")]

    app, inbox_database = Database(given["app"]), Database(given["inbox"])
    github = App(given["api_url"], given["app_id"], given["private_key"], system_clock)
    world = World(app, inbox_database, system_clock, github.github, github, "http://potluck.test")
    owner = f"{os.getpid()}-{secrets.token_hex(4)}"
    breaker, meters = Breaker(), Meters()
    for number in range(3):
        sender = Sender(app, github.perform, system_clock, f"{owner}-{number}", breaker, meters)
        threading.Thread(target=sender.run, args=(stop,), daemon=True).start()
    Worker(world, owner, hands=4).run(stop)


@contextmanager
def started(name: str, given: dict[str, Any]) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a program; it is killed at the end of the block if it still runs."""
    command = [sys.executable, "-m", "tests.programs", name, json.dumps(given)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    main()
