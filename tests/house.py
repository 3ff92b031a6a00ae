"""The house: everything real but time. A sandbox GitHub, the door over HTTP, worker and sender.

`house.settle()` lets everything happen that can happen: webhooks are delivered, sorted, handled,
writes are sent; and when all that is left is waiting, the one clock of service and sandbox is
turned to the next instant at which something may go on. Nothing sleeps, nothing is random.

    def test_a_signature_turns_the_check_green(house: House) -> None:
        pull = house.propose(house.garden.ada)
        house.settle()
        assert house.check(pull).conclusion == "action_required"
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pytest

from bot import running, tasks
from bot.app import create_app
from bot.breaker import Breaker
from bot.handling import World
from bot.meters import Meters
from bot.sandbox.records import Account, CheckRun, PullRequest
from bot.sandbox.seed import Garden, seed
from bot.sandbox.server import Sandbox
from bot.sandbox.state import Seen
from bot.sender import Sender
from bot.server import Web
from bot.server import running as serving
from bot.worker import Worker
from core.config import Settings, load
from core.context import Task
from core.pygithub.app import App
from tests import post
from tests.economy import rest, thrifty
from tests.rounds import Rounds

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MOMENT = timedelta(milliseconds=10)
LONGEST = timedelta(days=2)
CHECK = "potluck/cla"


class Restless(AssertionError):
    """The house did not come to rest: something goes on for ever."""


class House:
    """One Potluck and one GitHub, in one process."""

    def __init__(self, settings: Settings, sandbox: Sandbox, now: list[datetime]) -> None:
        """Use `House.open` instead."""
        self.settings = settings
        self.sandbox = sandbox
        self.world = sandbox.world
        self._now = now
        self.app = thrifty(settings.database_url)
        self.inbox = thrifty(settings.inbox_database_url)
        self.url = ""
        self.garden: Garden
        self._lives = 0
        self.delivered = 0
        self.rounds = Rounds(self.clock)
        self.restart()

    def restart(self) -> None:
        """Begin a new life of the worker's process: nothing but the databases is remembered."""
        assert self.settings.github
        self._lives += 1
        self.meters, self.breaker = Meters(), Breaker()
        self.github = running.github_app(self.settings.github, self.clock, self.meters)
        world = World(
            app=self.app,
            inbox=self.inbox,
            clock=self.clock,
            github=self.github.github,
            github_app=self.github,
            public_url=self.settings.public_url,
            github_url=self.settings.github.web_url,
            signs_in=True,
            secret_key=self.settings.secret_key,
            is_local=True,
            processor=running.processor(self.settings),
            breaker=self.breaker,
            meters=self.meters,
            dice=random.Random(self._lives),
        )
        self.worker = Worker(world, f"worker-{self._lives}")
        self.sender = self.new_sender(self.github, f"sender-{self._lives}")

    def new_sender(self, github: App, owner: str) -> Sender:
        """Make one more sender, as another process would have it."""
        dice = random.Random(self._lives)
        return Sender(self.app, github.perform, self.clock, owner, self.breaker, self.meters, dice)

    @property
    def now(self) -> datetime:
        """The present instant, for everybody."""
        return self._now[0]

    def clock(self) -> datetime:
        """Give the present instant."""
        return self._now[0]

    def advance(self, span: timedelta) -> None:
        """Let time pass; nothing else happens."""
        self._now[0] += span

    @cached_property
    def pages(self) -> Any:
        """The Flask application."""
        return create_app(self.settings, self.app, self.inbox, self.clock)

    def _lazy_pages(self, environ: Any, start: Any) -> Any:
        return self.pages.wsgi_app(environ, start)

    @classmethod
    @contextmanager
    def open(cls, urls: tuple[str, str], folder: Path) -> Iterator[Self]:
        """Open a house on two migrated databases, with the sandbox's garden in its world."""
        now = [START]
        with ExitStack() as stack:
            sandbox = stack.enter_context(Sandbox.start(clock=lambda: now[0]))
            given = _surroundings(urls, folder, sandbox) | cls._neighbours(stack, now)
            house = cls(load(given), sandbox, now)
            stack.callback(rest, house.app)
            stack.callback(rest, house.inbox)
            web = Web(house.settings, house._lazy_pages, house.inbox, house.clock)
            house.url = stack.enter_context(serving(web, parting_s=0))
            sandbox.webhook_url = f"{house.url}/webhooks/github"
            house.garden = seed(sandbox)
            yield house

    @classmethod
    def _neighbours(cls, stack: ExitStack, now: list[datetime]) -> dict[str, str]:
        """Start what else stands beside the house, and say how it is reached."""
        return {}

    def settle(self, longest: timedelta = LONGEST) -> None:
        """Let everything happen that can, waiting included, until nothing is left to happen."""
        ends_at = self.now + longest
        self.rounds.forget()
        while True:
            self._happen()
            next_at = self._next_at()
            if next_at is None:
                return
            if next_at > ends_at:
                raise Restless(f"still waiting for {next_at.isoformat()}")
            self._now[0] = max(next_at, self.now + MOMENT)

    def happen(self) -> None:
        """Let everything happen that can happen at this instant."""
        self.rounds.forget()
        self._happen()

    def next_at(self) -> datetime | None:
        """Give the next instant at which something may go on by itself."""
        self.rounds.forget()
        return self._next_at()

    def _happen(self) -> None:
        for _ in range(10_000):
            moved = len(self.sandbox.deliver_all())
            self.delivered += moved
            # To be sorted nothing comes but by the door, which stores it past our hands.
            moved += self.rounds.step("sorter", self.delivered, self.worker.sort)
            moved += self.rounds.step("worker", self._writes, self.worker.work)
            if not moved and not self.rounds.step("sender", self.app.writes, self.sender.step):
                return
        raise Restless("this instant does not end")

    def _next_at(self) -> datetime | None:
        self.rounds.next_at("sorter", self.delivered, lambda: None)
        worker = self.rounds.next_at("worker", self._writes, self.worker.next_at)
        sender = self.rounds.next_at("sender", self.app.writes, self.sender.next_at)
        return sooner(worker, sender)

    @property
    def _writes(self) -> tuple[int, int]:
        return self.app.writes, self.inbox.writes

    def tick(self, name: str) -> None:
        """Put a task as the schedule would, now."""
        key = f"tick:{name}:{self.now.isoformat()}"
        with self.app.write() as connection:
            tasks.put(connection, Task(name, key, self.now, entity=f"tick:{name}"), self.now)

    def deliver(self, event: str, payload: Any, guid: str | None = None) -> int:
        """Send a delivery that the sandbox would not send, well signed; gives the status."""
        return post.signed(
            self.url + "/webhooks/github", self.sandbox.webhook_secret, event, payload, guid
        )

    def propose(self, author: Account, **more: Any) -> PullRequest:
        """Open a pull request against the garden."""
        files = more.pop("files", {f"{author.login}.md": "# New\n"})
        return self.world.propose(self.garden.repo, author, files, **more)

    def checks(self, pull: PullRequest, sha: str | None = None) -> list[CheckRun]:
        """Give our check runs on a commit (the pull request's head), newest first."""
        runs = self.world.runs_at(pull.repo, sha or pull.head_sha)
        return [run for run in runs if run.name == CHECK]

    def check(self, pull: PullRequest, sha: str | None = None) -> CheckRun:
        """Give our newest check run on the head; fails if there is none."""
        found = self.checks(pull, sha)
        assert found, f"no {CHECK} on {sha or pull.head_sha}"
        return found[0]

    def comments(self, pull: PullRequest) -> list[str]:
        """Give what the bot says on a pull request, oldest first."""
        return [comment.body for comment in pull.comments if comment.app is not None]

    @contextmanager
    def calls(self) -> Iterator[list[Seen]]:
        """Collect the calls of GitHub's API that are made inside a `with`."""
        with self.sandbox.counted() as seen:
            yield seen


def sooner(*instants: datetime | None) -> datetime | None:
    """Give the earliest of those that there are."""
    return min((instant for instant in instants if instant), default=None)


def _surroundings(urls: tuple[str, str], folder: Path, sandbox: Sandbox) -> dict[str, str]:
    return {
        "DATABASE_URL": urls[0],
        "INBOX_DATABASE_URL": urls[1],
        "POTLUCK_VAR": str(folder / "var"),
        "GITHUB_API_URL": sandbox.api_url,
        "GITHUB_APP_ID": str(sandbox.app_id),
        "GITHUB_APP_PRIVATE_KEY": sandbox.private_key,
        "GITHUB_WEBHOOK_SECRET": sandbox.webhook_secret,
        "GITHUB_CLIENT_ID": sandbox.app.client_id,
        "GITHUB_CLIENT_SECRET": sandbox.app.client_secret,
    }


@pytest.fixture
def house(databases: tuple[str, str], tmp_path: Path) -> Iterator[House]:
    """A house with everything that the product does; GitHub's limits must never be broken."""
    running.register_handlers()
    with House.open(databases, tmp_path) as opened:
        yield opened
        assert opened.sandbox.violations == []
