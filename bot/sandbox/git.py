"""Commits, trees and blobs as git has them: a small graph with merge bases, diffs and merges."""

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox import objects

Tree = Mapping[str, str]
"""Path to the id of the blob there."""

LINES_COMPARED = 2_000


@dataclass(frozen=True)
class Stamp:
    """Who wrote or committed, as claimed, and when (aware, UTC)."""

    name: str
    email: str
    at: datetime

    @property
    def line(self) -> str:
        """As a commit has it."""
        return f"{self.name} <{self.email}> {int(self.at.timestamp())} +0000"


@dataclass(frozen=True)
class Commit:
    """One commit; `verified` says that GitHub could check its signature."""

    sha: str
    tree: Tree
    tree_sha: str
    parents: tuple[str, ...]
    author: Stamp
    committer: Stamp
    message: str
    verified: bool
    order: int


@dataclass(frozen=True)
class FileChange:
    """How one file differs between two trees."""

    path: str
    status: str
    blob: str
    additions: int
    deletions: int
    previous_path: str | None = None

    @property
    def changes(self) -> int:
        """Lines touched."""
        return self.additions + self.deletions


class MergeConflict(Exception):
    """Both sides changed the same files differently: `paths`."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        """Keep the paths."""
        super().__init__("conflict in " + ", ".join(paths))
        self.paths = paths


class Objects:
    """The object store that a repository and its forks share."""

    def __init__(self) -> None:
        """Start empty."""
        self.blobs: dict[str, bytes] = {}
        self.commits: dict[str, Commit] = {}

    def blob(self, content: bytes) -> str:
        """Keep `content` and give its id, as `git hash-object` would."""
        sha = hashlib.sha1(
            b"blob %d\0" % len(content) + content, usedforsecurity=False
        ).hexdigest()
        self.blobs[sha] = content
        return sha

    def changed(self, tree: Tree, files: Mapping[str, bytes | None]) -> dict[str, str]:
        """Give `tree` with `files` written into it; None takes a file away."""
        result = dict(tree)
        for path, content in files.items():
            if content is None:
                result.pop(path, None)
            else:
                result[path] = self.blob(content)
        return result

    def commit(
        self,
        tree: Tree,
        parents: Iterable[str],
        author: Stamp,
        committer: Stamp,
        message: str,
        *,
        verified: bool = False,
    ) -> Commit:
        """Keep a commit; the same content gives the same id."""
        parents = tuple(parents)
        tree_sha = [objects.name_of(one) for one in objects.trees(tree)][-1]
        sha = objects.name_of(objects.commit(tree_sha, parents, author, committer, message))
        if sha not in self.commits:
            order = len(self.commits)
            self.commits[sha] = Commit(
                sha, dict(tree), tree_sha, parents, author, committer, message, verified, order
            )
        return self.commits[sha]

    def stored(self, sha: str) -> Iterator[objects.Stored]:
        """Give everything that a clone of a commit holds, in git's own form."""
        for one in sorted(self.ancestors(sha)):
            commit = self.commits[one]
            yield from (("blob", self.blobs[blob]) for blob in commit.tree.values())
            yield from objects.trees(commit.tree)
            yield objects.commit(
                commit.tree_sha, commit.parents, commit.author, commit.committer, commit.message
            )

    def ancestors(self, sha: str) -> set[str]:
        """Everything that `sha` is built on, itself included."""
        seen = {sha}
        waiting = [sha]
        while waiting:
            for parent in self.commits[waiting.pop()].parents:
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return seen

    def merge_base(self, one: str, other: str) -> str | None:
        """Give the best common ancestor, the newest where there are several."""
        common = self.ancestors(one) & self.ancestors(other)
        # Common ancestors are closed under "parent of", so the best are nobody's parent in there.
        passed = {parent for sha in common for parent in self.commits[sha].parents}
        best = common - passed
        return max(best, key=lambda sha: self.commits[sha].order, default=None)

    def between(self, base: str, head: str) -> list[Commit]:
        """Give what `head` has and `base` has not, parents before children."""
        shas = self.ancestors(head) - self.ancestors(base)
        return sorted((self.commits[sha] for sha in shas), key=lambda commit: commit.order)

    def diff(self, old: Tree, new: Tree) -> list[FileChange]:
        """Compare two trees file by file; an unchanged file under a new name is a rename."""
        gone = {old[path]: path for path in old if path not in new}
        changes = []
        renamed = set()
        for path in sorted(old.keys() | new.keys()):
            if path not in old and new[path] in gone:
                source = gone.pop(new[path])
                renamed.add(source)
                changes.append(FileChange(path, "renamed", new[path], 0, 0, source))
            elif old.get(path) != new.get(path):
                changes.append(self._change(path, old.get(path), new.get(path)))
        return [change for change in changes if change.path not in renamed]

    def _change(self, path: str, old: str | None, new: str | None) -> FileChange:
        additions, deletions = _lines_changed(
            self.blobs[old] if old else b"", self.blobs[new] if new else b""
        )
        status = "added" if old is None else "removed" if new is None else "modified"
        return FileChange(path, status, new or old or "", additions, deletions)

    def merged(
        self, ours: str, theirs: str, files: Mapping[str, bytes | None] | None = None
    ) -> dict[str, str]:
        """Give the tree of a merge, with `files` written over it; or raise `MergeConflict`."""
        base_sha = self.merge_base(ours, theirs)
        base = self.commits[base_sha].tree if base_sha else {}
        one, other = self.commits[ours].tree, self.commits[theirs].tree
        result = {}
        conflicts = []
        for path in base.keys() | one.keys() | other.keys():
            was, mine, yours = base.get(path), one.get(path), other.get(path)
            if mine not in {was, yours} and yours != was and path not in (files or {}):
                conflicts.append(path)
            blob = yours if mine == was else mine
            if blob is not None:
                result[path] = blob
        if conflicts:
            raise MergeConflict(tuple(sorted(conflicts)))
        return self.changed(result, files or {})

    def first_parents(self, sha: str) -> Iterator[Commit]:
        """Walk the main line back from `sha`."""
        commit: Commit | None = self.commits[sha]
        while commit:
            yield commit
            commit = self.commits[commit.parents[0]] if commit.parents else None


def _lines_changed(old: bytes, new: bytes) -> tuple[int, int]:
    if b"\0" in old or b"\0" in new:
        return 0, 0
    before, after = old.splitlines(), new.splitlines()
    if not before or not after or len(before) + len(after) > LINES_COMPARED:
        same = len(set(before) & set(after))
    else:
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        same = sum(block.size for block in matcher.get_matching_blocks())
    return len(after) - same, len(before) - same
