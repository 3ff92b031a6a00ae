"""The copies of repositories that audits read: one for each, fetched by one at a time, tidied."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from bot.audit.shelf import place_of, table_of
from core.clone_settings import CloneSettings
from core.context import Context
from core.git.fetching import Source, fetch

UNUSED_FOR = timedelta(days=14)
MOST_PACKS = 100
"""Each fetch adds one; with many of them git becomes slow, and the copy is made anew."""


class Clones:
    """All copies under one folder; findings about them stand beside it."""

    def __init__(self, settings: CloneSettings) -> None:
        """Keep them where the settings say."""
        self._settings = settings

    def at(self, repo_id: int) -> Path:
        """Give where the copy of a repository is, or will be."""
        return self._settings.folder / f"{repo_id}.git"

    def shelf(self, repo_id: int) -> Path:
        """Give the file of what was found out about it."""
        folder = self._settings.folder.parent / "audit"
        folder.mkdir(parents=True, exist_ok=True)
        return place_of(folder, self.at(repo_id))

    def fetch(self, repo_id: int, source: Source, refs: Sequence[str], now: datetime) -> Path:
        """Bring references here and give where they are. Raises `core.git.GitFailed`."""
        clone = self.at(repo_id)
        with self._alone(repo_id):
            if sum(1 for _ in clone.glob("objects/pack/*.pack")) > MOST_PACKS:
                shutil.rmtree(clone)
            bounds, told = self._settings.bounds, self._settings.surroundings
            fetch(clone, source, refs, bounds, told)
            os.utime(clone, (now.timestamp(), now.timestamp()))
        return clone

    def tidy(self, known: frozenset[int], now: datetime) -> int:
        """Delete what nobody used lately, and what is of repositories that are no longer ours."""
        gone = 0
        for clone in sorted(self._settings.folder.glob("*.git")):
            number = int(clone.stem) if clone.stem.isdecimal() else 0
            used_at = clone.stat().st_mtime
            if number in known and used_at > (now - UNUSED_FOR).timestamp():
                continue
            with self._alone(number):
                shutil.rmtree(clone, ignore_errors=True)
            shelf = self.shelf(number)
            for file in (shelf, table_of(shelf)):  # what was found out names people, too
                file.unlink(missing_ok=True)
            gone += 1
        return gone

    @contextmanager
    def _alone(self, repo_id: int) -> Iterator[None]:
        # Between processes too: the lock is the file's, and ends with whoever holds it.
        self._settings.folder.mkdir(parents=True, exist_ok=True)
        with (self._settings.folder / f"{repo_id}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def of(ctx: Context) -> Clones | None:
    """Give the copies where an event is handled; None where nothing is looked at by itself."""
    return cast("Clones | None", ctx.clones)
