"""What GitHub tells of milestones, typed and bounded, and how it becomes an event."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from core.github import LONGEST_MILESTONE, Milestone
from webhooks import events
from webhooks.parts import AccountPart, InstallationPart, Part, RepositoryPart

Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
NodeId = Annotated[str, Meta(min_length=1, max_length=80)]
LONGEST_TOLD = 1_024
Title = Annotated[str, Meta(max_length=LONGEST_TOLD)]


class PutIntoPart(Part, frozen=True):
    """The milestone that an issue is in."""

    number: Number
    title: Title


class MilestonePart(Part, frozen=True):
    """A milestone."""

    node_id: NodeId
    number: Number
    title: Title
    state: Literal["open", "closed"]
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    due_on: datetime | None = None

    def value(self) -> Milestone:
        """Make the value."""
        return Milestone(
            node_id=self.node_id,
            number=self.number,
            title=self.title[:LONGEST_MILESTONE],
            state=self.state,
            created_at=self.created_at,
            updated_at=self.updated_at,
            closed_at=self.closed_at,
            due_on=self.due_on,
        )


class MilestoneShape(Part, frozen=True):
    """The payload of `milestone`."""

    action: str
    milestone: MilestonePart
    repository: RepositoryPart
    sender: AccountPart
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        repo = self.repository.value(self.installation)
        return events.MilestoneChanged(self.action, repo, self.milestone.value())
