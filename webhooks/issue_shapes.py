"""What GitHub tells of issues and of comments, typed, and how each becomes an event."""

from datetime import datetime
from typing import Any

import msgspec

from core.github import LONGEST_MILESTONE, Issue
from webhooks import events
from webhooks.milestone_shapes import PutIntoPart
from webhooks.parts import GHOST, AccountPart, InstallationPart, Part, RepositoryPart


class _Label(Part, frozen=True):
    name: str


class _Reactions(Part, frozen=True):
    thumbs: int = msgspec.field(default=0, name="+1")


class IssuePart(Part, frozen=True):
    """An issue, or a pull request seen as one (then `pull_request` is set)."""

    node_id: str
    number: int
    title: str
    state: str
    user: AccountPart | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    labels: tuple[_Label, ...] = ()
    locked: bool = False
    reactions: _Reactions = _Reactions()
    body: str | None = None
    state_reason: str | None = None
    milestone: PutIntoPart | None = None
    pull_request: dict[str, Any] | None = None
    author_association: str | None = None
    comments: int = 0

    def value(self) -> Issue:
        """Make the value."""
        return Issue(
            node_id=self.node_id,
            number=self.number,
            title=self.title,
            author=self.user.value() if self.user else GHOST,
            state=self.state,
            created_at=self.created_at,
            updated_at=self.updated_at,
            closed_at=self.closed_at,
            labels=tuple(label.name for label in self.labels),
            locked=self.locked,
            thumbs=self.reactions.thumbs,
            body=self.body or "",
            state_reason=self.state_reason or "",
            milestone=self.milestone.title[:LONGEST_MILESTONE] if self.milestone else "",
            milestone_number=self.milestone.number if self.milestone else 0,
            association=self.author_association or "NONE",
            comments=self.comments,
        )


class _CommentBody(Part, frozen=True):
    id: int
    body: str
    user: AccountPart | None
    created_at: datetime
    updated_at: datetime
    author_association: str = "NONE"


class _Thread(Part, frozen=True):
    number: int
    pull_request: dict[str, Any] | None = None


class _From(Part, frozen=True):
    # GitHub's word for what a text was before is "from", which Python keeps for itself.
    was: str = msgspec.field(default="", name="from")


class _CommentChanges(Part, frozen=True):
    body: _From = _From()


class IssueCommentShape(Part, frozen=True):
    """The payload of `issue_comment`."""

    action: str
    issue: _Thread
    comment: _CommentBody
    repository: RepositoryPart
    sender: AccountPart
    changes: _CommentChanges = _CommentChanges()
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        comment = self.comment
        return events.CommentWritten(
            action=self.action,
            repo=self.repository.value(self.installation),
            number=self.issue.number,
            on_pull_request=self.issue.pull_request is not None,
            comment_id=comment.id,
            body=comment.body,
            author=comment.user.value() if comment.user else GHOST,
            sender=self.sender.value(),
            created_at=comment.created_at,
            updated_at=comment.updated_at,
            association=comment.author_association,
            was=self.changes.body.was,
        )


class _Changes(Part, frozen=True):
    new_issue: IssuePart | None = None
    old_issue: IssuePart | None = None
    new_repository: RepositoryPart | None = None


class IssuesShape(Part, frozen=True):
    """The payload of `issues`."""

    action: str
    issue: IssuePart
    repository: RepositoryPart
    sender: AccountPart
    label: _Label | None = None
    changes: _Changes = _Changes()
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        new, place = self.changes.new_issue, self.changes.new_repository
        old = self.changes.old_issue
        moved = new is not None and place is not None
        return events.IssueChanged(
            action=self.action,
            repo=self.repository.value(self.installation),
            issue=self.issue.value(),
            sender=self.sender.value(),
            label=self.label.name if self.label else None,
            moved_to=place.value(None) if moved and place else None,
            moved=new.value() if moved and new else None,
            moved_from=old.node_id if old else "",
        )
