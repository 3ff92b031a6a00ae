"""What all pages for maintainers have in common: the menu, the project, and who may look."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from flask import g, render_template, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import access, pages, repositories
from bot.access import maintained_repo
from core.web import house as rooms
from core.web.house import FoundRepo
from core.web.signin import person
from licensing import store
from licensing.versions import ORGANISATION, AgreementVersion


class House(access.House, pages.House, Protocol):
    """What these pages ask of the composition root."""


def house() -> House:
    """Give the present application's house."""
    return cast("House", rooms.house())


def sections() -> tuple[tuple[str, str], ...]:
    """Give the menu: each page's last part in the address, and its name."""
    return (
        ("", _("Overview")),
        ("signers", _("Signers")),
        ("pull-requests", _("Waiting")),
        ("companies", _("Companies")),
        ("papers", _("On paper")),
        ("waivers", _("Waivers")),
        ("agreements", _("Versions")),
        ("publish", _("Publish")),
        ("import", _("Import")),
        ("credits", _("Credits")),
        ("words", _("Words of givers")),
        ("chain", _("Chain")),
        ("share", _("Show elsewhere")),
        ("tokens", _("API tokens")),
        ("hooks", _("Webhooks")),
    )


def maintains(repo: FoundRepo) -> bool:
    """Say in any template whether to show the visitor the maintainers' link."""
    # Whoever was let in a moment ago, for this very answer, need not be asked about again.
    return g.get("maintained") == repo.id or access.is_maintainer(repo, person())


def render(template: str, repo: FoundRepo, section: str, **more: object) -> str:
    """Make a page of the section."""
    return render_template(
        f"bot/{template}.html",
        repo=repo,
        base=address(repo),
        sections=sections(),
        section=section,
        section_name=dict(sections())[section],
        **more,
    )


def address(repo: FoundRepo, section: str = "") -> str:
    """Give the address of a section, without the site."""
    return f"/{repo.name}/maintain" + (f"/{section}" if section else "")


def entered(owner: str, name: str) -> FoundRepo:
    """Let in whoever maintains the repository: the first line of every page here."""
    return maintained_repo(owner, name)


def agreement_of(connection: Connection, repo: FoundRepo) -> AgreementVersion | None:
    """Give the version in force, or the last one of an agreement that is switched off."""
    in_force = store.agreement_in_force(connection, repo.id)
    if in_force is not None:
        return in_force
    earlier = store.versions(connection, repo.id)
    return earlier[0] if earlier else None


def keeper(repo: FoundRepo) -> str:
    """Name the repository whose maintainers alone write for others into the agreement of all.

    Empty where the agreement is this repository's own, or this is the one.
    """
    source = f"{repo.name.partition('/')[0]}/.github"
    with house().app.read() as connection:
        version = store.agreement_in_force(connection, repo.id)
    if version is None or version.scope != ORGANISATION or repo.name.lower() == source.lower():
        return ""
    return source


def make_room(values: Mapping[str, Any], room: int) -> None:
    """Let maintainers send so many bytes; what others send stays as small as everywhere."""
    if request.method != "POST" or person() is None:
        return
    with house().app.read() as connection:
        found = repositories.repo_named(connection, f"{values.get('owner')}/{values.get('name')}")
    if found and access.is_maintainer(FoundRepo(found.id, found.name, found.private), person()):
        request.max_content_length = room


def github_web() -> str | None:
    """Say where people see the repository."""
    return pages.github_web(house().settings)
