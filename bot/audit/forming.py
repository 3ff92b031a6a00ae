"""Commits that changed the form of lines alone, and whose the lines were before them."""

from collections.abc import Iterable, Mapping

from bot.audit.shelf import Change, Shelf
from core.digests import sha256
from core.git import BadObject, Objects, Run, View, blame
from licensing.audit import files
from licensing.audit.parts import Source


def formatted(
    objects: Objects, runs: Iterable[Run], known: Mapping[Change, bool]
) -> tuple[str, ...]:
    """Find the commits that only broke lines otherwise: who did that wrote none of the words.

    `known` are changes that were looked at before: what a commit changed never changes.
    """
    changes = dict.fromkeys((it.commit, it.path, it.previous) for it in runs if it.previous)
    found = [one[0] for one in changes if (known[one] if one in known else _is_form(objects, one))]
    return tuple(dict.fromkeys(found))


def _is_form(objects: Objects, change: Change) -> bool:
    commit, path, previous = change
    if previous is None:
        return False
    try:
        mine = objects.blob(f"{commit}:{path}")
        return files.same_words(mine, objects.blob(":".join(previous)))
    except BadObject:
        return False


def before(
    view: View, shelf: Shelf, formats: frozenset[str], commit: str, path: str
) -> Mapping[int, Source]:
    """Give from where each line of a file comes in one of `formats`, if all of them are passed.

    It never changes, and is found out once: a merge later costs nothing. Raises `GitFailed`.
    """
    passed = sorted(formats)
    named = sha256("\n".join(passed).encode())
    runs = shelf.behind(commit, path, named)
    if runs is None:
        runs = blame(view, commit, path, passed)
        shelf.keep_behind(commit, path, named, runs)
    return {
        run.start + place: (run.commit, run.path) for run in runs for place in range(run.count)
    }
