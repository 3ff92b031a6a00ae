"""What GitHub tells of discussions and of comments on them, typed, and how each becomes an event."""

from datetime import datetime

import msgspec

from core.github import Issue
from webhooks import events
from webhooks.parts import GHOST, AccountPart, InstallationPart, Part, RepositoryPart


class _Category(Part, frozen=True):
    name: str


class DiscussionPart(Part, frozen=True):
    """A discussion; GitHub does not tell here when it was closed."""

    node_id: str
    number: int
    title: str
    state: str
    user: AccountPart | None
    created_at: datetime
    updated_at: datetime
    category: _Category
    locked: bool = False
    body: str | None = None
    author_association: str | None = None
    comments: int = 0

    def value(self) -> Issue:
        """Make the value: an issue with a category."""
        return Issue(
            node_id=self.node_id,
            number=self.number,
            title=self.title,
            author=self.user.value() if self.user else GHOST,
            state="closed" if self.state == "closed" else "open",
            created_at=self.created_at,
            updated_at=self.updated_at,
            locked=self.locked,
            body=self.body or "",
            association=self.author_association or "NONE",
            category=self.category.name,
            comments=self.comments,
        )


class _Changes(Part, frozen=True):
    new_discussion: DiscussionPart | None = None
    new_repository: RepositoryPart | None = None


class DiscussionShape(Part, frozen=True):
    """The payload of `discussion`."""

    action: str
    discussion: DiscussionPart
    repository: RepositoryPart
    sender: AccountPart
    changes: _Changes = _Changes()
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        new, place = self.changes.new_discussion, self.changes.new_repository
        moved = new is not None and place is not None
        return events.DiscussionChanged(
            action=self.action,
            repo=self.repository.value(self.installation),
            discussion=self.discussion.value(),
            sender=self.sender.value(),
            moved_to=place.value(None) if moved and place else None,
            moved=new.value() if moved and new else None,
        )


class _Body(Part, frozen=True):
    id: int
    body: str
    user: AccountPart | None
    created_at: datetime
    updated_at: datetime
    author_association: str = "NONE"


class _From(Part, frozen=True):
    was: str = msgspec.field(default="", name="from")


class _CommentChanges(Part, frozen=True):
    body: _From = _From()


class DiscussionCommentShape(Part, frozen=True):
    """The payload of `discussion_comment`."""

    action: str
    discussion: DiscussionPart
    comment: _Body
    repository: RepositoryPart
    sender: AccountPart
    changes: _CommentChanges = _CommentChanges()
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event: a comment as on an issue, with the discussion's node id."""
        comment = self.comment
        return events.CommentWritten(
            action=self.action,
            repo=self.repository.value(self.installation),
            number=self.discussion.number,
            on_pull_request=False,
            comment_id=comment.id,
            body=comment.body,
            author=comment.user.value() if comment.user else GHOST,
            sender=self.sender.value(),
            created_at=comment.created_at,
            updated_at=comment.updated_at,
            association=comment.author_association,
            was=self.changes.body.was,
            discussion=self.discussion.node_id,
        )
