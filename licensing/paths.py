"""Patterns of paths, anchored at the repository's root: pure, and linear in time.

`*` stands for any part of one name, `?` for one character of it, `**` as a whole name for any
names, none included; at the end it stands for at least one. Everything else stands for itself,
case included; nothing negates.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from core.github import ChangedFile

_Pattern = TypeVar("_Pattern")
_Item = TypeVar("_Item")
ANY = "**"


def matches(path: str, pattern: str) -> bool:
    """Say whether a path from the root matches; one that git could not hold matches nothing."""
    if not is_plain(path):
        return False
    wanted = pattern.split("/")
    if wanted[-1] == ANY:
        wanted[-1:] = ["*", ANY]
    return _fits(path.split("/"), wanted, lambda name: name == ANY, _name_matches)


def is_plain(path: str) -> bool:
    """Say whether this is a path as git holds it: names between single slashes, no `.` or `..`."""
    if "\\" in path or "\0" in path:
        return False
    return all(name not in {"", ".", ".."} for name in path.split("/"))


def all_match(files: Iterable[ChangedFile], patterns: Sequence[str]) -> bool:
    """Say whether every file matches, where it was as well as where it is; no files do not."""
    paths = tuple(_paths(files))
    return bool(paths) and all(any(matches(path, one) for one in patterns) for path in paths)


def none_match(files: Iterable[ChangedFile], patterns: Sequence[str]) -> bool:
    """Say whether no file matches, neither where it was nor where it is; no files do not."""
    paths = tuple(_paths(files))
    return bool(paths) and all(
        is_plain(path) and not any(matches(path, one) for one in patterns) for path in paths
    )


def _paths(files: Iterable[ChangedFile]) -> Iterable[str]:
    for file in files:
        yield file.path
        if file.previous_path is not None:
            yield file.previous_path


def _name_matches(name: str, pattern: str) -> bool:
    return _fits(name, pattern, lambda one: one == "*", lambda item, one: one in {item, "?"})


def _fits(
    items: Sequence[_Item],
    pattern: Sequence[_Pattern],
    is_any: Callable[[_Pattern], bool],
    fits: Callable[[_Item, _Pattern], bool],
) -> bool:
    """Match a sequence; only the last “any” seen may have to take more, so there is no explosion."""
    at = wanted = 0
    star = mark = -1
    while at < len(items):
        if wanted < len(pattern) and is_any(pattern[wanted]):
            star, mark = wanted, at
            wanted += 1
        elif wanted < len(pattern) and fits(items[at], pattern[wanted]):
            at += 1
            wanted += 1
        elif star >= 0:
            mark += 1
            at, wanted = mark, star + 1
        else:
            return False
    return all(is_any(one) for one in pattern[wanted:])
