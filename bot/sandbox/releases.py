"""Releases and tags in the sandbox: what people do with them, and how GitHub tells of it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from bot.sandbox.discussing import Discussing
from bot.sandbox.records import Account, Repository
from bot.sandbox.shapes import Json, Place, account, node_id, when
from bot.sandbox.state import act


@dataclass(eq=False)
class Release:
    """A release; a draft is not published and has no tag yet."""

    id: int
    repo: Repository
    author: Account
    tag: str
    name: str
    body: str
    created_at: datetime
    published_at: datetime | None
    prerelease: bool = False


def shown(place: Place, it: Release) -> Json:
    """Give a release as lists and webhooks carry it."""
    api, html = f"{place.api}/repos/{it.repo.full_name}", f"{place.web}/{it.repo.full_name}"
    own = f"{api}/releases/{it.id}"
    tag = quote(it.tag, safe="")
    return {
        "url": own,
        "assets_url": f"{own}/assets",
        "upload_url": f"{own}/assets{{?name,label}}",
        "html_url": f"{html}/releases/tag/{tag}",
        "id": it.id,
        "author": account(place, it.author),
        "node_id": node_id("RE", it.id),
        "tag_name": it.tag,
        "target_commitish": it.repo.default_branch,
        "name": it.name,
        "draft": it.published_at is None,
        "prerelease": it.prerelease,
        "created_at": when(it.created_at),
        "published_at": when(it.published_at),
        "assets": [],
        "tarball_url": f"{api}/tarball/{tag}",
        "zipball_url": f"{api}/zipball/{tag}",
        "body": it.body,
    }


class Releasing(Discussing):
    """Releases. Each method is one person's act and tells the Apps about it."""

    @act
    def tag(self, repo: Repository, name: str, commit: str = "") -> None:
        """Put a tag on a commit (the tip of the default branch), or move it there."""
        repo.tags[name] = commit or repo.branches[repo.default_branch]

    @act
    def publish_release(
        self,
        repo: Repository,
        by: Account,
        tag: str,
        commit: str = "",
        *,
        prerelease: bool = False,
        at: datetime | None = None,
    ) -> Release:
        """Publish a release of a tag, which is made if there is none; `at` for one long past."""
        if tag not in repo.tags:
            self.tag(repo, tag, commit)
        now = at or self.now()
        made = Release(self.new_id(), repo, by, tag, tag, "", now, now, prerelease)
        repo.releases.insert(0, made)
        for action in ("created", "published", "prereleased" if prerelease else "released"):
            self._tell_release(made, action, by)
        return made

    @act
    def edit_release(self, it: Release, by: Account, *, body: str = "", tag: str = "") -> None:
        """Change what a release says, or its tag."""
        changes: Json = {"changes": {"body": {"from": it.body}}}
        it.body, it.tag = body or it.body, tag or it.tag
        self._tell_release(it, "edited", by, changes)

    @act
    def delete_release(self, it: Release, by: Account) -> None:
        """Delete a release; the tag stays."""
        it.repo.releases.remove(it)
        self._tell_release(it, "deleted", by)

    def _tell_release(
        self, it: Release, action: str, by: Account, more: Json | None = None
    ) -> None:
        body = {"release": shown(self.place, it)} | (more or {})
        self.emit("release", action, it.repo, by, lambda: body)
