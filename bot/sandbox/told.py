"""What a comment said before it was edited, and what it answers: kept beside what it says now."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Version:
    """What a comment said from an instant on; `body` is None once it was taken out of the history."""

    by: Any
    body: str | None
    at: datetime


@dataclass(eq=False)
class Told:
    """Something that was said. `parent` is the comment below which it stands, in a discussion.

    `versions` are empty until it is edited; then the first is what it said when it was written.
    One that was deleted stays above what answers it.
    """

    versions: list[Version] = field(default_factory=list, init=False)
    parent: Any = field(default=None, init=False)
    deleted_at: datetime | None = field(default=None, init=False)

    def rewrite(self: Any, by: Any, body: str, at: datetime) -> None:
        """Let it say something else from now on."""
        if not self.versions:
            self.versions.append(Version(self.author, self.body, self.created_at))
        self.versions.append(Version(by, body, at))
        self.body, self.updated_at = body, at
