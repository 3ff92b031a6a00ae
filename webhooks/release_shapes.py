"""What GitHub tells of releases, typed, and how it becomes an event."""

from datetime import datetime

from core.github import Release
from webhooks import events
from webhooks.parts import AccountPart, InstallationPart, Part, RepositoryPart


class ReleasePart(Part, frozen=True):
    """A release; a draft has no `published_at`."""

    id: int
    tag_name: str
    draft: bool = False
    prerelease: bool = False
    published_at: datetime | None = None

    def value(self) -> Release:
        """Make the value."""
        return Release(self.id, self.tag_name, self.published_at, self.draft, self.prerelease)


class ReleaseShape(Part, frozen=True):
    """The payload of `release`."""

    action: str
    release: ReleasePart
    repository: RepositoryPart
    sender: AccountPart
    installation: InstallationPart | None = None

    def event(self) -> events.Event | None:
        """Make the event."""
        repo = self.repository.value(self.installation)
        return events.ReleaseChanged(self.action, repo, self.release.value())
