"""What the pages may reach, and the one way to a repository: public and known, or 404."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

from flask import abort, current_app

from core.clock import Clock
from core.config import Settings
from core.db import Database


class FoundRepo(NamedTuple):
    """A repository that we are installed on; `id` is identity, `name` is "owner/name"."""

    id: int
    name: str
    private: bool


class House(Protocol):
    """What the composition root keeps in `app.extensions["potluck"]`."""

    @property
    def settings(self) -> Settings:
        """Everything the environment decided."""

    @property
    def app(self) -> Database:
        """The database of the registers."""

    @property
    def inbox(self) -> Database:
        """The database of the deliveries as they came."""

    @property
    def clock(self) -> Clock:
        """The present instant."""

    @property
    def find_repo(self) -> Callable[[str, str], tuple[int, str, bool] | None]:
        """Look an installed repository up by owner and name: its id, "owner/name", private."""


def house() -> House:
    """Give the present application's house."""
    return cast("House", current_app.extensions["potluck"])


def public_repo(owner: str, name: str) -> FoundRepo:
    """Find a repository whose pages anybody may see; 404 for all others, in the same words."""
    found = house().find_repo(owner, name)
    if found is None or found[2]:
        abort(404)
    return FoundRepo(*found)
