"""Apps, installations and repository settings: what owners do."""

import secrets
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox import shapes
from bot.sandbox.landing import Landing
from bot.sandbox.records import Account, App, Installation, PullRequest, Repository
from bot.sandbox.repo_shapes import repository_in_brief
from bot.sandbox.shapes import Json
from bot.sandbox.state import act

PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "discussions": "write",
    "email_addresses": "read",
    "issues": "write",
    "members": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
}
OF_PEOPLE = frozenset({"email_addresses"})
"""Permissions that each person gives for themselves: no installation has them."""

EVENTS = (
    "check_run",
    "check_suite",
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "merge_group",
    "milestone",
    "pull_request",
    "push",
    "release",
    "repository",
)


def _of_places(permissions: Mapping[str, str]) -> dict[str, str]:
    return {name: level for name, level in permissions.items() if name not in OF_PEOPLE}


@cache
def throwaway_key() -> str:
    """Make one private key for this process: making one takes a tenth of a second."""
    return new_key()


@lru_cache(maxsize=4)
def public_key(pem: str) -> Any:
    """Give the public half of a private key; reading one takes long, as it is checked."""
    return serialization.load_pem_private_key(pem.encode(), password=None).public_key()


def new_key() -> str:
    """Make an RSA private key, as PEM text."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


class Installing(Landing):
    """What owners of accounts, Apps and repositories do."""

    @act
    def register_app(
        self,
        owner: Account,
        name: str,
        *,
        id: int | None = None,
        private_key: str | None = None,
        webhook_secret: str | None = None,
        hook_url: str | None = None,
        external_url: str = "https://potluck.invalid",
        permissions: Mapping[str, str] = PERMISSIONS,
        events: Iterable[str] = EVENTS,
        callback_urls: Iterable[str] = (),
    ) -> App:
        """Register a GitHub App; what is not given is made up, as the manifest flow does."""
        slug = "-".join(name.lower().split())
        pem = private_key or new_key()
        public = public_key(pem)
        number = id or self.new_id()
        app = App(
            id=number,
            slug=slug,
            name=name,
            owner=owner,
            bot=self.account(f"{slug}[bot]", "Bot"),
            private_key=pem,
            public_key=public,
            webhook_secret=webhook_secret or secrets.token_hex(20),
            hook_url=hook_url,
            client_id=f"Iv1.{secrets.token_hex(8)}",
            client_secret=secrets.token_hex(20),
            permissions=dict(permissions),
            events=tuple(events),
            created_at=self.now(),
            external_url=external_url,
            callback_urls=tuple(callback_urls),
        )
        self.apps[number] = app
        return app

    @act
    def install(
        self,
        where: Account | Repository,
        repositories: Iterable[Repository] | None = None,
        *,
        app: App | None = None,
        by: Account | None = None,
        events: Iterable[str] | None = None,
    ) -> Installation:
        """Install an App (the first, if none is named) on a repository, some, or an account."""
        chosen = [where] if isinstance(where, Repository) else repositories
        owner = where.owner if isinstance(where, Repository) else where
        app = app or next(iter(self.apps.values()))
        it = Installation(
            id=self.new_id(),
            app=app,
            account=owner,
            repositories=None if chosen is None else {repo.id for repo in chosen},
            permissions=_of_places(app.permissions),
            events=tuple(events) if events is not None else app.events,
            created_at=self.now(),
            updated_at=self.now(),
        )
        self.installations[it.id] = it
        body = {"repositories": self._brief(it), "requester": None}
        self.tell_owner(it, "installation", "created", by or owner, body)
        return it

    def _brief(self, it: Installation) -> list[Json]:
        return [repository_in_brief(repo) for repo in self.repositories_of(it)]

    def repositories_of(self, it: Installation) -> list[Repository]:
        """List what an installation sees."""
        return [repo for repo in self.repositories.values() if it.covers(repo)]

    @act
    def suspend(self, it: Installation, by: Account | None = None) -> None:
        """Suspend an installation: its tokens stop working and its webhooks stop coming."""
        it.suspended_by, it.suspended_at = by or it.account, self.now()
        self._tell_installation(it, "suspend", by)

    @act
    def unsuspend(self, it: Installation, by: Account | None = None) -> None:
        """Let a suspended installation work again."""
        it.suspended_by = it.suspended_at = None
        self._tell_installation(it, "unsuspend", by)

    @act
    def uninstall(self, it: Installation, by: Account | None = None) -> None:
        """Take the App off an account for good."""
        it.deleted = True
        self._tell_installation(it, "deleted", by)

    @act
    def accept_permissions(
        self, it: Installation, permissions: Mapping[str, str], by: Account | None = None
    ) -> None:
        """Accept what the App newly asks for."""
        it.permissions = dict(permissions)
        self._tell_installation(it, "new_permissions_accepted", by)

    def _tell_installation(self, it: Installation, action: str, by: Account | None) -> None:
        it.updated_at = self.now()
        body = {} if "suspend" in action else {"repositories": self._brief(it)}
        self.tell_owner(it, "installation", action, by or it.account, body)

    @act
    def add_repositories(self, it: Installation, *repos: Repository) -> None:
        """Let an installation see more repositories."""
        it.repositories = (it.repositories or set()) | {repo.id for repo in repos}
        self._tell_repositories(it, "added", repos)

    @act
    def remove_repositories(self, it: Installation, *repos: Repository) -> None:
        """Take repositories out of an installation's sight."""
        seen = it.repositories
        if seen is None:
            seen = {repo.id for repo in self.repositories_of(it)}
        it.repositories = seen - {repo.id for repo in repos}
        self._tell_repositories(it, "removed", repos)

    def _tell_repositories(
        self, it: Installation, action: str, repos: Iterable[Repository]
    ) -> None:
        it.updated_at = self.now()
        brief = [repository_in_brief(repo) for repo in repos]
        body = {
            "repository_selection": "all" if it.repositories is None else "selected",
            "repositories_added": brief if action == "added" else [],
            "repositories_removed": brief if action == "removed" else [],
            "requester": None,
        }
        self.tell_owner(it, "installation_repositories", action, it.account, body)

    def _of_app(self, repo: Repository) -> list[Installation]:
        return [it for it in self.installations.values() if not it.deleted and it.covers(repo)]

    @act
    def rename_repository(self, repo: Repository, name: str, by: Account | None = None) -> None:
        """Give a repository another name; the old one leads to it until somebody takes it."""
        changes = {"changes": {"repository": {"name": {"from": repo.name}}}}
        self._free_name(f"{repo.owner.login}/{name}")
        repo.former_names.add(repo.full_name.casefold())
        repo.name = name
        self.emit("repository", "renamed", repo, by or repo.owner, lambda: changes)

    @act
    def transfer(self, repo: Repository, owner: Account, by: Account | None = None) -> None:
        """Hand a repository to another account: only installations there see it from now on."""
        old, before = repo.owner, self._of_app(repo)
        self._free_name(f"{owner.login}/{repo.name}")
        repo.former_names.add(repo.full_name.casefold())
        repo.owner = owner
        kind = "organization" if old.type == "Organization" else "user"
        show = shapes.organization if kind == "organization" else shapes.account
        changes = {"changes": {"owner": {"from": {kind: show(self.place, old)}}}}
        for it in before:
            if it.repositories is not None:
                it.repositories.discard(repo.id)
            self._tell_repositories(it, "removed", [repo])
        for it in self._of_app(repo):
            self._tell_repositories(it, "added", [repo])
        self.emit("repository", "transferred", repo, by or old, lambda: changes)

    @act
    def archive(self, repo: Repository, by: Account | None = None) -> None:
        """Make a repository read-only."""
        repo.archived = True
        self.emit("repository", "archived", repo, by or repo.owner)

    @act
    def unarchive(self, repo: Repository, by: Account | None = None) -> None:
        """Let an archived repository be written to again."""
        repo.archived = False
        self.emit("repository", "unarchived", repo, by or repo.owner)

    @act
    def set_private(self, repo: Repository, *, private: bool, by: Account | None = None) -> None:
        """Hide a repository from the public, or show it."""
        repo.private = private
        self.emit("repository", "privatized" if private else "publicized", repo, by or repo.owner)

    @act
    def delete_repository(self, repo: Repository, by: Account | None = None) -> None:
        """Delete a repository; pull requests that came from it keep their commits."""
        self.emit("repository", "deleted", repo, by or repo.owner)
        before = self._of_app(repo)
        repo.deleted = True
        for it in before:
            if it.repositories is not None:
                it.repositories.discard(repo.id)
            self._tell_repositories(it, "removed", [repo])
        for other in self.repositories.values():
            for thread in other.threads.values():
                if isinstance(thread, PullRequest) and thread.head_repo is repo:
                    thread.head_repo = None

    @act
    def rename_account(self, who: Account, login: str) -> None:
        """Give an account another login; the old one is free for anybody at once."""
        if self.by_login(login) not in {None, who}:
            raise ValueError(f"the login {login} is taken")
        for repo in self.repositories.values():
            if repo.owner is who:
                repo.former_names.add(repo.full_name.casefold())
        changes = {"changes": {"login": {"from": who.login}}, "target_type": who.type}
        who.login = login
        for it in self.installations.values():
            if it.account is who and not it.deleted:
                body = changes | {"account": shapes.account(self.place, who)}
                self.tell_owner(it, "installation_target", "renamed", who, body)
