"""Findings as bytes and back: names once, numbers behind; paths stay the bytes that git has."""

import os
import zlib
from collections.abc import Iterable, Mapping

import msgspec

from core.git import Run
from licensing.audit.files import Looked
from licensing.audit.parts import Line, Part, Sources

_pack = msgspec.msgpack.encode
_NOWHERE = -1


class _Names:
    """Gives each name a number, in the order in which they come."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        return self.known.setdefault(name, len(self.known))

    def listed(self) -> list[bytes]:
        return [os.fsencode(name) for name in self.known]


class _Rows(msgspec.Struct, array_like=True):
    names: list[bytes]
    rows: list[list[int]]


class _Parts(msgspec.Struct, array_like=True):
    commits: list[str]
    paths: list[bytes]
    rows: list[list[int]]


class _Look(msgspec.Struct, array_like=True):
    binary: bool
    kinds: bytes
    tags: list[str]
    notices: list[str]
    formatted: list[str]
    behind: list[tuple[str, bytes]]


_parts = msgspec.msgpack.Decoder(_Parts).decode
_looked = msgspec.msgpack.Decoder(_Look).decode


def runs(found: Iterable[Run]) -> bytes:
    """Pack runs."""
    name = _Names()
    rows = [
        [
            *(run.start, run.count, name(run.commit), name(run.path), run.first),
            *(map(name, run.previous) if run.previous else (_NOWHERE, _NOWHERE)),
        ]
        for run in found
    ]
    return zlib.compress(_pack(_Rows(name.listed(), rows)), 1)


def as_runs(packed: bytes) -> tuple[Run, ...]:
    """Unpack runs."""
    found = msgspec.msgpack.decode(zlib.decompress(packed), type=_Rows)
    names = list(map(os.fsdecode, found.names))
    return tuple(
        Run(
            start,
            count,
            names[commit],
            names[path],
            first,
            (names[before], names[there]) if before != _NOWHERE else None,
        )
        for start, count, commit, path, first, before, there in found.rows
    )


def parts(found: Iterable[Part]) -> bytes:
    """Pack parts: the counts first, then commit and path of each origin."""
    commit, path = _Names(), _Names()
    rows = [
        [part.blank, part.bare, part.content]
        + [number for one, there in part.sources for number in (commit(one), path(there))]
        for part in found
    ]
    return _pack(_Parts(list(commit.known), path.listed(), rows))


def as_parts(packed: bytes) -> tuple[Part, ...]:
    """Unpack parts."""
    return as_parts_by(packed)[0]


def as_parts_by(packed: bytes) -> tuple[tuple[Part, ...], list[str]]:
    """Unpack parts, with all commits from which they come."""
    found = _parts(packed)
    commits, paths = found.commits, list(map(os.fsdecode, found.paths))
    # Nearly all have one origin, and there are many of them.
    listed = [
        Part(((commits[by[0]], paths[by[1]]),), blank, bare, content)
        if len(by) == 2  # noqa: PLR2004 - a commit and a path
        else Part(_origins(by, commits, paths), blank, bare, content)
        for blank, bare, content, *by in found.rows
    ]
    return tuple(listed), commits


def _origins(by: list[int], commits: list[str], paths: list[str]) -> Sources:
    pairs = zip(by[::2], by[1::2], strict=True)
    return tuple((commits[one], paths[other]) for one, other in pairs)


def looked(found: Looked) -> bytes:
    """Pack what is in a blob."""
    behind = [(commit, os.fsencode(path)) for commit, path in found.behind]
    words = (list(found.tags), list(found.notices), list(found.formatted))
    return _pack(_Look(found.binary, kinds(found.kinds), *words, behind))


def as_looked(packed: bytes) -> Looked:
    """Unpack it."""
    found = _looked(packed)
    lists = (tuple(found.tags), tuple(found.notices), tuple(found.formatted))
    behind = tuple((commit, os.fsdecode(path)) for commit, path in found.behind)
    return Looked(found.binary, as_kinds(found.kinds), *lists, behind)


def kinds(found: bytes) -> bytes:
    """Pack what kinds of lines there are."""
    return zlib.compress(found, 1) if found else b""


def as_kinds(packed: bytes) -> bytes:
    """Unpack them."""
    return zlib.decompress(packed) if packed else b""


def undone(found: Mapping[str, Mapping[int, Line]]) -> bytes:
    """Pack from where the lines come that a commit put back."""
    plain = {
        os.fsencode(path): {
            line: [commit, os.fsencode(there), number]
            for line, (commit, there, number) in by.items()
        }
        for path, by in found.items()
    }
    return zlib.compress(_pack(plain), 1)


def as_undone(packed: bytes) -> dict[str, dict[int, Line]]:
    """Unpack it."""
    form = dict[bytes, dict[int, tuple[str, bytes, int]]]
    found = msgspec.msgpack.decode(zlib.decompress(packed), type=form)
    return {
        os.fsdecode(path): {
            line: (commit, os.fsdecode(there), number)
            for line, (commit, there, number) in by.items()
        }
        for path, by in found.items()
    }


def places(found: Mapping[str, int]) -> bytes:
    """Pack which file is where."""
    return _pack({os.fsencode(path): place for path, place in found.items()})


def as_places(packed: bytes) -> dict[str, int]:
    """Unpack it."""
    found = msgspec.msgpack.decode(packed, type=dict[bytes, int])
    return {os.fsdecode(path): place for path, place in found.items()}
