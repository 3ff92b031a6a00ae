"""Of which parts a file consists: how many lines of each kind came from which commits. Pure."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from core.git.blame import Run
from licensing.audit.files import CONTENT, WIDE

Source = tuple[str, str]
"""A commit, and the path that the file had in it."""
Sources = tuple[Source, ...]
"""Mostly one; more where a commit changed the form of somebody's lines, or a line is very wide."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """Lines of the same origin: how many blank, of marks only, and of content."""

    sources: Sources
    blank: int
    bare: int
    content: int


Lines = Iterable[tuple[Sources, int, int]]
"""Origins with their first line here, from 1, and how many lines."""


def widened(lines: Lines, kinds: bytes, behind: Sources) -> Lines:
    """Give wide lines all of the origins that are behind them: git tells only of the last hand."""
    for sources, start, count in lines:
        piece = kinds[start - 1 : start - 1 + count]
        if not behind or WIDE not in piece:
            yield sources, start, count
            continue
        for place, kind in enumerate(piece):
            more = behind if kind == WIDE else ()
            yield tuple(dict.fromkeys((*sources, *more))), start + place, 1


def parts_of(lines: Lines, kinds: bytes) -> tuple[Part, ...]:
    """Add up lines by their origins."""
    found: dict[Sources, list[int]] = {}
    for sources, start, count in lines:
        piece = kinds[start - 1 : start - 1 + count]
        sums = found.setdefault(sources, [0, 0, 0])
        for kind in range(3):
            sums[kind] += piece.count(kind)
        sums[CONTENT] += piece.count(WIDE)
    return tuple(Part(sources, *sums) for sources, sums in found.items())


def plain(runs: Iterable[Run]) -> Lines:
    """Give runs as they are."""
    for run in runs:
        yield ((run.commit, run.path),), run.start, run.count


Line = tuple[str, str, int]
"""A commit, the path there, and the number of the line there, from 1."""
Undone = Mapping[Source, Mapping[int, Line]]
"""For each pure revert and path in it: from where the lines that it put back, by number, come."""
DEEPEST = 20
"""How many reverts of reverts are followed."""


def resolved(
    runs: Iterable[Run],
    undone: Undone,
    formats: frozenset[str],
    before: Callable[[str, str], Mapping[int, Source]],
) -> Lines:
    """Give each line's origins: reverts stand for what they put back, and form hides nobody.

    `before` gives, for one of `formats` and a path there, by the number of a line there from
    where it comes if all of them are passed through: such a line belongs to both.
    """
    for run in runs:
        if (run.commit, run.path) not in undone and run.commit not in formats:
            yield ((run.commit, run.path),), run.start, run.count
            continue
        behind = before(run.commit, run.path) if run.commit in formats else {}
        for place in range(run.count):
            line = (run.commit, run.path, run.first + place)
            commit, path, _ = original(line, undone)
            sources: list[Source] = [(commit, path)]
            other = behind.get(line[2])
            if other is not None and other[0] not in formats:
                sources.append(other)
            yield tuple(sources), run.start + place, 1


def original(line: Line, undone: Undone) -> Line:
    """Follow a line through reverts to the commit that brought it in first."""
    for _ in range(DEEPEST):
        before = undone.get(line[:2], {}).get(line[2])
        if before is None:
            break
        line = before
    return line
