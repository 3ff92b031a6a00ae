"""One audit of one commit: takes it apart, finds whose each line is, and judges it for a target."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.audit import shelf as shelves
from bot.audit import taking, undoing
from bot.audit.shelf import Kept, Shelf
from bot.audit.taking import Taken, Told
from core.digests import sha256
from core.errors import UserError
from core.git import Entry, GitFailed, Objects, RawCommit, Run, View, blame, entries, opened
from core.git.command import run
from core.git.objects import reading
from core.git.trees import LINK, SUBMODULE
from core.git.view import named
from licensing.audit import files, parts, tally
from licensing.audit.alike import Alike
from licensing.audit.decisions import Inputs
from licensing.audit.holders import work_of
from licensing.audit.parts import Part, Undone
from licensing.audit.people import Known, suggested
from licensing.audit.tally import FileParts, Judge, Tally
from licensing.audit.targets import inbound_allows
from licensing.audit.values import Work

__all__ = ["Audit", "Reader", "reader", "shelves"]


@dataclass(frozen=True)
class Audit:
    """What came out. `blamed` is how many files git had to be asked about.

    `broken` are licences that were promised to stay and are not on offer.
    """

    commit: str
    target: str
    tally: Tally
    broken: tuple[str, ...]
    blamed: int
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policy_sha256: str = ""
    ledger_sha256: str = ""

    @property
    def sellable(self) -> bool:
        """Whether nothing stands in the way of the target."""
        return not self.tally.blocked and not self.broken


class Reader:
    """A clone that is open, with what is kept of it."""

    def __init__(self, view: View, objects: Objects, shelf: Shelf, inputs: Inputs) -> None:
        """Keep what is needed; see `reader`."""
        self.view = view
        self.objects = objects
        self.shelf = shelf
        self.inputs = inputs
        self._raw: dict[str, RawCommit] = {}
        self._works: dict[str, Work] = {}
        self._formats = sha256("\n".join(sorted(inputs.formats)).encode())

    def audit(self, commit: str, target: str, told: Told) -> Audit:
        """Judge every line of a commit; `told` hears of the progress."""
        listed = entries(self.view, commit)
        declared = self.inputs.declared
        aside = [entry for entry in listed if self._aside(entry)]
        wanted = [entry for entry in listed if not self._aside(entry)]
        taken = taking.take(self.view, self.objects, self.shelf, commit, wanted, told)
        kept = self.shelf.files(taken.places.values())
        self._follow(commit)
        undone = self._undone(kept.values())
        found = [*self._placed(aside, target), *self._failed(wanted, taken)]
        found += [self._file(one, undone, commit, target) for one in kept.values()]
        self._load({source[0] for file in found for part in file.parts for source in part.sources})
        judge = Judge(self.work, self.inputs.ledger, target)
        sums = tally.add_up(sorted(found, key=lambda one: one.path), judge)
        self._look_for(sums)
        notices = (
            {one.path: one.looked.notices for one in kept.values() if one.looked.notices}
            if not declared.copyright
            else {}
        )
        return Audit(
            commit,
            target,
            sums,
            sums.broken(self.inputs.ledger.offered),
            taken.blamed,
            notices,
            self.inputs.sha256,
            self.inputs.ledger_sha256,
        )

    def work(self, commit: str) -> Work:
        """Give who holds a commit."""
        found = self._works.get(commit)
        if found is None:
            self._load([commit])
            found = self._works[commit] = work_of(self._raw[commit], self.inputs.origins)
        return found

    def _load(self, commits: Iterable[str]) -> None:
        missing = sorted(set(commits) - self._raw.keys())
        for one in self.objects.commits(missing):
            self._raw[one.sha] = one

    def _commits(self, commits: Iterable[str]) -> list[RawCommit]:
        listed = list(commits)
        self._load(listed)
        return [self._raw[one] for one in listed]

    def _aside(self, entry: Entry) -> bool:
        declared = self.inputs.declared
        if not entry.is_file:
            return True
        return declared.is_generated(entry.path) or declared.foreign(entry.path) is not None

    def _follow(self, commit: str) -> None:
        """Find the commits that came after we did by no pull request."""
        origins = replace(self.inputs.origins, cut=self.view.shallow)
        if self.inputs.baseline:
            try:
                said = run(self.view.git_dir, "rev-list", commit, f"^{self.inputs.baseline}")
            except GitFailed:
                raise UserError(
                    f"This clone does not have {self.inputs.baseline}, where the history that we"
                    " trust ends: fetch all of it."
                ) from None
            new = frozenset(said.decode("ascii").split())
            origins = replace(origins, strangers=new - origins.landed.keys())
        self.inputs = replace(self.inputs, origins=origins)

    def _undone(self, kept: Iterable[Kept]) -> Undone:
        commits = {source[0] for one in kept for part in one.parts for source in part.sources}
        return undoing.undone(self.view, self.shelf, commits, self._commits)

    def _file(self, one: Kept, undone: Undone, commit: str, target: str) -> FileParts:
        if one.looked.binary:
            return FileParts(one.path, "binary")
        found: tuple[Part, ...] = one.parts
        formats = frozenset(self.inputs.formats)
        sources = {source for part in one.parts for source in part.sources}
        formatted = any(sha in formats for sha, _ in sources)
        if formatted or not sources.isdisjoint(undone):
            through = self._through(one, commit) if formatted else ()
            lines = parts.resolved(self.shelf.runs(one.id), undone, formats, through)
            found = parts.parts_of(lines, one.looked.kinds)
        foreign = files.third_party(one.looked, self.inputs.declared, target)
        return FileParts(one.path, "text", found, len(one.looked.kinds), foreign=foreign)

    def _through(self, one: Kept, commit: str) -> tuple[Run, ...]:
        known = self.shelf.passed(one.id, self._formats)
        if known is None:
            known = blame(self.view, commit, one.path, sorted(self.inputs.formats))
            self.shelf.keep_passed(one.id, self._formats, known)
        return known

    def _placed(self, aside: Iterable[Entry], target: str) -> Iterator[FileParts]:
        """Give what is not taken apart: links, modules, and what is declared to be no one's here."""
        for entry in aside:
            if entry.mode == LINK:
                yield FileParts(entry.path, "link")
                continue
            if entry.mode == SUBMODULE:
                yield FileParts(entry.path, "submodule")
                continue
            try:
                looked = files.look(self.objects.blob(entry.blob))
            except GitFailed as error:
                yield FileParts(entry.path, "unreadable", why=str(error))
                continue
            lines = len(looked.kinds) - looked.kinds.count(files.BLANK)
            foreign = self.inputs.declared.foreign(entry.path)
            if looked.binary:
                yield FileParts(entry.path, "binary")
            elif foreign is None:
                yield FileParts(entry.path, "generated", lines=lines)
            else:
                against = "" if inbound_allows(foreign.licence, target) else foreign.licence
                yield FileParts(
                    entry.path, "vendored", lines=lines, licence=foreign.licence, foreign=against
                )

    def _failed(self, wanted: Iterable[Entry], taken: Taken) -> Iterator[FileParts]:
        for entry in wanted:
            if entry.path in taken.failed:
                try:
                    lines = self.objects.blob(entry.blob).count(b"\n")
                except GitFailed:
                    lines = 0
                why = taken.failed[entry.path]
                yield FileParts(entry.path, "unreadable", lines=lines, why=why)

    def _look_for(self, sums: Tally) -> None:
        """Find for each blocker whom they look like."""
        alike = Alike(self._known())
        for blocker in sums.blockers.values():
            found = [
                one
                for name in blocker.names
                for email in blocker.emails
                for one in suggested(blocker.key, name, email, alike)
            ]
            blocker.suggestions = tuple({one.label: one for one in found}.values())
            blocker.remedy = tally.remedy(blocker)

    def _known(self) -> Iterator[Known]:
        yield from self.inputs.known


@contextmanager
def reader(clone: Path, at: str, shelf: Shelf, inputs: Inputs) -> Iterator[tuple[Reader, str]]:
    """Open a clone for an audit of what `at` names; gives the reader and the commit's hash.

    Raises `UserError` where either is not there.
    """
    sha = named(clone, at)
    with opened(clone) as view, reading(view) as objects:
        yield Reader(view, objects, shelf, inputs), view.commit(sha)
