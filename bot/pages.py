"""The front page, and the page of each project."""

from collections.abc import Callable
from typing import Protocol, cast

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from bot import repositories, standing
from core.config import Settings, web_url
from core.web import house as rooms
from licensing import signing, store

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
        install_url=_install_url(house),
    )


@blueprint.get("/<owner>/<name>/")
def project(owner: str, name: str) -> str:
    """Show a project: the agreement in force, and what each open pull request waits for."""
    repo = rooms.public_repo(owner, name)
    house = _house()
    page = request.args.get("page", 1, type=int)
    with house.app.read() as connection:
        waiting = standing.open_pull_requests(
            connection, repo, github_web(house.settings), house.clock(), page
        )
        agreement = store.agreement_in_force(connection, repo.id)
        signers = signing.signers(connection, repo.id)
    return render_template(
        "bot/project.html",
        repo=repo,
        agreement=agreement,
        signers=signers,
        waiting=waiting,
        sandbox_url=house.sandbox_url,
        page_address=lambda number: f"?page={number}",
    )


def github_web(settings: Settings) -> str | None:
    """Say where people see the pull requests: on GitHub, or in the sandbox if there is one."""
    return web_url(settings.github_api_url) if settings.mode == "live" else settings.sandbox_url


def install_url(web: str | None, slug: str | None) -> str | None:
    """Give the address where a maintainer installs the App, if we know its name."""
    if not web or not slug:
        return None
    # An Enterprise Server shows its Apps under another path than github.com.
    return f"{web}/{'apps' if web == PUBLIC_WEB else 'github-apps'}/{slug}/installations/new"


def _install_url(house: House) -> str | None:
    if house.settings.mode == "sandbox":
        return None
    return install_url(web_url(house.settings.github_api_url), house.app_slug())


def _house() -> House:
    return cast("House", rooms.house())
