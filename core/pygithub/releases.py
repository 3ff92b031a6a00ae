"""Releases, and the commits that tags stand at.

Source: https://docs.github.com/en/rest/releases/releases
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from core.github import MOST_RELEASES, Incomplete, NotFound, Refused, Release, Repo


class Releases:
    """What an installation reads of releases; `send` and `pages` are the installation's."""

    def send(self, method: str, path: str) -> Any:
        """Send one request."""
        raise NotImplementedError

    def pages(self, path: str) -> Iterator[Any]:
        """Go through a paged list."""
        raise NotImplementedError

    def releases(self, repo: Repo) -> Iterator[Release]:
        """List the published releases, newest first, as far back as GitHub's list is read."""
        for count, page in enumerate(self.pages(f"/repos/{repo.name}/releases")):
            if count >= MOST_RELEASES:
                return
            yield _release(page)

    def commit_of_tag(self, repo: Repo, tag: str) -> str | None:
        """Give the commit that a tag stands at; None where there is no such tag."""
        path = f"/repos/{repo.name}/commits/{quote(f'tags/{tag}')}"
        try:
            body = self.send("GET", path).body
        except (NotFound, Refused):
            return None
        sha = body.get("sha") if isinstance(body, dict) else None
        if not isinstance(sha, str) or not sha:
            raise Incomplete("a commit of GitHub's has no id")
        return sha


def _release(page: Mapping[str, Any]) -> Release:
    try:
        published = page["published_at"]
        return Release(
            id=int(page["id"]),
            tag=str(page["tag_name"]),
            published_at=datetime.fromisoformat(published) if published else None,
            draft=bool(page["draft"]),
            prerelease=bool(page["prerelease"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Incomplete(f"a release of GitHub's lacks {error}") from None
