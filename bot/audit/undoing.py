"""Pure reverts: who puts back what somebody deleted has written none of it.

A commit that says which commit it reverts, and that puts back line for line what that one took
away (and takes away what it had put in), stands for whatever was there before.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from bot.audit.shelf import Shelf
from core.git import GitFailed, RawCommit, View, blame
from core.git.patches import FilePatch, patch, undoes
from licensing.audit.parts import Line, Source, Undone

_SAYS = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")


def undone(
    view: View,
    shelf: Shelf,
    commits: Iterable[str],
    raw: Callable[[Iterable[str]], Iterable[RawCommit]],
) -> Undone:
    """Find the pure reverts among commits, and from where the lines come that they put back.

    What stood there before may itself have been put back: that is looked up as well.
    """
    known = shelf.reverted()
    found: dict[Source, Mapping[int, Line]] = {}
    seen: set[str] = set()
    waiting = set(commits)
    while waiting:
        seen |= waiting
        behind: set[str] = set()
        for commit in raw(waiting):
            if not _SAYS.search(commit.message):
                continue
            if commit.sha not in known:
                known[commit.sha] = _put_back(view, commit)
                shelf.keep_reverted(commit.sha, known[commit.sha])
            for path, by in known[commit.sha].items():
                found[commit.sha, path] = by
                behind.update(line[0] for line in by.values())
        waiting = behind - seen
    return found


def _put_back(view: View, commit: RawCommit) -> dict[str, dict[int, Line]]:
    """Give, by path and line of the revert, the commit and path that the line is from."""
    says = _SAYS.search(commit.message)
    if says is None or not commit.parents:
        return {}
    try:
        reverted = view.commit(says[1])
        before = view.commit(f"{reverted}^1")
        mine, theirs = patch(view, commit.parents[0], commit.sha), patch(view, before, reverted)
        if mine is None or theirs is None or not undoes(mine, theirs):
            return {}
        return {
            path: _lines(view, before, path, one, theirs[path])
            for path, one in mine.items()
            if one.put
        }
    except GitFailed:
        return {}


def _lines(
    view: View, before: str, path: str, mine: FilePatch, theirs: FilePatch
) -> dict[int, Line]:
    """Follow each line that was put back to where it stood before it was taken away."""
    origin: dict[int, Line] = {}
    for run in blame(view, before, path):
        origin |= {
            run.start + place: (run.commit, run.path, run.first + place)
            for place in range(run.count)
        }
    pairs = zip(mine.put, theirs.taken, strict=True)
    return {here: origin[there] for (here, _), (there, _) in pairs if there in origin}
