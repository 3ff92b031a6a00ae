"""One audit of one commit: takes it apart, finds whose each line is, and judges it for a target."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.audit import explaining, forming, judging, taking, undoing
from bot.audit.judging import Audit
from bot.audit.matter import Matter, commits_of
from bot.audit.shelf import Kept, Shelf
from bot.audit.taking import Taken, Told
from core.digests import sha256
from core.errors import UserError
from core.git import Entry, GitFailed, Objects, RawCommit, View, entries, opened
from core.git.command import run
from core.git.objects import reading
from core.git.trees import LINK, SUBMODULE
from core.git.view import named
from licensing.audit import files, mailmap, parts
from licensing.audit.decisions import Inputs
from licensing.audit.files import Kind, Looked
from licensing.audit.parts import Lines, Part, Undone
from licensing.audit.tally import FileParts
from licensing.audit.targets import inbound_allows

MAILMAP = ".mailmap"


class Reader:
    """A clone that is open, with what is kept of it."""

    def __init__(self, view: View, objects: Objects, shelf: Shelf, inputs: Inputs) -> None:
        """Keep what is needed; see `reader`."""
        self.view = view
        self.objects = objects
        self.shelf = shelf
        self.inputs = inputs
        self._raw: dict[str, RawCommit] = {}
        self._doubtful: frozenset[str] = frozenset()
        # A file's reverts follow from its lines alone; only what stewards approve can change.
        self._approved = sha256("\n".join(sorted(inputs.formats)).encode())
        self._known_parts: dict[int, tuple[Part, ...]] = {}

    def audit(self, commit: str, target: str, told: Told) -> tuple[Audit, Matter]:
        """Judge every line of a commit; `told` hears of the progress.

        Gives what came out, and what it was made from.
        """
        listed = entries(self.view, commit)
        aside: list[Entry] = []
        wanted: list[Entry] = []
        for entry in listed:
            (aside if self._aside(entry) else wanted).append(entry)
        taken = taking.take(self.view, self.objects, self.shelf, commit, wanted, told)
        with _uncollected():
            kept = self.shelf.files(taken.places.values())
            self._known_parts = self.shelf.resolved(self._approved, kept)
            undone = self._undone(kept.values())
            found = [*self._placed(aside, target), *self._failed(wanted, taken)]
            reverts = frozenset(sha for sha, _ in undone)
            found += [self._file(one, undone, reverts, target) for one in kept.values()]
            matter = self._matter(commit, target, found, self._mailmap(listed))
            audit = judging.judged(matter, self.inputs)
        return replace(audit, blamed=taken.blamed, notices=self._notices(kept)), matter

    def explain(self, commit: str, target: str, path: str, number: int) -> dict[str, Any]:
        """Say all about one line, counted from 1; only its file is looked at. Raises `UserError`."""
        entry = next((one for one in entries(self.view, commit) if one.path == path), None)
        if entry is None or not entry.is_file:
            raise UserError(f"{path} is no file of {commit[:12]}.")
        if self._aside(entry):
            raise explaining.AsAWhole(
                f"{path} is declared as a whole, and not judged line by line."
            )
        place = taking.one(self.view, self.objects, self.shelf, commit, entry)
        if isinstance(place, str):
            raise UserError(f"{path} cannot be judged: {place}.")
        kept = self.shelf.files([place])[place]
        lines, kinds = self._lines(kept, self._undone([kept]))
        foreign = files.third_party(kept.looked, self.inputs.declared, target)
        for sources, start, count in lines:
            if start <= number < start + count:
                content = int(kinds[number - 1] not in {files.BLANK, files.BARE})
                part = Part(sources, 0, 1 - content, content)
                file = FileParts(path, "text", (part,), 1, foreign=foreign)
                matter = self._matter(commit, target, [file])
                found = explaining.explained(matter, self.inputs, file)
                return {"path": path, "line": number, **found}
        raise UserError(f"{path} has no line {number}.")

    def _mailmap(self, listed: Iterable[Entry]) -> str:
        place = next((it.blob for it in listed if it.path == MAILMAP and it.is_file), None)
        if place is None:
            return ""
        try:
            said = self.objects.blob(place)[: mailmap.LARGEST].decode("utf-8", "replace")
        except GitFailed:
            return ""  # it decides nothing; that the file cannot be read is told of the file
        return self.inputs.erased.text(said)

    def _matter(self, commit: str, target: str, found: list[FileParts], hints: str = "") -> Matter:
        commits = commits_of(found)
        self._load(commits)
        return Matter(
            commit,
            target,
            tuple(sorted(found, key=lambda one: one.path)),
            {sha: self._hidden(self._raw[sha]) for sha in sorted(commits)},
            self.view.shallow | self._doubtful,
            self._strangers(commit),
            self.inputs.baseline,
            hints,
        )

    def _notices(self, kept: Mapping[int, Kept]) -> dict[str, tuple[str, ...]]:
        if self.inputs.declared.copyright:
            return {}
        return {one.path: one.looked.notices for one in kept.values() if one.looked.notices}

    def _load(self, commits: Iterable[str]) -> None:
        wanted = set(commits)
        if not self._raw:
            self._raw = self.shelf.commits()
        missing = sorted(wanted - self._raw.keys())
        if missing:
            found = self.objects.commits(missing)
            self.shelf.keep_commits(found)
            self._raw |= {one.sha: one for one in found}

    def _hidden(self, commit: RawCommit) -> RawCommit:
        erased = self.inputs.erased
        return erased.commit(commit) if erased.accounts else commit

    def _commits(self, commits: Iterable[str]) -> list[RawCommit]:
        listed = list(commits)
        self._load(listed)
        return [self._raw[one] for one in listed]

    def _aside(self, entry: Entry) -> bool:
        declared = self.inputs.declared
        if not entry.is_file:
            return True
        return bool(declared.made(entry.path) or declared.foreign(entry.path))

    def _strangers(self, commit: str) -> frozenset[str]:
        """Find the commits that came after the history that is trusted."""
        if not self.inputs.baseline:
            return frozenset()
        try:
            said = run(self.view.git_dir, "rev-list", commit, f"^{self.inputs.baseline}")
        except GitFailed:
            raise UserError(
                f"This clone does not have {self.inputs.baseline}, where the history that is"
                " trusted ends: fetch all of it."
            ) from None
        return frozenset(said.decode("ascii").split())

    def _undone(self, kept: Iterable[Kept]) -> Undone:
        commits = {sha for one in kept for sha in one.commits}
        found = undoing.undone(self.view, self.shelf, commits, self._commits)
        self._doubtful = found.doubtful
        return found.origins

    def _file(self, one: Kept, undone: Undone, reverts: frozenset[str], target: str) -> FileParts:
        if one.looked.binary:
            return FileParts(one.path, "binary")
        found: tuple[Part, ...] = one.parts
        if self._formats(one) or not reverts.isdisjoint(one.commits):
            found = self._resolved(one, undone)
        foreign = files.third_party(one.looked, self.inputs.declared, target)
        return FileParts(one.path, "text", found, one.lines, foreign=foreign)

    def _formats(self, one: Kept) -> frozenset[str]:
        """Give the commits of a file that changed its form alone: approved, or shown by the text."""
        if not self.inputs.formats and not one.looked.formatted:
            return frozenset()
        formats = frozenset(self.inputs.formats) | set(one.looked.formatted)
        return formats.intersection(one.commits)

    def _lines(self, one: Kept, undone: Undone) -> tuple[Lines, bytes]:
        """Give a file's lines by their origins, and of which kind each is."""
        formats = self._formats(one)
        runs, kinds = self.shelf.lines(one.id)
        before = partial(forming.before, self.view, self.shelf, formats)
        found = parts.resolved(runs, undone, formats, before)
        return parts.widened(found, kinds, one.looked.behind), kinds

    def _resolved(self, one: Kept, undone: Undone) -> tuple[Part, ...]:
        known = self._known_parts.get(one.id)
        if known is None:
            known = parts.parts_of(*self._lines(one, undone))
            self.shelf.keep_resolved(one.id, self._approved, known)
        return known

    def _placed(self, aside: Iterable[Entry], target: str) -> Iterator[FileParts]:
        """Give what is not taken apart: links, modules, and what is declared to be no one's here."""
        known = self.shelf.declared()
        now: dict[tuple[str, str], Looked] = {}
        for entry in aside:
            if entry.mode in {LINK, SUBMODULE}:
                yield FileParts(entry.path, "link" if entry.mode == LINK else "submodule")
                continue
            place = (entry.blob, entry.path)
            try:
                looked = known.get(place) or files.look(self.objects.blob(entry.blob), entry.path)
            except GitFailed as error:
                yield FileParts(entry.path, "unreadable", why=str(error))
                continue
            now[place] = looked
            yield self._declared(entry.path, looked, target)
        if now.keys() != known.keys():
            self.shelf.keep_declared(now)

    def _declared(self, path: str, looked: Looked, target: str) -> FileParts:
        """Give a file that stewards declare to be made by a program, or to be somebody else's."""
        declared = self.inputs.declared
        if looked.binary:
            return FileParts(path, "binary")
        foreign = declared.foreign(path)
        said = foreign or declared.made(path)
        if said is None:
            return FileParts(path, "unreadable", why="git says of it what we do not know")
        lines = len(looked.kinds) - looked.kinds.count(files.BLANK)
        against = files.contradicts(looked, declared, target)
        if foreign is not None and not inbound_allows(foreign.licence, target):
            against = foreign.licence
        by = f"{said.by.steward}\n{said.by.reason}" if said.by else ""
        kind: Kind = "vendored" if foreign is not None else "generated"
        return FileParts(path, kind, lines=lines, licence=said.licence, foreign=against, why=by)

    def _failed(self, wanted: Iterable[Entry], taken: Taken) -> Iterator[FileParts]:
        for entry in wanted:
            if entry.path in taken.failed:
                try:
                    lines = self.objects.blob(entry.blob).count(b"\n")
                except GitFailed:
                    lines = 0
                why = taken.failed[entry.path]
                yield FileParts(entry.path, "unreadable", lines=lines, why=why)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: many small values are made, and nearly all of them stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def reader(clone: Path, at: str, shelf: Shelf, inputs: Inputs) -> Iterator[tuple[Reader, str]]:
    """Open a clone for an audit of what `at` names; gives the reader and the commit's hash.

    Raises `UserError` where either is not there.
    """
    sha = named(clone, at)
    with opened(clone, shelf.table) as view, reading(view) as objects:
        shelf.for_edge(view.shallow)
        yield Reader(view, objects, shelf, inputs), sha
