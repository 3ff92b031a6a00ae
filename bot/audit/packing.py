"""Findings as bytes and back: names once, numbers behind; paths stay the bytes that git has."""

import os
import zlib
from collections.abc import Iterable, Mapping

import msgspec

from core.git import Run
from licensing.audit.files import Looked
from licensing.audit.parts import Line, Part

_pack = msgspec.msgpack.encode
_NOWHERE = -1


class _Names:
    """Gives each name a number, in the order in which they come."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        return self._known.setdefault(name, len(self._known))

    def listed(self) -> list[bytes]:
        return [os.fsencode(name) for name in self._known]


class _Rows(msgspec.Struct, array_like=True):
    names: list[bytes]
    rows: list[list[int]]


class _Look(msgspec.Struct, array_like=True):
    binary: bool
    kinds: bytes
    tags: list[str]
    notices: list[str]
    formatted: list[str]
    behind: list[tuple[str, bytes]]


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
    name = _Names()
    rows = [
        [part.blank, part.bare, part.content, *(name(it) for one in part.sources for it in one)]
        for part in found
    ]
    return _pack(_Rows(name.listed(), rows))


def as_parts(packed: bytes) -> tuple[Part, ...]:
    """Unpack parts."""
    found = msgspec.msgpack.decode(packed, type=_Rows)
    names = list(map(os.fsdecode, found.names))
    return tuple(
        Part(
            tuple(
                (names[one], names[other]) for one, other in zip(by[::2], by[1::2], strict=True)
            ),
            blank,
            bare,
            content,
        )
        for blank, bare, content, *by in found.rows
    )


def looked(found: Looked) -> bytes:
    """Pack what is in a blob."""
    kinds = zlib.compress(found.kinds, 1)
    behind = [(commit, os.fsencode(path)) for commit, path in found.behind]
    words = (list(found.tags), list(found.notices), list(found.formatted))
    return _pack(_Look(found.binary, kinds, *words, behind))


def as_looked(packed: bytes) -> Looked:
    """Unpack it."""
    found = msgspec.msgpack.decode(packed, type=_Look)
    kinds = zlib.decompress(found.kinds)
    lists = (tuple(found.tags), tuple(found.notices), tuple(found.formatted))
    behind = tuple((commit, os.fsdecode(path)) for commit, path in found.behind)
    return Looked(found.binary, kinds, *lists, behind)


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
