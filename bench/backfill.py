"""The silent reading of older requests: how many calls and seconds it takes, through two crashes."""

import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select

from bot import repositories, running, tasks
from bot.handling import World
from bot.roadmap.tables import backfill, ballot, request, vote
from bot.sandbox.seed import CONFIGURATION, Garden, seed
from bot.sandbox.server import Sandbox
from bot.worker import Worker
from core import migrations
from core.clock import system_clock
from core.context import Task
from core.db import Database
from core.github import Repo
from core.pygithub.app import App
from core.queue import LEASE

NAME = "backfill"
HELP = "calls and seconds to read 2,340 issues with 412 requests and 6,900 votes, killed twice"
ISSUES, REQUESTS, VOTES, PEOPLE = 2_340, 412, 6_900, 1_000
ALLOWED_CALLS = 5_000
ROADMAP = "\n[roadmap]\nvotes_per_person = 0\n"


def run(_arguments: list[str]) -> dict[str, object]:
    """Read it, twice killed; then read it again, which is to change nothing."""
    running.register_handlers()
    now = [system_clock()]
    with tempfile.TemporaryDirectory() as folder, Sandbox.start(clock=lambda: now[0]) as sandbox:
        garden = seed(sandbox)
        _plant(sandbox, garden, random.Random(51))
        place = _Place(Path(folder), sandbox, garden, now)
        began = time.perf_counter()
        with sandbox.counted() as seen:
            place.begin("first")
            for turns in (30, 30):
                place.work(turns)
                place.kill()
            place.work()
        seconds, first = time.perf_counter() - began, place.counts()
        place.begin("second")
        place.work()
        result: dict[str, object] = {
            "requests": first[0],
            "votes": first[1],
            "calls": len(seen),
            "allowed_calls": ALLOWED_CALLS,
            "comments": sum(call.method == "POST" and "/comments" in call.path for call in seen),
            "seconds": round(seconds, 1),
            "second_run_changes": place.counts() != first,
            "violations": len(sandbox.violations),
        }
        place.close()
        return result


def _plant(sandbox: Sandbox, garden: Garden, dice: random.Random) -> None:
    world, repo = sandbox.world, garden.repo
    crowd = [world.account(f"person-{number}", id=50_000 + number) for number in range(PEOPLE)]
    wanted = set(dice.sample(range(ISSUES), REQUESTS))
    found = [
        world.open_issue(
            repo, garden.ada, f"Wish {number}", labels=["request"] if number in wanted else []
        )
        for number in range(ISSUES)
    ]
    requests = [issue for number, issue in enumerate(found) if number in wanted]
    given = 0
    while given < VOTES:
        issue, who = dice.choice(requests), dice.choice(crowd)
        before = len(issue.reactions)
        world.react(issue, who)
        given += len(issue.reactions) - before
    files = {".github/potluck.toml": CONFIGURATION + ROADMAP}
    world.commit(repo, "main", message="Set up", author=garden.mara, files=files)
    world.push(repo, "main", garden.mara)


class _Place:
    """A worker whose clock can be turned, on SQLite as it comes."""

    def __init__(
        self, folder: Path, sandbox: Sandbox, garden: Garden, now: list[datetime]
    ) -> None:
        self.app = Database(f"sqlite:///{folder}/potluck.db")
        self.inbox = Database(f"sqlite:///{folder}/inbox.db")
        migrations.upgrade(self.app, frozenset({"app"}))
        migrations.upgrade(self.inbox, frozenset({"inbox"}))
        self._sandbox, self._garden, self._lives = sandbox, garden, 0
        self._now = now
        self._live()

    def clock(self) -> datetime:
        return self._now[0]

    def _live(self) -> None:
        sandbox = self._sandbox
        github = App(sandbox.api_url, sandbox.app_id, sandbox.private_key, self.clock)
        world = World(
            app=self.app,
            inbox=self.inbox,
            clock=self.clock,
            github=github.github,
            github_app=github,
            public_url="http://127.0.0.1:8000",
        )
        self._lives += 1
        self.worker = Worker(world, f"worker-{self._lives}")

    def begin(self, key: str) -> None:
        """Learn of the repository and its rules, and forget that it was read."""
        repo, installation = self._garden.repo, self._garden.installation
        known = Repo(repo.id, repo.full_name, installation.id)
        with self.app.write() as connection:
            repositories.note_repo(connection, known, self.clock())
            connection.execute(delete(backfill))
            for name in ("reload_rules", "sweep_votes"):
                about = {"repo_id": repo.id}
                due_at = self.clock() + timedelta(milliseconds=len(name))
                tasks.put(connection, Task(name, f"{name}:{key}", due_at, "b", about), due_at)

    def work(self, turns: int | None = None) -> None:
        """Do all that is to be done, or so much of it."""
        while turns is None or turns > 0:
            due_at = self.worker.next_at()
            if due_at is None:
                return
            self._now[0] = max(due_at, self.clock())
            self.worker.work(1)
            turns = None if turns is None else turns - 1

    def kill(self) -> None:
        """Lose what is in hand, as a process does that is killed; another one begins."""
        for desk in self.worker.desks:
            desk.exchange(f"worker-{self._lives}", (), 1)
        self._live()
        self._now[0] += LEASE + timedelta(seconds=1)

    def counts(self) -> tuple[int, ...]:
        """Give how many requests, votes and acts there are."""
        with self.app.read() as connection:
            return tuple(
                connection.scalar(select(func.count()).select_from(table)) or 0
                for table in (request, vote, ballot)
            )

    def close(self) -> None:
        """Let go of the databases."""
        self.app.close()
        self.inbox.close()
