"""Tables of separated values: lines, quotation marks and heads, however careless the writer was."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from licensing.imports.values import Broken, Unreadable

SEPARATORS = (";", ",", "\t")
MOST_LINES = 20
"""Lines that one quoted field may span: a mark that is never closed must not swallow the file."""

LONGEST_HEAD = 10_000
_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Row:
    """A row by the names of its columns; `line` is where it begins, counted from 1."""

    line: int
    cells: Mapping[str, str]

    def first(self, *names: str) -> str:
        """Give the first of these columns that says something, without space around it."""
        for name in names:
            # We put an apostrophe before what a spreadsheet would take for a formula.
            if found := self.cells.get(name, "").strip().removeprefix("'"):
                return found
        return ""


@dataclass(frozen=True)
class Sheet:
    """A table whose head was read: its names in order, and what follows."""

    names: tuple[str, ...]
    lines: Sequence[str]
    begins: int
    separator: str

    def require(self, *alternatives: tuple[str, ...]) -> None:
        """Raise `Unreadable` unless one name of each group is there, and none of them twice."""
        counted = Counter(self.names)
        for group in alternatives:
            if not any(counted[name] for name in group):
                raise Unreadable("columns", group[0])
            for name in group:
                if counted[name] > 1:
                    raise Unreadable("twice", name)

    def rows(self) -> Iterator[Row | Broken]:
        """Give each row, or why it is none. A row may end early, but not late."""
        for line, cells in _records(self.lines, self.begins, self.separator):
            if cells is None:
                yield Broken(line, "quotes")
            elif len(cells) > len(self.names):
                yield Broken(line, "fields")
            elif any(cell.strip() for cell in cells):
                yield Row(line, dict(zip(self.names, cells, strict=False)))


def name_of(head: str) -> str:
    """Give the name of a column as it is compared: small letters and digits, one space between."""
    return _WORDS.sub(" ", head.casefold()).strip()


def sheet(text: str) -> Sheet:
    """Read the head of a table. Raises `Unreadable`."""
    lines = StringIO(text, newline="").readlines()
    begins = next((at for at, line in enumerate(lines) if line.strip()), None)
    if begins is None:
        raise Unreadable("empty")
    if len(lines[begins]) > LONGEST_HEAD:
        raise Unreadable("form")
    found: list[tuple[int, str, list[str]]] = []
    for separator in SEPARATORS:
        _at, cells = next(_records(lines, begins, separator), (0, None))
        found.append((len(cells or ()), separator, cells or []))
    _count, separator, cells = max(found, key=lambda one: one[0])
    # The head may span lines, as any row may.
    taken, _same = _record(lines, begins, separator)
    return Sheet(tuple(map(name_of, cells)), lines, begins + taken, separator)


def _records(
    lines: Sequence[str], begins: int, separator: str
) -> Iterator[tuple[int, list[str] | None]]:
    at = begins
    while at < len(lines):
        taken, cells = _record(lines, at, separator)
        yield at + 1, cells
        at += taken


def _record(lines: Sequence[str], at: int, separator: str) -> tuple[int, list[str] | None]:
    """Give how many lines a record takes and its cells; one line and None where it is broken."""
    taken = 0

    def some() -> Iterator[str]:
        nonlocal taken
        for line in islice(lines, at, at + MOST_LINES):
            taken += 1
            yield line

    try:
        cells = next(csv.reader(some(), delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        return 1, None
    return taken, cells
