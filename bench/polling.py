"""A place where people vote: the sandbox and the door over HTTP, one worker, a clock that is turned."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot import running, tasks
from bot.handling import World
from bot.roadmap import facts, store, voting
from bot.roadmap.rules import Choice
from bot.roadmap.tables import request, supporter
from bot.roadmap.voting import Click
from bot.sandbox.records import Issue
from bot.sandbox.seed import CONFIGURATION, Garden, seed
from bot.sandbox.server import Sandbox
from bot.server import Web
from bot.server import running as serving
from bot.worker import Worker
from core import migrations
from core.clock import system_clock
from core.config import Settings, load
from core.context import Task
from core.db import Database
from core.pygithub.app import App

ROADMAP = "\n[roadmap]\nvotes_per_person = 0\nyoung_account_days = 0\n"
RULES = ".github/potluck.toml"


class Polling:
    """Everything real but time, on SQLite as it comes; nothing is written to GitHub."""

    def __init__(
        self, sandbox: Sandbox, apps: tuple[Database, Database], now: list[datetime]
    ) -> None:
        """Use `open` instead."""
        self.sandbox = sandbox
        self.world = sandbox.world
        self.app, self.inbox = apps
        self._now = now
        self.garden: Garden
        self.worker: Worker

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator["Polling"]:
        """Open a place whose garden has a roadmap without a limit of votes."""
        running.register_handlers()
        now = [system_clock().replace(microsecond=0)]
        with ExitStack() as stack:
            sandbox = stack.enter_context(Sandbox.start(clock=lambda: now[0]))
            apps = (
                Database(f"sqlite:///{folder}/potluck.db"),
                Database(f"sqlite:///{folder}/in.db"),
            )
            for database, part in zip(apps, ("app", "inbox"), strict=True):
                migrations.upgrade(database, frozenset({part}))
                stack.callback(database.close)
            place = cls(sandbox, apps, now)
            settings = _settings(sandbox, apps, folder)
            github = App(sandbox.api_url, sandbox.app_id, sandbox.private_key, place.clock)
            world = World(
                app=apps[0],
                inbox=apps[1],
                clock=place.clock,
                github=github.github,
                github_app=github,
                public_url=settings.public_url,
            )
            place.worker = Worker(world, "worker")
            web = Web(settings, lambda _environ, _start: [], apps[1], place.clock)
            url = stack.enter_context(serving(web, parting_s=0))
            sandbox.webhook_url = f"{url}/webhooks/github"
            place.garden = seed(sandbox)
            place._switch_on()
            yield place

    def _switch_on(self) -> None:
        files = {RULES: CONFIGURATION + ROADMAP}
        repo, mara = self.garden.repo, self.garden.mara
        self.world.commit(repo, "main", message="Set up", author=mara, files=files)
        self.world.push(repo, "main", mara)
        self.happen()

    def clock(self) -> datetime:
        """Give the present instant."""
        return self._now[0]

    def advance(self, span: timedelta) -> None:
        """Let time pass."""
        self._now[0] += span

    def happen(self) -> None:
        """Let the worker do all that is to be done, its waiting included."""
        while True:
            while self.sandbox.deliver_all() or self.worker.sort() or self.worker.work():
                pass
            due_at = self.worker.next_at()
            if due_at is None:
                return
            self._now[0] = max(due_at, self.clock() + timedelta(milliseconds=10))

    def sweep(self) -> None:
        """Look at the reactions, as every five minutes."""
        key = f"sweep:{self.clock().isoformat()}"
        with self.app.write() as connection:
            task = Task("sweep_votes", key, self.clock(), entity="sweep")
            tasks.put(connection, task, self.clock())
        self.happen()

    def click(self, issue: Issue, github_id: int) -> bool | None:
        """Press the one button that the request's page offers; says whether that votes for it."""
        with self.app.write() as connection:
            asked = store.by_number(connection, issue.repo.id, issue.number)
            if asked is None:
                return None
            own = facts.own_votes(connection, asked.root_id, github_id)
            choice: Choice = "withdrawn" if own else "for"
            given = Click(github_id, choice, voting.token(), self.clock())
            voting.click(connection, asked, given)
        return not own

    def voters(self, issue: Issue) -> tuple[set[int], int]:
        """Give whose votes count for a request, and how many the page says."""
        with self.app.read() as connection:
            asked = store.by_number(connection, issue.repo.id, issue.number)
            if asked is None:
                return set(), -1
            who = select(supporter.c.github_id).where(supporter.c.root_id == asked.id)
            number = select(request.c.supporters).where(request.c.id == asked.id)
            return set(connection.scalars(who)), connection.scalar(number) or 0


def _settings(sandbox: Sandbox, apps: tuple[Database, Database], folder: Path) -> Settings:
    return load(
        {
            "DATABASE_URL": apps[0].url,
            "INBOX_DATABASE_URL": apps[1].url,
            "SECRET_KEY": secrets.token_hex(32),
            "POTLUCK_VAR": str(folder / "var"),
            "GITHUB_API_URL": sandbox.api_url,
            "GITHUB_APP_ID": str(sandbox.app_id),
            "GITHUB_APP_PRIVATE_KEY": sandbox.private_key,
            "GITHUB_WEBHOOK_SECRET": sandbox.webhook_secret,
            "GITHUB_CLIENT_ID": sandbox.app.client_id,
            "GITHUB_CLIENT_SECRET": sandbox.app.client_secret,
        }
    )
