"""What was found out about a clone, kept in a file beside it: dear to find again, and never wrong.

Everything here follows from commits alone, so it holds for ever and for everybody; who granted
what is never kept here. The file is a cache: whoever deletes it loses time. So it is SQLite by
itself, with nothing of the registers' tables, and may lose its last second in a crash.
"""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from bot.audit import packing
from bot.audit.matter import Commit, commit_back, commit_plain
from bot.audit.shelf_tables import FORGOTTEN_TOGETHER, FORM, NAMES, SNAPSHOTS, TABLES
from core.digests import sha256
from core.git import RawCommit, Run
from licensing.audit.files import Looked
from licensing.audit.parts import Line, Part, parts_of, plain, widened

_commit = msgspec.msgpack.Decoder(Commit).decode
_FILES = (
    "SELECT id, path, lines, parts, looked FROM file WHERE id IN (SELECT value FROM json_each(?))"
)
_OLD = "SELECT id FROM snapshot ORDER BY id DESC LIMIT -1 OFFSET ?"


Change = tuple[str, str, tuple[str, str] | None]
"""A commit, a path in it, and the commit and path from which it changed that."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was taken apart; `id` is its place on the shelf.

    `commits` are all from which it has lines. The kinds of its lines are not in `looked`: few want
    to know them (see `Shelf.lines`).
    """

    id: int
    path: str
    lines: int
    parts: tuple[Part, ...]
    commits: list[str]
    looked: Looked


class Shelf:
    """One file of kept findings; several threads may use it, one at a time."""

    def __init__(self, place: Path | str) -> None:
        """Open it, and make it where it is missing or of another form."""
        self._turn = Lock()
        self.table = table_of(place) if isinstance(place, Path) else None
        self._db = sqlite3.connect(place, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        form = self._db.execute("PRAGMA user_version").fetchone()[0]
        if form != FORM:
            self._begin()
        self._db.executescript(TABLES)

    def _begin(self) -> None:
        for table in NAMES:
            self._db.execute(f"DROP TABLE IF EXISTS {table}")
        self._db.executescript(TABLES)
        self._db.execute(f"PRAGMA user_version={FORM}")

    def for_edge(self, shallow: Iterable[str]) -> None:
        """Keep nothing of when the clone had another edge: more history tells more of a line."""
        told = sha256("\n".join(sorted(shallow)).encode())
        rows = self._all("SELECT shallow FROM edge")
        if rows == [(told,)]:
            return
        with self._turn:
            if rows:
                self._begin()
            self._db.execute("INSERT INTO edge VALUES (?)", (told,))

    def tabled(self) -> str:
        """Give the commit for which the table of commits was written last, "" for none."""
        rows = self._all("SELECT seen FROM tabled")
        return str(rows[0][0]) if rows else ""

    def keep_tabled(self, commit: str) -> None:
        """Write that down."""
        with self._turn, self._db:
            self._db.execute("DELETE FROM tabled")
            self._db.execute("INSERT INTO tabled VALUES (?)", (commit,))

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def snapshots(self) -> tuple[str, ...]:
        """Give the commits that were taken apart as a whole, the last one first."""
        rows = self._all("SELECT seen FROM snapshot ORDER BY id DESC")
        return tuple(row[0] for row in rows)

    def snapshot(self, commit: str) -> dict[str, int]:
        """Give the files of a commit that was taken apart: the place of each path."""
        rows = self._all("SELECT files FROM snapshot WHERE seen = ?", commit)
        return packing.as_places(rows[0][0]) if rows else {}

    def keep_snapshot(self, commit: str, files: Mapping[str, int]) -> None:
        """Write down that a whole commit was taken apart; the oldest ones give way."""
        with self._turn, self._db:
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM snapshot WHERE seen = ?", (commit,))
            self._db.execute(
                "INSERT INTO snapshot (seen, files) VALUES (?, ?)",
                (commit, packing.places(files)),
            )
            old = [row[0] for row in self._db.execute(_OLD, (SNAPSHOTS,))]
            if len(old) >= FORGOTTEN_TOGETHER:
                self._forget(old)
            self._db.execute("COMMIT")

    def _forget(self, old: list[int]) -> None:
        self._db.executemany("DELETE FROM snapshot WHERE id = ?", [(one,) for one in old])
        used: set[int] = set()
        for (files,) in self._db.execute("SELECT files FROM snapshot"):
            used.update(packing.as_places(files).values())
        known = {row[0] for row in self._db.execute("SELECT id FROM file")}
        gone = [(one,) for one in known - used]
        self._db.executemany("DELETE FROM file WHERE id = ?", gone)
        self._db.executemany("DELETE FROM passed WHERE file = ?", gone)

    def begun(self, commit: str) -> dict[str, int]:
        """Give what was already found for a commit whose audit did not come to its end."""
        rows = self._all("SELECT path, id FROM file WHERE seen = ?", commit)
        return {os.fsdecode(path): number for path, number in rows}

    def keep(self, commit: str, path: str, runs: Iterable[Run], looked: Looked) -> None:
        """Write down one file of a commit."""
        listed = tuple(runs)
        lines = widened(plain(listed), looked.kinds, looked.behind)
        findings = (
            packing.parts(parts_of(lines, looked.kinds)),
            packing.looked(replace(looked, kinds=b"")),
            packing.kinds(looked.kinds),
            packing.runs(listed),
        )
        row = (commit, os.fsencode(path), len(looked.kinds), *findings)
        with self._turn:
            self._db.execute(
                "INSERT OR REPLACE INTO file (seen, path, lines, parts, looked, kinds, runs)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def files(self, numbers: Iterable[int]) -> dict[int, Kept]:
        """Give files by their places."""
        rows = self._all(_FILES, json.dumps(sorted(numbers)))
        return {
            number: Kept(
                number,
                os.fsdecode(path),
                lines,
                *packing.as_parts_by(parts),
                packing.as_looked(looked),
            )
            for number, path, lines, parts, looked in rows
        }

    def lines(self, number: int) -> tuple[tuple[Run, ...], bytes]:
        """Give the runs of one file, and of which kind each of its lines is."""
        rows = self._all("SELECT runs, kinds FROM file WHERE id = ?", number)
        return packing.as_runs(rows[0][0]), packing.as_kinds(rows[0][1])

    def runs(self, number: int) -> tuple[Run, ...]:
        """Give the runs of one file."""
        return self.lines(number)[0]

    def reverted(self) -> dict[str, dict[str, dict[int, Line]]]:
        """Give what is known of commits: what they put back, by path and line; mostly nothing."""
        rows = self._all("SELECT seen, undone FROM reverted")
        return {seen: packing.as_undone(undone) for seen, undone in rows}

    def keep_reverted(self, commit: str, undone: Mapping[str, Mapping[int, Line]]) -> None:
        """Write down what a commit put back."""
        with self._turn:
            self._db.execute(
                "INSERT OR REPLACE INTO reverted VALUES (?, ?)", (commit, packing.undone(undone))
            )

    def declared(self) -> dict[tuple[str, str], Looked]:
        """Give what is in files that are declared as wholes, by blob and path."""
        rows = self._all("SELECT blob, path, looked FROM declared")
        return {(row[0], os.fsdecode(row[1])): packing.as_looked(row[2]) for row in rows}

    def keep_declared(self, found: Mapping[tuple[str, str], Looked]) -> None:
        """Write that down of these files, and forget all others."""
        rows = [
            (blob, os.fsencode(path), packing.looked(looked))
            for (blob, path), looked in found.items()
        ]
        with self._turn, self._db:
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM declared")
            self._db.executemany("INSERT INTO declared VALUES (?, ?, ?)", rows)
            self._db.execute("COMMIT")

    def commits(self) -> dict[str, RawCommit]:
        """Give every commit that was read before, as far as judging needs it."""
        rows = self._all("SELECT seen, facts FROM written")
        return {seen: commit_back(_commit(facts)) for seen, facts in rows}

    def keep_commits(self, found: Iterable[RawCommit]) -> None:
        """Write commits down."""
        rows = [(one.sha, msgspec.msgpack.encode(commit_plain(one))) for one in found]
        with self._turn, self._db:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO written VALUES (?, ?)", rows)
            self._db.execute("COMMIT")

    def changes(self, path: str) -> dict[Change, bool]:
        """Give what commits did to a file as it was taken apart last: did they change form alone?"""
        rows = self._all(
            "SELECT runs, looked FROM file WHERE path = ? ORDER BY id DESC LIMIT 1",
            os.fsencode(path),
        )
        found: dict[Change, bool] = {}
        for runs, looked in rows:
            formatted = frozenset(packing.as_looked(looked).formatted)
            changes = {(one.commit, one.path, one.previous) for one in packing.as_runs(runs)}
            often = Counter(change[0] for change in changes)
            # Of a commit that changed the file in two places, it is not kept which of them it is.
            found = {one: one[0] in formatted for one in changes if often[one[0]] == 1}
        return found

    def behind(self, commit: str, path: str, formats: str) -> tuple[Run, ...] | None:
        """Give a file's runs in a commit with `formats` passed through, None if not known."""
        rows = self._all(
            "SELECT runs FROM behind WHERE seen = ? AND path = ? AND formats = ?",
            *(commit, os.fsencode(path), formats),
        )
        return packing.as_runs(rows[0][0]) if rows else None

    def keep_behind(self, commit: str, path: str, formats: str, runs: Iterable[Run]) -> None:
        """Write them down."""
        row = (commit, os.fsencode(path), formats, packing.runs(runs))
        with self._turn:
            self._db.execute("INSERT OR REPLACE INTO behind VALUES (?, ?, ?, ?)", row)

    def resolved(self, formats: str, numbers: Iterable[int]) -> dict[int, tuple[Part, ...]]:
        """Give the parts of those files in which reverts and changes of form were followed."""
        wanted = json.dumps(sorted(numbers))
        found = self._all(
            "SELECT file, parts FROM passed"
            " WHERE formats = ? AND file IN (SELECT value FROM json_each(?))",
            *(formats, wanted),
        )
        return {number: packing.as_parts(content) for number, content in found}

    def keep_resolved(self, number: int, formats: str, found: Iterable[Part]) -> None:
        """Write them down; `formats` names the approved commits."""
        with self._turn:
            self._db.execute(
                "INSERT OR REPLACE INTO passed VALUES (?, ?, ?)",
                (number, formats, packing.parts(found)),
            )

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._turn, closing(self._db.cursor()) as cursor:
            return cursor.execute(statement, values).fetchall()


def place_of(folder: Path, clone: Path) -> Path:
    """Give the file for a clone: one for each place on the disk."""
    return folder / f"{sha256(os.fsencode(clone.resolve()))[:32]}.db"


def table_of(place: Path) -> Path:
    """Give the file of the table of commits that stands beside a shelf."""
    return place.with_suffix(".graph")
