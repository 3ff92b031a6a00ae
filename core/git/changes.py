"""What is different between two commits, file by file: the bytes before and after, by their names."""

import os
from dataclasses import dataclass

from core.git.command import run
from core.git.view import View

NOTHING = "0"


@dataclass(frozen=True)
class Change:
    """A path whose content or kind is another; a hash is "" where there is nothing."""

    path: str
    mode: str
    before: str
    after: str


def merge_base(view: View, one: str, other: str) -> str:
    """Give the commit from which two have parted. Raises `GitFailed` where there is none."""
    return run(view.git_dir, "merge-base", one, other).decode("ascii").split("\n")[0]


def changed(view: View, before: str, after: str) -> tuple[Change, ...]:
    """Compare two commits; a file under a new name is one that went and one that came."""
    said = run(view.git_dir, "diff-tree", "-r", "-z", "--no-renames", "--raw", before, after)
    parts = said.split(b"\0")
    found = []
    for place in range(0, len(parts) - 1, 2):
        _, mode, old, new, _ = parts[place].decode("ascii").split(" ")
        found.append(Change(os.fsdecode(parts[place + 1]), mode, _name(old), _name(new)))
    return tuple(found)


def _name(said: str) -> str:
    return "" if set(said) == {NOTHING} else said
