"""Adding up what was judged: by standing, by folder, by whoever stands in the way. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from licensing.audit import rules
from licensing.audit.files import Kind
from licensing.audit.parts import Part, Source, Sources
from licensing.audit.people import Suggestion
from licensing.audit.values import ORDER, REASONS, Held, Judged, Ledger, Standing, Waiver, Work

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
FILES_SHOWN = 5


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


@dataclass(frozen=True)
class Beside:
    """What is shown of lines that changes nothing of how they stand."""

    agent: bool
    waived: tuple[tuple[str, Waiver], ...]
    licences: tuple[str, ...]


class Judge:
    """Judges commits and paths for one target, each once."""

    def __init__(
        self,
        works: Callable[[str], Work],
        ledger: Ledger,
        target: str,
        formats: Mapping[str, Waiver] | None = None,
    ) -> None:
        """Keep what is needed; `works` gives each commit, `formats` who approved which form."""
        self.formats = formats or {}
        self.works = works
        self.ledger = ledger
        self.target = target
        grants = (one for found in ledger.grants.values() for one in found)
        scoped = any(one.paths for one in grants) or any(one.paths for one in ledger.inbound)
        self._by_path = scoped or any(one.paths for one in ledger.covered.values())
        self._known: dict[Source, Judged] = {}
        self._together: dict[object, tuple[Standing, tuple[Held, ...]]] = {}
        self._beside: dict[object, Beside] = {}

    def __call__(self, source: Source) -> Judged:
        """Judge the lines of one origin."""
        key = source if self._by_path else (source[0], "")
        found = self._known.get(key)
        if found is None:
            found = rules.judge(self.works(source[0]), source[1], self.target, self.ledger)
            self._known[key] = found
        return found

    def together(self, sources: Sources) -> tuple[Standing, tuple[Held, ...]]:
        """Judge lines of several origins: the worst counts.

        Where somebody's lines show under an approved change of form, that change is waived.
        """
        key = self._key(sources)
        known = self._together.get(key)
        if known is None:
            known = self._together[key] = self._worst(sources)
        return known

    def _key(self, sources: Sources) -> object:
        """Give what the judgement of origins depends on: their paths only where grants name some."""
        if self._by_path:
            return sources
        return sources[0][0] if len(sources) == 1 else tuple(commit for commit, _ in sources)

    def _worst(self, sources: Sources) -> tuple[Standing, tuple[Held, ...]]:
        judged = [self(source) for source in sources]
        if len(judged) == 1:
            return judged[0].standing, judged[0].held
        if sources[0][0] in self.formats:
            waiver = self.formats[sources[0][0]]
            held = tuple(Held(one.person, "TRIVIAL", waiver=waiver) for one in judged[0].held)
            judged[0] = Judged("TRIVIAL", held)
        everybody = tuple(dict.fromkeys(item for one in judged for item in one.held))
        return max((one.standing for one in judged), key=ORDER.__getitem__), everybody

    def beside(self, sources: Sources) -> Beside:
        """Give what is shown beside such lines: machines, waivers, promises."""
        key = self._key(sources)
        known = self._beside.get(key)
        if known is None:
            held = self.together(sources)[1]
            known = self._beside[key] = Beside(
                any(self.works(commit).agent for commit, _ in sources),
                tuple((it.person.key, it.waiver) for it in held if it.waiver is not None),
                tuple(name for source in sources for name in self(source).licences),
            )
        return known


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
            case _:
                for part in file.parts:
                    self.part(part)

    def declared(self) -> None:
        """Count a file as a steward declared it, if nothing in it says otherwise."""
        file = self.file
        if file.foreign:
            kind = "licence" if file.foreign == file.licence else "notice"
            self.block(f"{kind}:{file.foreign}", "THIRD_PARTY", file.lines, "")
            return
        self.count("OWNED" if file.kind == "generated" else "PERMISSIVE_INBOUND", file.lines)
        steward, _, reason = file.why.partition("\n")
        self.tally.declared[file.kind, steward, reason] += file.lines

    def part(self, part: Part) -> None:
        """Count lines of one origin."""
        standing, held = self.judge.together(part.sources)
        lines = part.bare + part.content
        if self.file.foreign:
            if lines:
                self.block(f"notice:{self.file.foreign}", "THIRD_PARTY", lines, self.file.foreign)
            return
        if standing in REASONS and part.bare:
            # A brace alone is nobody's; it is counted, and shown.
            self.count("TRIVIAL", part.bare)
            lines = part.content
        if not lines:
            return
        self.count(standing, lines)
        self.flags(part, lines)
        if standing in REASONS:
            for one in held:
                if one.standing in REASONS:
                    self.blame(part, one, lines)

    def flags(self, part: Part, lines: int) -> None:
        """Count what is shown beside: machines, waivers, promises."""
        beside = self.judge.beside(part.sources)
        if beside.agent:
            self.tally.agents += lines
        for who, waiver in beside.waived:
            self.tally.waived[who, waiver.steward, waiver.reason] += lines
        for licence in beside.licences:
            self.tally.licences[licence] += lines

    def count(self, standing: Standing, lines: int) -> None:
        """Add lines to the sums."""
        self.tally.standings[standing] += lines
        self.tally.folders[self.folder][standing] += lines

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
        self.count(reason, lines)
        self.blocker(key, reason).add(self.file.path, lines, reason, why)

    def blocker(self, key: str, reason: Standing) -> Blocker:
        """Find the one of this key."""
        return self.tally.blockers.setdefault(key, Blocker(key, reason))


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
