"""Every event of GitHub that we listen to: what its body is about, and the actions that matter."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from webhooks.discussion_shapes import DiscussionCommentShape, DiscussionShape
from webhooks.issue_shapes import IssueCommentShape, IssuesShape
from webhooks.milestone_shapes import MilestoneShape
from webhooks.release_shapes import ReleaseShape
from webhooks.shapes import (
    CheckRunShape,
    CheckSuiteShape,
    InstallationRepositoriesShape,
    InstallationShape,
    MergeGroupShape,
    PingShape,
    PullRequestShape,
    PushShape,
    RepositoryShape,
    Shape,
)


@dataclass(frozen=True)
class Kind:
    """One event of GitHub: what its body is about, its actions, and those that we act on."""

    decode: Callable[[bytes], Shape]
    subjects: frozenset[str]
    known: frozenset[str | None]
    acted_on: frozenset[str | None]
    may_have: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _kind(
    shape: type,
    subjects: str,
    acted_on: str | None,
    known: str = "",
    may_have: str = "",
) -> Kind:
    acted: frozenset[str | None] = frozenset({None}) if acted_on is None else _words(acted_on)
    return Kind(
        decode=msgspec.json.Decoder(shape).decode,
        subjects=_words(subjects),
        known=acted | _words(known),
        acted_on=acted,
        may_have=_words(may_have),
    )


KINDS: dict[str, Kind] = {
    "ping": _kind(PingShape, "zen", None),
    "pull_request": _kind(
        PullRequestShape,
        "pull_request",
        "opened reopened synchronize edited closed ready_for_review",
        "assigned auto_merge_disabled auto_merge_enabled converted_to_draft demilestoned dequeued"
        " enqueued labeled locked milestoned review_request_removed review_requested unassigned"
        " unlabeled unlocked",
        "label milestone",
    ),
    "issue_comment": _kind(
        IssueCommentShape, "issue comment", "created edited deleted", "pinned unpinned"
    ),
    "issues": _kind(
        IssuesShape,
        "issue",
        "opened edited closed reopened labeled unlabeled milestoned demilestoned locked unlocked"
        " transferred deleted",
        "assigned field_added field_removed pinned typed unassigned unpinned untyped",
        "label milestone",
    ),
    "discussion": _kind(
        DiscussionShape,
        "discussion",
        "created edited category_changed closed reopened locked unlocked transferred deleted",
        "answered unanswered labeled unlabeled pinned unpinned",
        "answer label",
    ),
    "discussion_comment": _kind(
        DiscussionCommentShape, "discussion comment", "created edited deleted"
    ),
    "push": _kind(PushShape, "commits", None),
    "check_run": _kind(
        CheckRunShape, "check_run", "rerequested", "created completed requested_action"
    ),
    "check_suite": _kind(CheckSuiteShape, "check_suite", "rerequested", "completed requested"),
    "merge_group": _kind(MergeGroupShape, "merge_group", "checks_requested", "destroyed"),
    "installation": _kind(
        InstallationShape,
        "",
        "created deleted suspend unsuspend new_permissions_accepted",
        may_have="repositories",
    ),
    "installation_repositories": _kind(
        InstallationRepositoriesShape,
        "repositories_added repositories_removed",
        "added removed",
    ),
    "milestone": _kind(MilestoneShape, "milestone", "created edited closed opened deleted"),
    "release": _kind(
        ReleaseShape,
        "release",
        "published edited deleted unpublished",
        "created prereleased released",
    ),
    "repository": _kind(
        RepositoryShape,
        "",
        "renamed transferred archived unarchived deleted privatized publicized edited",
        "created",
    ),
}
