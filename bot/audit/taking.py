"""Taking a commit's files apart: what is kept already stays, the rest is blamed on all cores.

A file's blame at a commit is the same as at another from which git reaches it without a change
of its bytes: git hands the whole file on to the first parent that has the same. So from the last
commit that was taken apart one follows, path by path, exactly the way that blame would take.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from bot.audit import forming, wide
from bot.audit.shelf import Shelf
from core.git import BadObject, Entry, GitFailed, Objects, View, blame, table
from core.git.trees import Step, steps
from licensing.audit import files

MOST_STEPS = 5_000
MANY_FILES = 8
"""For fewer files no table of commits is written."""
TRIED = 3
"""Against how many kept commits a new one is held, the latest first."""

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Taken:
    """The files of a commit: their places on the shelf, and why some could not be taken apart."""

    places: Mapping[str, int]
    failed: Mapping[str, str]
    blamed: int


def take(
    view: View, objects: Objects, shelf: Shelf, commit: str, wanted: Iterable[Entry], told: Told
) -> Taken:
    """Take these files of a commit apart; `told` hears how many of how many are done."""
    entries = {entry.path: entry for entry in wanted}
    known = shelf.snapshot(commit)
    if not known:
        known = _unchanged(view, shelf, commit, frozenset(entries)) | shelf.begun(commit)
    places = {path: place for path, place in known.items() if path in entries}
    missing = [entry for path, entry in entries.items() if path not in places]
    failed = _blame_all(view, objects, shelf, commit, missing, told)
    if missing:
        places |= {path: place for path, place in shelf.begun(commit).items() if path in entries}
    if not failed:
        shelf.keep_snapshot(commit, known | places)
    return Taken(places, failed, len(missing))


def one(view: View, objects: Objects, shelf: Shelf, commit: str, entry: Entry) -> int | str:
    """Take one file apart and give its place on the shelf, or why that cannot be."""
    known = shelf.snapshot(commit) or shelf.begun(commit)
    if entry.path not in known:
        why = _blame(view, objects, shelf, commit, entry)
        if why:
            return why
        known = shelf.begun(commit)
    return known[entry.path]


def _unchanged(view: View, shelf: Shelf, commit: str, paths: frozenset[str]) -> dict[str, int]:
    """Give the places of files whose blame is the same as at a commit that is kept."""
    for before in shelf.snapshots()[:TRIED]:
        walked = steps(view, commit, before, MOST_STEPS)
        if walked is not None:
            kept = shelf.snapshot(before)
            same = reached(walked, commit, before, paths)
            return {path: kept[path] for path in same if path in kept}
    return {}


def reached(
    walked: Iterable[Step], commit: str, before: str, paths: frozenset[str]
) -> frozenset[str]:
    """Give the paths for which blame would come, with the same bytes, from `commit` to `before`."""
    waiting: dict[str, set[str]] = {commit: set(paths)}
    for step in walked:
        here = waiting.pop(step.commit, set())
        for parent, changed in zip(step.parents, step.changed, strict=True):
            if not here:
                break
            same = here - changed
            waiting.setdefault(parent, set()).update(same)
            here &= changed
    return frozenset(waiting.get(before, ()))


def _blame_all(
    view: View,
    objects: Objects,
    shelf: Shelf,
    commit: str,
    missing: list[Entry],
    told: Told,
) -> dict[str, str]:
    failed: dict[str, str] = {}
    done = 0
    if len(missing) >= MANY_FILES:
        _table(view, shelf, commit)
    # Git works in processes of its own: threads only wait for it, one for each core.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for entry, why in pool.map(
            lambda one: (one, _blame(view, objects, shelf, commit, one)), missing
        ):
            done += 1
            told(done, len(missing))
            if why:
                failed[entry.path] = why
    return failed


def _table(view: View, shelf: Shelf, commit: str) -> None:
    """See to it that git finds quickly what a file's history is, where that is worth its while."""
    if table.beyond(view, commit, shelf.tabled()) and table.write(view, commit):
        shelf.keep_tabled(commit)


def _blame(view: View, objects: Objects, shelf: Shelf, commit: str, entry: Entry) -> str:
    """Take one file apart and keep it; says why that could not be, or nothing."""
    try:
        content = objects.blob(entry.blob)
        looked = files.look(content, entry.path)
        if files.is_pointer(content) and not looked.binary:
            return "what is in it is kept by Git LFS, and not in this clone"
        runs = () if looked.binary or not looked.kinds else blame(view, commit, entry.path)
        behind = wide.behind(view, objects, runs, looked.kinds)
    except BadObject:
        return "a part of its history is not in this clone, or is damaged"
    except GitFailed as error:
        return str(error)
    if sum(run.count for run in runs) != (0 if looked.binary else len(looked.kinds)):
        return "git counts its lines otherwise than they are"
    form = forming.formatted(objects, runs, shelf.changes(entry.path))
    looked = replace(looked, formatted=form, behind=behind)
    shelf.keep(commit, entry.path, runs, looked)
    return ""
