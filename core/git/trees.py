"""What stands in a commit's tree, and what changed between a commit and each of its parents."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from core.git.command import GitFailed, run
from core.git.view import View

FILES = ("100644", "100755", "100664")
LINK, SUBMODULE = "120000", "160000"


@dataclass(frozen=True)
class Entry:
    """A name in a tree; `path` is from the root, with what is not UTF-8 kept as it is."""

    mode: str
    blob: str
    path: str

    @property
    def is_file(self) -> bool:
        """A file, not a link or a submodule."""
        return self.mode in FILES


def entries(view: View, commit: str) -> tuple[Entry, ...]:
    """List everything in a commit's tree, folders opened. Raises `GitFailed`."""
    said = run(view.git_dir, "ls-tree", "-r", "-z", "--full-tree", commit)
    found = []
    for line in said.split(b"\0"):
        if line:
            facts, _, path = line.partition(b"\t")
            mode, _, blob = facts.decode("ascii").split(" ")
            found.append(Entry(mode, blob, os.fsdecode(path)))
    return tuple(found)


@dataclass(frozen=True)
class Step:
    """A commit with its parents, and for each parent the paths whose bytes are not the same."""

    commit: str
    parents: tuple[str, ...]
    changed: tuple[frozenset[str], ...]


def steps(view: View, newest: str, known: str, most: int) -> tuple[Step, ...] | None:
    """Give the commits from `newest` down that `known` does not reach, children first.

    None where there are more than `most`, or where some of it is not in the clone.
    """
    try:
        said = run(
            view.git_dir,
            "rev-list",
            "--topo-order",
            "--parents",
            f"--max-count={most + 1}",
            newest,
            f"^{known}",
        )
        lines = [line.split(" ") for line in said.decode("ascii").splitlines()]
        if len(lines) > most:
            return None
        pairs = [(parent, child) for child, *parents in lines for parent in parents]
        changed = dict(zip(pairs, _changes(view, pairs), strict=True))
    except GitFailed:
        return None
    return tuple(
        Step(child, tuple(parents), tuple(changed[parent, child] for parent in parents))
        for child, *parents in lines
    )


def _changes(view: View, pairs: list[tuple[str, str]]) -> Iterator[frozenset[str]]:
    if not pairs:
        return
    # A commit with one parent on a line is compared with that one; renames stay unknown, as
    # blame wants it for a file whose bytes are the same.
    told = "".join(f"{child} {parent}\n" for parent, child in pairs).encode("ascii")
    options = ("--stdin", "-r", "-z", "--always", "--no-renames", "--raw")
    parts = run(view.git_dir, "diff-tree", *options, told=told).split(b"\0")
    found: list[set[str]] = []
    at = 0
    while at < len(parts) and parts[at]:
        if not parts[at].startswith(b":"):
            found.append(set())
            at += 1
            continue
        _, _, before, after, _ = parts[at].decode("ascii").split(" ")
        if before != after:  # another mode with the same bytes changes no line
            found[-1].add(os.fsdecode(parts[at + 1]))
        at += 2
    yield from map(frozenset, found)
