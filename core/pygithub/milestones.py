"""Milestones of a repository.

Source: https://docs.github.com/en/rest/issues/milestones
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from core.github import (
    LONGEST_MILESTONE,
    MOST_MILESTONES,
    Incomplete,
    Milestone,
    NotFound,
    Repo,
)

LONGEST_ID = 80
LARGEST_NUMBER = 2**31 - 1


class Milestones:
    """What an installation reads of milestones; `send` and `pages` are the installation's."""

    def send(self, method: str, path: str) -> Any:
        """Send one request."""
        raise NotImplementedError

    def pages(self, path: str, parameters: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Go through a paged list."""
        raise NotImplementedError

    def milestones(self, repo: Repo) -> Iterator[Milestone]:
        """List the milestones, open and closed, as far as GitHub's list is read."""
        asked = {"state": "all", "sort": "due_on", "direction": "asc"}
        for count, body in enumerate(self.pages(f"/repos/{repo.name}/milestones", asked)):
            if count >= MOST_MILESTONES:
                return
            yield _milestone(body)

    def milestone(self, repo: Repo, number: int) -> Milestone | None:
        """Read one milestone; None where there is none of this number (any more)."""
        try:
            answer = self.send("GET", f"/repos/{repo.name}/milestones/{number}")
        except NotFound:
            return None
        return _milestone(answer.body)


def _milestone(body: Mapping[str, Any]) -> Milestone:
    try:
        node_id, number = str(body["node_id"]), int(body["number"])
        _bounded(node_id, number)
        return Milestone(
            node_id=node_id,
            number=number,
            title=str(body["title"])[:LONGEST_MILESTONE],
            state="closed" if body["state"] == "closed" else "open",
            created_at=datetime.fromisoformat(body["created_at"]),
            updated_at=datetime.fromisoformat(body["updated_at"]),
            closed_at=_instant(body["closed_at"]),
            due_on=_instant(body["due_on"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Incomplete(f"a milestone of GitHub's lacks {error}") from None


def _bounded(node_id: str, number: int) -> None:
    if not 0 < len(node_id) <= LONGEST_ID or not 0 < number <= LARGEST_NUMBER:
        raise ValueError("a number or an id that it can have")


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
