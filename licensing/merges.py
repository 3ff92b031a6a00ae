"""Merge commits that only bring the base branch in: nobody is asked for them.

A comparison base...head lists every commit that the base has not. So a merge's parent that is
not in the list lies on the base's history, and everything reachable from it was judged before.
Whether the merge itself adds something is shown by files: all that it changed against its own
parent must be taken, unaltered, from what the base changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.github import Commit, Comparison
from licensing import trailers

PARENTS = 2


@dataclass(frozen=True)
class BaseMerge:
    """A merge of the base into the pull request: its parent in the pull request, and the other."""

    sha: str
    own_parent: str
    base_parent: str


def by_github(commit: Commit) -> bool:
    """Say whether GitHub itself made a commit: its key signs what bears its address."""
    return commit.verified and commit.committer.email.lower() == trailers.WEB_FLOW_EMAIL


def base_merges(commits: Iterable[Commit]) -> tuple[BaseMerge, ...]:
    """Give the merges of which exactly one parent is among `commits`, a complete list."""
    listed = tuple(commits)
    inside = {commit.sha for commit in listed}
    found = []
    for commit in listed:
        own = [parent for parent in commit.parents if parent in inside]
        other = [parent for parent in commit.parents if parent not in inside]
        # An octopus merge has more than two parents: nothing is assumed about it.
        if len(commit.parents) == PARENTS and len(own) == 1 and len(other) == 1:
            found.append(BaseMerge(commit.sha, own[0], other[0]))
    return tuple(found)


def adds_nothing(merged: Comparison, brought: Comparison, merge: BaseMerge) -> bool:
    """Say whether a merge is shown to add nothing of its own.

    `merged` compares its own parent with the merge, `brought` its own parent with the base's
    side. False also means that it could not be shown.
    """
    if not (merged.files_complete and brought.files_complete):
        return False
    # If the own parent were no ancestor, the comparison would start elsewhere and show less.
    if merged.merge_base != merge.own_parent:
        return False
    taken = {
        (file.path, file.status, file.blob, file.previous_path)
        for file in brought.files
        if file.blob is not None
    }
    return all(
        (file.path, file.status, file.blob, file.previous_path) in taken for file in merged.files
    )
