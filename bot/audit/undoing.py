"""Pure reverts: who puts back what somebody deleted has written none of it.

A commit that says which commit it reverts, and that puts back line for line what that one took
away (and takes away what it had put in), stands for whatever was there before.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.audit.shelf import Shelf
from core.git import GitFailed, RawCommit, View, blame
from core.git.command import run
from core.git.patches import FilePatch, patch, undoes
from licensing.audit.parts import Line, Source, Undone

REVERTS = "This reverts commit "
_SAYS = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")


@dataclass(frozen=True)
class Reverts:
    """Where lines come from that were put back; `doubtful` are commits that could not be followed."""

    origins: Undone
    doubtful: frozenset[str]


def undone(
    view: View,
    shelf: Shelf,
    commits: Iterable[str],
    raw: Callable[[Iterable[str]], Iterable[RawCommit]],
) -> Reverts:
    """Find the pure reverts among commits, and from where the lines come that they put back.

    What stood there before may itself have been put back: that is looked up as well.
    """
    known = shelf.reverted()
    found: dict[Source, Mapping[int, Line]] = {}
    doubtful: set[str] = set()
    seen: set[str] = set()
    waiting = set(commits)
    while waiting:
        seen |= waiting
        behind: set[str] = set()
        for commit in raw(waiting):
            if REVERTS not in commit.message or not _SAYS.search(commit.message):
                continue
            if commit.sha not in known:
                by_path = _put_back(view, commit)
                if by_path is None:
                    doubtful.add(commit.sha)
                    continue
                known[commit.sha] = by_path
                shelf.keep_reverted(commit.sha, by_path)
            for path, by in known[commit.sha].items():
                found[commit.sha, path] = by
                behind.update(line[0] for line in by.values())
        waiting = behind - seen
    return Reverts(found, frozenset(doubtful))


def _put_back(view: View, commit: RawCommit) -> dict[str, dict[int, Line]] | None:
    """Give, by path and line of the revert, the commit and path that the line is from.

    None where something is missing that would have to be compared.
    """
    says = _SAYS.search(commit.message)
    if says is None or not commit.parents:
        return {}
    reverted = _before(view, says[1], commit.parents[0])
    if reverted is None:
        return None if view.shallow else {}
    try:
        before = view.commit(f"{reverted}^1")
        mine, theirs = patch(view, commit.parents[0], commit.sha), patch(view, before, reverted)
        if mine is None or theirs is None:
            return None
        if not undoes(mine, theirs):
            return {}
        return {
            path: _lines(view, before, path, one, theirs[path])
            for path, one in mine.items()
            if one.put
        }
    except GitFailed:
        return None


def _before(view: View, named: str, parent: str) -> str | None:
    """Find what is said to be reverted, if it is a part of what came before.

    A clone may hold more than its history has: commits that nobody merged, in anybody's name.
    """
    try:
        found = view.commit(named)
        run(view.git_dir, "merge-base", "--is-ancestor", found, parent)
    except GitFailed:
        return None
    return found


def _lines(
    view: View, before: str, path: str, mine: FilePatch, theirs: FilePatch
) -> dict[int, Line]:
    """Follow each line that was put back to where it stood before it was taken away."""
    origin: dict[int, Line] = {}
    for one in blame(view, before, path):
        origin |= {
            one.start + place: (one.commit, one.path, one.first + place)
            for place in range(one.count)
        }
    pairs = zip(mine.put, theirs.taken, strict=True)
    return {here: origin[there] for (here, _), (there, _) in pairs if there in origin}
