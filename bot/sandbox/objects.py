"""Git's own form of commits and trees, so that what the sandbox holds can be cloned as it is."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

Stored = tuple[str, bytes]
"""A kind (`tree`, `commit`) and the content behind its header."""


class Stamped(Protocol):
    """Who, and when; see `bot.sandbox.git.Stamp`."""

    @property
    def line(self) -> str:
        """As a commit has it."""


def name_of(stored: Stored) -> str:
    """Give the name by which git calls an object."""
    kind, content = stored
    header = f"{kind} {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def commit(
    tree_sha: str, parents: Sequence[str], author: Stamped, committer: Stamped, message: str
) -> Stored:
    """Write a commit."""
    lines = [f"tree {tree_sha}", *(f"parent {one}" for one in parents)]
    lines += [f"author {author.line}", f"committer {committer.line}", "", message]
    return "commit", "\n".join(lines).encode()


def trees(tree: Mapping[str, str]) -> Iterator[Stored]:
    """Write a tree and all folders in it, the root last; `tree` maps paths to blobs."""
    here: dict[str, tuple[str, str]] = {}
    folders: dict[str, dict[str, str]] = {}
    for path, blob in tree.items():
        name, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(name, {})[rest] = blob
        else:
            here[name] = ("100644", blob)
    for name, inside in folders.items():
        last: Stored = ("tree", b"")
        for last in trees(inside):
            yield last
        here[name] = ("40000", name_of(last))
    ordered = sorted(
        here.items(), key=lambda one: (one[0] + "/" * (one[1][0] == "40000")).encode()
    )
    lines = (f"{mode} {name}\0".encode() + bytes.fromhex(sha) for name, (mode, sha) in ordered)
    yield "tree", b"".join(lines)
