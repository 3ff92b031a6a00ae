"""Adding up what was judged: by standing, by folder, by whoever stands in the way. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from licensing.audit.files import Kind
from licensing.audit.judge import Beside, Judge
from licensing.audit.parts import Part
from licensing.audit.people import Suggestion
from licensing.audit.values import ORDER, REASONS, Held, Standing

Remedy = Literal["confirm", "ask", "find", "replace", "drop", "declare", "fetch"]
"""The cheapest thing to try first.

confirm  a steward says whether it is the same person as somebody who granted
ask      ask the person, who can be found
find     find out who it was: nobody is known by this address
replace  write these few lines anew, by somebody who did not read them
drop     remove it, or move it to a separate open module
declare  say in the rules whose file it is, and under which licence
fetch    fetch the whole history, and try again
"""
FEW_LINES = 10


@dataclass(frozen=True)
class FileParts:
    """A file as it was taken apart; `foreign` is what in it speaks against the target.

    `why` says what is wrong with it, and of a declared file in two lines who declared it and why.
    Lines of a file that could not be taken apart are in `lines` only.
    """

    path: str
    kind: Kind
    parts: tuple[Part, ...] = ()
    lines: int = 0
    licence: str = ""
    foreign: str = ""
    why: str = ""


@dataclass
class Blocker:
    """Somebody, or something, whose lines may not be handed out under the target."""

    key: str
    reason: Standing
    lines: int = 0
    files: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    emails: Counter[str] = field(default_factory=Counter)
    first: tuple[datetime, str] | None = None
    why: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    remedy: Remedy = "ask"

    def add(self, path: str, lines: int, reason: Standing, why: str) -> None:
        """Count some lines; the worst reason is the one that is told."""
        self.lines += lines
        self.files[path] += lines
        if ORDER[reason] > ORDER[self.reason] or not self.why:
            self.reason, self.why = max(reason, self.reason, key=ORDER.__getitem__), why


@dataclass
class Tally:
    """The sums of one audit. Lines are those that are not blank.

    `waived` and `declared` are what stewards decided: by person or kind of file, steward, reason.
    """

    standings: Counter[str] = field(default_factory=Counter)
    folders: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: Counter[str] = field(default_factory=Counter)
    blockers: dict[str, Blocker] = field(default_factory=dict)
    waived: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    declared: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    agents: int = 0
    licences: Counter[str] = field(default_factory=Counter)
    aside: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def blocked(self) -> int:
        """How many lines may not be handed out; a file that cannot be read counts one at least."""
        return sum(self.standings[reason] for reason in REASONS)

    @property
    def lines(self) -> int:
        """How many lines were looked at."""
        return self.standings.total()

    def broken(self, offered: Iterable[str]) -> tuple[str, ...]:
        """Give the licences under which lines came with a promise, and that are not offered now."""
        return tuple(sorted(set(self.licences) - set(offered)))


def add_up(files: Iterable[FileParts], judge: Judge) -> Tally:
    """Judge every line of every file."""
    tally = Tally()
    for file in files:
        folder = file.path.partition("/")[0] + "/" if "/" in file.path else ""
        _Adding(tally, file, folder, judge).add()
    return tally


class _Adding:
    """One file on its way into the sums."""

    def __init__(self, tally: Tally, file: FileParts, folder: str, judge: Judge) -> None:
        self.tally = tally
        self.file = file
        self.folder = folder
        self.judge = judge
        self.standings: Counter[str] = Counter()

    def add(self) -> None:
        """Count the file by what it is."""
        file = self.file
        self.tally.kinds[file.kind] += 1
        match file.kind:
            case "binary" | "link" | "submodule":
                self.tally.aside[file.kind].append(file.path)
            case "unreadable":
                self.block(f"file:{file.path}", "UNKNOWN", max(1, file.lines), file.why)
            case "generated" | "vendored":
                self.declared()
            case _ if file.foreign:
                lines = sum(part.bare + part.content for part in file.parts)
                if lines:
                    self.block(f"notice:{file.foreign}", "THIRD_PARTY", lines, file.foreign)
            case _:
                for part in file.parts:
                    self.part(part)
        if self.standings:
            self.tally.standings.update(self.standings)
            self.tally.folders[self.folder].update(self.standings)

    def declared(self) -> None:
        """Count a file as a steward declared it, if nothing in it says otherwise."""
        file = self.file
        if file.foreign:
            kind = "licence" if file.foreign == file.licence else "notice"
            self.block(f"{kind}:{file.foreign}", "THIRD_PARTY", file.lines, "")
            return
        self.standings["OWNED" if file.kind == "generated" else "PERMISSIVE_INBOUND"] += file.lines
        steward, _, reason = file.why.partition("\n")
        self.tally.declared[file.kind, steward, reason] += file.lines

    def part(self, part: Part) -> None:
        """Count lines of one origin."""
        found = self.judge.together(part.sources)
        lines = part.bare + part.content
        if found.stand_in_the_way and part.bare:
            # A brace alone is nobody's; it is counted, and shown.
            self.standings["TRIVIAL"] += part.bare
            lines = part.content
        if not lines:
            return
        self.standings[found.standing] += lines
        if found.beside is not None:
            self.flags(found.beside, lines)
        for one in found.stand_in_the_way:
            self.blame(part, one, lines)

    def flags(self, beside: Beside, lines: int) -> None:
        """Count what is shown beside: machines, waivers, promises."""
        if beside.agent:
            self.tally.agents += lines
        for who, waiver in beside.waived:
            self.tally.waived[who, waiver.steward, waiver.reason] += lines
        for licence in beside.licences:
            self.tally.licences[licence] += lines

    def blame(self, part: Part, held: Held, lines: int) -> None:
        """Count lines to whoever stands in the way."""
        blocker = self.blocker(held.person.key, held.standing)
        blocker.add(self.file.path, lines, held.standing, held.why)
        blocker.names[held.person.name] += lines
        blocker.emails[held.person.email] += lines
        for commit, _ in part.sources:
            work = self.judge.works(commit)
            if held.person in work.people:
                first = (work.submitted_at, work.sha)
                blocker.first = min(blocker.first or first, first)

    def block(self, key: str, reason: Standing, lines: int, why: str) -> None:
        """Count lines that stand in the way because of the file."""
        self.standings[reason] += lines
        self.blocker(key, reason).add(self.file.path, lines, reason, why)

    def blocker(self, key: str, reason: Standing) -> Blocker:
        """Find the one of this key."""
        known = self.tally.blockers.get(key)
        if known is None:
            known = self.tally.blockers[key] = Blocker(key, reason)
        return known


def remedy(blocker: Blocker) -> Remedy:
    """Say what to try first with a blocker."""
    if blocker.key.startswith("file:"):
        return "fetch"
    if blocker.reason == "THIRD_PARTY":
        return "declare"
    if blocker.suggestions:
        return "confirm"
    if blocker.lines <= FEW_LINES:
        return "replace"
    if blocker.reason == "UNKNOWN":
        return "find"
    return "drop" if blocker.reason == "WITHDRAWN" else "ask"
