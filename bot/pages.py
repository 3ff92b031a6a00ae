"""The front page, and the page of each project."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, cast

from flask import Blueprint, render_template
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import repositories
from core.config import Settings, web_url
from core.github import Conclusion, PullRequest
from core.web import house as rooms
from core.web.house import FoundRepo
from licensing import store

PUBLIC_WEB = "https://github.com"

blueprint = Blueprint("bot_pages", __name__, template_folder="templates")


class House(rooms.House, Protocol):
    """What these pages ask of the composition root beyond what all pages do."""

    @property
    def sandbox_url(self) -> str | None:
        """Where the sandbox's pages are, in sandbox mode."""

    @property
    def app_slug(self) -> Callable[[], str | None]:
        """Give the stored App's name in addresses; None if none is stored."""


@dataclass(frozen=True)
class Place:
    """A person who matters to a pull request, and where that person stands."""

    name: str
    state: Literal["signed", "to-sign", "unresolved", "exempt"]


@dataclass(frozen=True)
class Waiting:
    """An open pull request and what it waits for; `conclusion` is None until it was looked at."""

    number: int
    opener: str
    opened_at: datetime
    conclusion: Conclusion | None
    places: tuple[Place, ...] = ()
    title: str | None = None
    url: str | None = None


@blueprint.app_context_processor
def menu() -> dict[str, object]:
    """Name the pages in the head of every page."""
    if _house().settings.mode == "sandbox":
        return {"menu": [(_("Set up"), "/setup")]}
    return {"menu": [(_("Projects"), "/#projects")]}


@blueprint.get("/")
def home() -> str:
    """Say what this is, for whom, and what to do now."""
    house = _house()
    with house.app.read() as connection:
        repos = repositories.public_repositories(connection)
    return render_template(
        "bot/home.html",
        repos=repos,
        sandbox_url=house.sandbox_url,
        install_url=install_url(github_web(house.settings), house.app_slug()),
    )


@blueprint.get("/<owner>/<name>/")
def project(owner: str, name: str) -> str:
    """Show a project: the agreement in force, and what each open pull request waits for."""
    repo = rooms.public_repo(owner, name)
    house = _house()
    with house.app.read() as connection:
        waiting = open_pull_requests(connection, repo, github_web(house.settings))
        agreement = store.agreement_in_force(connection, repo.id)
        signers = store.signers(connection, repo.id)
    return render_template(
        "bot/project.html", repo=repo, agreement=agreement, signers=signers, waiting=waiting
    )


def open_pull_requests(
    connection: Connection, repo: FoundRepo, web: str | None
) -> Sequence[Waiting]:
    """Give the open pull requests of `repo`, oldest first; `web` is where people see GitHub."""
    return [_waiting(pull, repo, web) for pull in repositories.open_pulls(connection, repo.id)]


def _waiting(pull: PullRequest, repo: FoundRepo, web: str | None) -> Waiting:
    return Waiting(
        number=pull.number,
        opener=pull.opener.login,
        opened_at=pull.created_at,
        conclusion=None,
        url=f"{web}/{repo.name}/pull/{pull.number}" if web else None,
    )


def github_web(settings: Settings) -> str | None:
    """Say where people see GitHub; None in the sandbox, whose repositories are nowhere else."""
    return web_url(settings.github_api_url) if settings.mode == "live" else None


def install_url(web: str | None, slug: str | None) -> str | None:
    """Give the address where a maintainer installs the App, if we know its name."""
    if not web or not slug:
        return None
    # An Enterprise Server shows its Apps under another path than github.com.
    return f"{web}/{'apps' if web == PUBLIC_WEB else 'github-apps'}/{slug}/installations/new"


def _house() -> House:
    return cast("House", rooms.house())
