"""A house whose worker looks at every line by itself: it clones from the sandbox with real git."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import running
from bot.audit import certificates, runs, stated
from bot.audit.clones import Clones
from bot.audit.stated import Stated
from bot.worker import Worker
from core import clone_settings
from licensing.audit.targets import COMMERCIAL
from tests.house import House

BASE = """
language = "en"
[agreement]
mode = "cla"
version = "1.0"
outbound = "any_plus_original"
[audit]
"""
LICENCE = '[[licence]]\nid = "AGPL-3.0-only"\n'
OFFERED = 'offered = ["AGPL-3.0-only"]\n'


class Looks(House):
    """What a house has whose worker keeps copies of repositories."""

    def restart(self) -> None:
        """Begin a new life, with the copies that are on the disk."""
        super().restart()
        self.clones = Clones(clone_settings.read({}, self.settings.var))
        world = replace(self.worker.world, clones=self.clones)
        self.worker = Worker(world, f"looker-{self._lives}")

    def state(self, commit: str) -> str:
        """How it stands with a commit."""
        with self.app.read() as connection:
            return certificates.state(connection, self.garden.repo.id, commit, COMMERCIAL)

    def certificate(self, commit: str) -> certificates.Certificate | None:
        """The fresh certificate of a commit."""
        with self.app.read() as connection:
            place = (self.garden.repo.id, commit, COMMERCIAL)
            return certificates.fresh(connection, *place)

    def run(self, what: str = runs.TIP) -> runs.Run:
        """How far an audit is."""
        with self.app.read() as connection:
            found = runs.of(connection, self.garden.repo.id, what)
        assert found is not None
        return found

    def record(self, text: str) -> None:
        """Let Mara state something about the garden."""
        garden = self.garden
        files = {"audit.toml": text.encode()}
        act = Stated(garden.mara.id, "It is written in the minutes.", "", self.now, files)
        with self.app.write() as connection:
            stated.record(connection, garden.repo.id, act, self.now)

    def owned(self) -> str:
        """Say that what is there belongs to Mara and the organisation."""
        owners = (self.garden.mara.id, self.garden.repo.owner.id)
        return "".join(f"[[owner]]\nperson = {one}\n" for one in owners)

    @property
    def tip(self) -> str:
        """The tip of the default branch."""
        return self.garden.repo.branches["main"]


@pytest.fixture
def looking(databases: tuple[str, str], tmp_path: Path) -> Iterator[Looks]:
    """A house that looks by itself; GitHub's limits must never be broken."""
    running.register_handlers()
    with Looks.open(databases, tmp_path) as opened:
        yield opened
        assert opened.sandbox.violations == []
