"""A repository with the App installed, and our adapter speaking to it over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.sandbox.records import PullRequest
from bot.sandbox.server import Sandbox
from core.github import Repo
from core.pygithub.app import App
from core.pygithub.client import Call
from core.pygithub.facts import Installation

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass
class Stage:
    """A repository with the App installed, and our adapter speaking to it."""

    sandbox: Sandbox
    app: App
    repo: Repo
    now: list[datetime]
    calls: list[Call] = field(default_factory=list)

    @property
    def github(self) -> Installation:
        return self.app.github(self.repo)

    def pull(self, commits: int = 1) -> PullRequest:
        world = self.sandbox.world
        ada = world.by_login("ada")
        assert ada is not None
        target = world.find_repository(self.repo.name)
        assert target is not None
        pull = world.propose(target, ada, {"new.txt": "one\n"})
        for number in range(commits - 1):
            world.push_to(pull, files={"new.txt": f"{number}\n"})
        return pull


@pytest.fixture
def stage() -> Iterator[Stage]:
    now = [START]
    calls: list[Call] = []
    with Sandbox.start(clock=lambda: now[0]) as sandbox:
        world = sandbox.world
        owner = world.organization("acme")
        world.account("ada")
        repository = world.repository(owner, "garden", files={"README.md": "Hello\n"})
        installation = world.install(owner, [repository])
        app = App(
            sandbox.api_url, sandbox.app_id, sandbox.private_key, lambda: now[0], calls.append
        )
        repo = Repo(repository.id, "acme/garden", installation.id)
        yield Stage(sandbox, app, repo, now, calls)
