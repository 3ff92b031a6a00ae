"""Blame: from which commit each surviving line of a file comes. The commit only, never a name.

`-w` and `-M` follow lines through new indentation and through moves within their file. What the
command says of authors is thrown away: it passes through mail maps, and commits are read raw.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.git.command import run
from core.git.quoting import unquoted
from core.git.view import View

FLAGS = ("-w", "-M", "--root")
WITHIN_S = 1_800.0


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that follow each other here and did so in `commit`, in which the file was `path`.

    `start` is the first line here, `first` the first one there, both from 1. `previous` is the
    commit and path from which `commit` changed them, None where it brought the file in.
    """

    start: int
    count: int
    commit: str
    path: str
    first: int
    previous: tuple[str, str] | None = None


def blame(view: View, commit: str, path: str, ignored: Sequence[str] = ()) -> tuple[Run, ...]:
    """Say of every line of a file from where it comes, in order.

    `ignored` are commits that are passed through where git can tell what stood there before.
    Raises `GitFailed`, or `BadObject` where the history is not whole.
    """
    passed = [f"--ignore-rev={one}" for one in ignored]
    arguments = ["blame", *FLAGS, "--incremental", *passed, commit, "--", path]
    said = run(view.git_dir, *arguments, within=WITHIN_S)
    return tuple(sorted(_runs(said, view.digits), key=lambda one: one.start))


def _runs(said: bytes, digits: int) -> Iterator[Run]:
    names: dict[bytes, str] = {}
    numbers: list[bytes] = []
    sha, previous = b"", None
    for line in said.split(b"\n"):
        if line.startswith(b"filename "):
            path = _path(line[9:], names)
            commit = names.setdefault(sha, sha.decode("ascii"))
            first, start, count = map(int, numbers)
            yield Run(start, count, commit, path, first, previous)
            numbers, previous = [], None
        elif not numbers:
            sha, *numbers = line.split(b" ")
        elif line.startswith(b"previous "):
            before = line[9 : 9 + digits]
            previous = (before.decode("ascii"), _path(line[10 + digits :], names))


def _path(said: bytes, names: dict[bytes, str]) -> str:
    found = names.get(said)
    if found is None:
        found = names[said] = os.fsdecode(unquoted(said))
    return found
