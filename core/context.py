"""What a handler is given, and what it gives back.

A handler works in two steps. First it *gathers*: it may read GitHub and the database, slowly,
holding nothing. Then it returns a `Decide`, which is called inside the one transaction that
also marks the event as processed: it writes domain rows and returns effects. Effects are
stored in that same transaction, and carried out after it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from core.db import Database
from core.github import Action, GitHub, HookDelivery, Repo


@dataclass(frozen=True)
class Task:
    """Something of ours to do later; the same `key` is done once, however often it is asked for."""

    name: str
    key: str
    due_at: datetime
    entity: str | None = None
    about: Mapping[str, int | str] = field(default_factory=dict)


Effect = Action | Task
Decide = Callable[[Connection], Iterable[Effect]]


class GitHubApp(Protocol):
    """What only the App itself may ask, not one of its installations."""

    def name(self) -> str:
        """Give the name by which people mention the App."""

    def hook_deliveries(self, since: datetime) -> tuple[HookDelivery, ...]:
        """List every attempt to deliver a webhook since then, newest first."""

    def redeliver(self, delivery_id: int) -> None:
        """Ask GitHub to send a delivery again."""

    def repositories(self, installation_id: int) -> tuple[Repo, ...]:
        """List every repository that the installation reaches."""


@dataclass(frozen=True)
class Context:
    """The world as seen by one handling of one event."""

    now: datetime
    source: str
    guid: str
    received_at: datetime
    database: Database
    github: Callable[[Repo], GitHub]
    github_app: GitHubApp
    public_url: str
    attempts: int = 1
    """Which attempt at this event it is; an outage of everybody's does not count."""

    github_url: str = "https://github.com"
    noreply_host: str = "users.noreply.github.com"
    """The host of the addresses that stand for an account number on that server."""

    signs_in: bool = False
    """People can sign in on the pages: there is a client id and secret."""

    secret_key: str = field(default="", repr=False)
    """Under which secrets of ours are sealed in the database."""

    is_local: bool = False
    """This service is for this machine alone: webhooks out may stay on it."""

    inbox: Database | None = None
    """Where the deliveries are kept; only the reconciler of missed ones looks there."""

    processor: object | None = None
    """Whoever moves money, where there is one: `donations.processor.of` gives it its type."""

    clones: object | None = None
    """The copies of repositories that are looked at here: `bot.audit.clones.of` gives it its type."""
