"""What an audit was judged from, kept: to judge anew when people sign or withdraw, without a clone.

It holds what commits and files say, and nothing of who granted what.
"""

import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

import msgspec

from core.git.commits import RawCommit, Signature
from licensing.audit.files import Kind
from licensing.audit.parts import Part
from licensing.audit.tally import FileParts

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Matter:
    """The files of a commit as they were taken apart under a policy, and the commits behind them.

    `strangers` are those that came after we did, where `baseline` was; `landed` may explain them.
    `mailmap` is that file's text: it decides nothing, and tells whom to ask about.
    """

    commit: str
    target: str
    files: tuple[FileParts, ...]
    commits: Mapping[str, RawCommit]
    cut: frozenset[str]
    strangers: frozenset[str]
    baseline: str
    mailmap: str = ""


class _File(msgspec.Struct, array_like=True):
    path: bytes
    kind: int
    parts: list[tuple[list[tuple[int, bytes]], int, int, int]]
    lines: int
    licence: str
    foreign: str
    why: str


class Commit(msgspec.Struct, array_like=True):
    """A commit as it is kept; instants are seconds since 1970, UTC."""

    sha: str
    parents: list[str]
    name: str
    email: str
    authored: int
    committed: int
    message: str


class _Matter(msgspec.Struct, array_like=True):
    commit: str
    target: str
    files: list[_File]
    commits: list[Commit]
    cut: list[str]
    strangers: list[str]
    baseline: str
    mailmap: str = ""


def packed(matter: Matter) -> bytes:
    """Give it as bytes."""
    places = {sha: place for place, sha in enumerate(matter.commits)}
    whole = _Matter(
        matter.commit,
        matter.target,
        [_file(one, places) for one in matter.files],
        [commit_plain(one) for one in matter.commits.values()],
        sorted(matter.cut & matter.commits.keys()),
        sorted(matter.strangers & matter.commits.keys()),
        matter.baseline,
        _plain(matter.mailmap),
    )
    return zlib.compress(msgspec.msgpack.encode(whole), 6)


def unpacked(content: bytes) -> Matter:
    """Read it back."""
    found = msgspec.msgpack.decode(zlib.decompress(content), type=_Matter)
    shas = [one.sha for one in found.commits]
    return Matter(
        found.commit,
        found.target,
        tuple(_file_back(one, shas) for one in found.files),
        {one.sha: commit_back(one) for one in found.commits},
        frozenset(found.cut),
        frozenset(found.strangers),
        found.baseline,
        found.mailmap,
    )


def _file(one: FileParts, places: Mapping[str, int]) -> _File:
    parts = [
        (
            [(places[sha], os.fsencode(path)) for sha, path in part.sources],
            part.blank,
            part.bare,
            part.content,
        )
        for part in one.parts
    ]
    kind = KINDS.index(one.kind)
    return _File(
        os.fsencode(one.path),
        kind,
        parts,
        one.lines,
        one.licence,
        _plain(one.foreign),
        _plain(one.why),
    )


def _file_back(one: _File, shas: list[str]) -> FileParts:
    parts = tuple(
        Part(tuple((shas[place], os.fsdecode(path)) for place, path in sources), *counts)
        for sources, *counts in one.parts
    )
    kind = KINDS[one.kind]
    return FileParts(
        os.fsdecode(one.path), kind, parts, one.lines, one.licence, one.foreign, one.why
    )


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def commit_plain(one: RawCommit) -> Commit:
    """Give what judging needs of a commit as plain values."""
    return Commit(
        one.sha,
        list(one.parents),
        _plain(one.author.name),
        _plain(one.author.email),
        int(one.author.at.timestamp()),
        int(one.committer.at.timestamp()),
        _plain(one.message),
    )


def commit_back(one: Commit) -> RawCommit:
    """Read it back; the committer has an instant and no name."""
    author = Signature(one.name, one.email, datetime.fromtimestamp(one.authored, UTC))
    committer = Signature("", "", datetime.fromtimestamp(one.committed, UTC))
    return RawCommit(one.sha, "", tuple(one.parents), author, committer, one.message)


def commits_of(files: Iterable[FileParts]) -> frozenset[str]:
    """Give every commit from which lines of these files come."""
    return frozenset(sha for one in files for part in one.parts for sha, _ in part.sources)
