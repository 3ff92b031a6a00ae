"""The worker as it runs: hands side by side, and an end that finishes what was begun."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import func, select

from bot.handling import World
from bot.sandbox.seed import Garden, seed
from bot.sandbox.server import Sandbox
from bot.worker import HANDS, Worker
from core.clock import system_clock
from core.context import Context
from core.db import Database
from core.pygithub.app import App
from tests import programs
from tests.workshop import bare_router
from webhooks import inbox
from webhooks.arrivals import Arrival
from webhooks.deliveries import delivery, pack
from webhooks.events import CommentWritten
from webhooks.router import on


class Place:
    """Two databases, and a sandbox whose webhooks go straight into the inbox; time is real."""

    def __init__(self, urls: tuple[str, str], sandbox: Sandbox) -> None:
        self.urls = urls
        self.app, self.inbox = Database(urls[0]), Database(urls[1])
        self.sandbox = sandbox
        sandbox.webhook_url = "http://127.0.0.1/webhooks/github"
        sandbox.hooks.post = self._keep
        self.garden: Garden = seed(sandbox)

    def _keep(self, _url: str, headers: object, body: bytes) -> tuple[int, dict[str, str], bytes]:
        given = dict(headers)  # type: ignore[call-overload] - a mapping, as the sandbox sends it
        guid, event = given["X-GitHub-Delivery"], given["X-GitHub-Event"]
        arrival = Arrival("github", guid, event, "application/json", body, system_clock())
        with self.inbox.write() as connection:
            inbox.store(connection, [pack(arrival)])
        return 202, {}, b""

    def count(self, *states: str) -> int:
        with self.inbox.read() as connection:
            query = select(func.count()).where(delivery.c.state.in_(states))
            return connection.scalar(query) or 0

    def worker(self, hands: int = HANDS, owner: str = "me") -> Worker:
        github = App(
            self.sandbox.api_url, self.sandbox.app_id, self.sandbox.private_key, system_clock
        )
        world = World(
            self.app, self.inbox, system_clock, github.github, github, "http://potluck.test"
        )
        return Worker(world, owner, hands)

    def comments(self, number: int) -> None:
        """Let somebody write that many comments, each a delivery of its own thread."""
        for count in range(number):
            pull = self.sandbox.world.propose(self.garden.repo, self.garden.ada, {"x": str(count)})
            self.sandbox.world.comment(pull, self.garden.bo, f"comment {count}")
        self.sandbox.deliver_all()


@pytest.fixture
def place(databases: tuple[str, str]) -> Iterator[Place]:
    with bare_router(), Sandbox.start() as sandbox:
        made = Place(databases, sandbox)
        yield made
        made.app.close()
        made.inbox.close()


@contextmanager
def at_work(worker: Worker) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_a_delivery_that_hangs_keeps_nobody_waiting(place: Place) -> None:
    released = threading.Event()

    @on(CommentWritten)
    def hang(event: CommentWritten, _ctx: Context) -> None:
        if event.body in {"comment 0", "comment 1"}:
            released.wait(20)

    place.comments(30)
    with at_work(place.worker()):
        try:
            until(lambda: place.count("done") == 28)
            assert place.count("running") == 2
        finally:
            released.set()
        until(lambda: place.count("done") == 30)


def test_the_end_finishes_what_was_begun_and_gives_the_rest_back_untried(place: Place) -> None:
    begun, released = threading.Semaphore(0), threading.Event()

    @on(CommentWritten)
    def slow(_event: CommentWritten, _ctx: Context) -> None:
        begun.release()
        released.wait(20)

    place.comments(8)
    with at_work(place.worker(hands=2)) as stop:
        for _ in range(2):
            assert begun.acquire(timeout=15)
        until(lambda: place.count("running") == 4)
        stop.set()
        until(lambda: place.count("running") == 2)
        released.set()

    assert (place.count("done"), place.count("due"), place.count("running")) == (2, 6, 0)
    with place.inbox.read() as connection:
        due = delivery.c.state == "due"
        assert set(connection.scalars(select(delivery.c.attempts).where(due))) == {0}


def test_a_database_that_is_away_for_a_while_stops_nobody_for_good(place: Place) -> None:
    @on(CommentWritten)
    def fine(_event: CommentWritten, _ctx: Context) -> None:
        return None

    worker = place.worker()
    whole, broken = worker.sort, [True]

    def sort() -> int:
        if broken[0]:
            broken[0] = False
            raise OSError("the database is away")
        return whole()

    worker.sort = sort  # type: ignore[method-assign] - stands for the outage
    place.comments(1)
    with at_work(worker):
        until(lambda: place.count("done") == 1)
    assert not broken[0]


def test_several_workers_share_the_work_and_never_a_thread(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    handled: list[int] = []
    at_once: dict[int, int] = {}
    collisions = []

    @on(CommentWritten)
    def hear(event: CommentWritten, _ctx: Context) -> None:
        at_once[event.number] = at_once.get(event.number, 0) + 1
        if at_once[event.number] > 1:
            collisions.append(event.comment_id)
        time.sleep(0.005)  # time enough for somebody else to get in between
        handled.append(event.comment_id)
        at_once[event.number] -= 1

    world, garden = place.sandbox.world, place.garden
    pulls = [world.propose(garden.repo, garden.ada, {"x": str(n)}) for n in range(3)]
    ids = [world.comment(pull, garden.bo, f"{n}").id for n in range(25) for pull in pulls]
    place.sandbox.deliver_all()
    with ExitStack() as stack:
        for name in ("one", "two", "three"):
            stack.enter_context(at_work(place.worker(hands=4, owner=name)))
        until(lambda: place.count("done") == len(ids), 30)

    assert collisions == []
    assert sorted(handled) == sorted(ids)
    assert caplog.records == []  # nobody had to be turned away by the database


def test_workers_that_are_killed_lose_nothing_and_double_nothing(place: Place) -> None:
    world = place.sandbox.world
    pulls = []
    for number in range(4):
        owner = world.organization(f"org-{number}")
        repo = world.repository(owner, f"shed-{number}", files={"README.md": "#\n"})
        world.install(repo)
        pulls += [world.propose(repo, place.garden.ada, {"x": str(n)}) for n in range(3)]
    place.sandbox.deliver_all()
    given = {
        "app": place.urls[0],
        "inbox": place.urls[1],
        "api_url": place.sandbox.api_url,
        "app_id": place.sandbox.app_id,
        "private_key": place.sandbox.private_key,
    }
    for commented in (1, 4, 7, 12):
        with programs.started("work", given):
            until(lambda: sum(len(pull.comments) for pull in pulls) >= commented, 30)  # noqa: B023 - used at once

    assert [len(pull.comments) for pull in pulls] == [1] * 12
    assert place.sandbox.violations == []


def test_the_worker_ends_within_ten_seconds_of_being_told(place: Place, tmp_path: object) -> None:
    environment = {
        "PATH": os.defpath,
        "DATABASE_URL": place.urls[0],
        "INBOX_DATABASE_URL": place.urls[1],
        "POTLUCK_VAR": str(tmp_path),
        "GITHUB_API_URL": place.sandbox.api_url,
        "GITHUB_APP_ID": str(place.sandbox.app_id),
        "GITHUB_APP_PRIVATE_KEY": place.sandbox.private_key,
        "GITHUB_WEBHOOK_SECRET": place.sandbox.webhook_secret,
    }
    place.sandbox.deliver_all()
    waiting = place.count("received")
    command = [sys.executable, "-m", "bot", "worker"]
    with subprocess.Popen(command, cwd=programs.ROOT, env=environment) as process:
        until(lambda: place.count("received") < waiting, 30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    assert place.count("running") == 0
