"""What changed between two texts, for people to read: the lines about a change, word by word.

Nothing is lost: put together, what is the same and what went is the old text, and what is the
same and what came is the new one. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal

Kind = Literal["same", "gone", "new"]

AROUND = 3
"""How many unchanged lines, or parts of one, stand before and behind a change."""

MOST_LINES = 6_000
MOST_WORDS = 4_000
"""Beyond these, old and new stand beside each other whole: comparing would take too long."""

LEAST_ALIKE = 0.35
"""Lines that have less in common than this are not compared word by word: nobody could read it."""

_WORD = re.compile(r"\s+|\d+(?:[.,]\d+)+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some text that stands in both, only in the old (`gone`) or only in the new (`new`)."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Passage:
    """A change with the lines about it; `skipped` counts the unchanged lines left out before it."""

    pieces: tuple[Piece, ...]
    skipped: int = 0


@lru_cache(maxsize=32)
def differences(old: str, new: str) -> tuple[Passage, ...]:
    """Give the changes from `old` to `new`, each with a little around it; none if they are equal."""
    found: list[Passage] = []
    here: list[Piece] = []
    skipped = 0
    steps = [
        (changed, list(group))
        for changed, group in groupby(pieces(old, new), lambda piece: piece.kind != "same")
    ]
    for place, (changed, group) in enumerate(steps):
        if changed:
            here += group
            continue
        lines = "".join(piece.text for piece in group).splitlines(keepends=True)
        before = lines[:AROUND] if place else []
        after = lines[len(before) :][-AROUND:] if place + 1 < len(steps) else []
        left_out = len(lines) - len(before) - len(after)
        if not left_out:
            here += group
            continue
        here += _same(before)
        if here:
            found.append(Passage(tuple(here), skipped))
            here = []
        skipped = left_out
        here += _same(after)
    return (*found, Passage(tuple(here), skipped)) if _changed(here) else tuple(found)


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Give both texts as one row of pieces, neighbours of one kind joined."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return tuple(_joined(_by_line(before, after)))


def _by_line(before: list[str], after: list[str]) -> Iterator[Piece]:
    if len(before) + len(after) > MOST_LINES:
        yield from _whole(before, after)
        return
    for tag, i, k, j, m in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:k]))
        else:
            yield from _by_word("".join(before[i:k]), "".join(after[j:m]))


def _by_word(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or not after or len(before) + len(after) > MOST_WORDS:
        yield from _whole([old], [new])
        return
    matcher = SequenceMatcher(None, before, after)
    if matcher.ratio() < LEAST_ALIKE:
        yield from _whole([old], [new])
        return
    for tag, i, k, j, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:k]))
        else:
            yield from _whole(before[i:k], after[j:m])


def _whole(before: Iterable[str], after: Iterable[str]) -> Iterator[Piece]:
    yield Piece("gone", "".join(before))
    yield Piece("new", "".join(after))


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    for kind, group in groupby((one for one in found if one.text), lambda piece: piece.kind):
        yield Piece(kind, "".join(piece.text for piece in group))


def _same(lines: list[str]) -> list[Piece]:
    return [Piece("same", "".join(lines))] if lines else []


def _changed(found: Iterable[Piece]) -> bool:
    return any(piece.kind != "same" for piece in found)
