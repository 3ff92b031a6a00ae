"""What a commit took away and put in, line by line: to tell whether it undoes another exactly."""

import os
import re
from dataclasses import dataclass, field

from core.git.command import run
from core.git.quoting import unquoted
from core.git.view import View

_HUNK = re.compile(rb"@@ -([0-9]+)(?:,[0-9]+)? \+([0-9]+)(?:,[0-9]+)? @@")
_PLAIN = (
    "-r",
    "-p",
    "-U0",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--text",
    "--diff-algorithm=myers",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
MOST_BYTES = 20_000_000


@dataclass
class FilePatch:
    """One file's part: the numbers and bytes of lines taken from before, and of lines put in."""

    taken: list[tuple[int, bytes]] = field(default_factory=list)
    put: list[tuple[int, bytes]] = field(default_factory=list)


def patch(view: View, before: str, after: str) -> dict[str, FilePatch] | None:
    """Compare two commits, by path, without context and renames; None if it is too large."""
    said = run(view.git_dir, "diff-tree", *_PLAIN, before, after)
    return _read(said) if len(said) <= MOST_BYTES else None


def undoes(one: dict[str, FilePatch], other: dict[str, FilePatch]) -> bool:
    """Say whether the one puts in exactly what the other took away, and the other way round."""
    if not one or one.keys() != other.keys():
        return False
    return all(
        [text for _, text in mine.put] == [text for _, text in other[path].taken]
        and [text for _, text in mine.taken] == [text for _, text in other[path].put]
        for path, mine in one.items()
    )


def _read(said: bytes) -> dict[str, FilePatch]:
    files: dict[str, FilePatch] = {}
    current, header = FilePatch(), True
    old = new = 0
    for line in said.split(b"\n"):
        mark = line[:1]
        if line.startswith(b"diff --git "):
            current, header = FilePatch(), True
        elif hunk := _HUNK.match(line):
            old, new, header = int(hunk[1]), int(hunk[2]), False
        elif header:
            name = _name(line)
            if name is not None:
                files[name] = current
        elif mark == b"-":
            current.taken.append((old, line[1:]))
            old += 1
        elif mark == b"+":
            current.put.append((new, line[1:]))
            new += 1
    return files


def _name(line: bytes) -> str | None:
    if not line.startswith((b"--- ", b"+++ ")):
        return None
    said = unquoted(line[4:].removesuffix(b"\t"))
    return None if said == b"/dev/null" else os.fsdecode(said[2:])
