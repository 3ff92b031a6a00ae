"""`potluck credits import|export`: the register of contributions from and to a file of all-contributors."""

from pathlib import Path

import click

from bot import repositories
from bot.commandline.start import given_settings, opened
from bot.commandline.whole_files import whole
from bot.credits import files
from bot.credits import format as rc
from bot.roles import MAINTAINERS
from core.clock import system_clock
from core.config import Settings
from core.db import Database
from core.errors import UserError
from core.github import Account, GitHub, GitHubError, Repo

WHY = {
    "unnamed": "it has no login",
    "missing": "nobody on GitHub bears this login now",
    "other": "the picture in the file is of another account: the login may have changed hands",
    "bot": "it is no person",
}


@click.group("credits")
def credits_() -> None:
    """Take the contributors of a .all-contributorsrc in, or give them out."""


@credits_.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--repo", required=True, help="OWNER/NAME to which they contributed.")
@click.option("--as", "login", required=True, help="The maintainer who says so.")
def import_(file: Path, repo: str, login: str) -> None:
    """Credit the contributors of FILE, a .all-contributorsrc, whom GitHub knows by their login.

    Whoever cannot be told is named and kept in the file; nobody is guessed.
    """
    settings = given_settings()
    database = opened(settings.database_url)
    place, now = _repo(database, repo), system_clock()
    github = _github(settings, place)
    by = _maintainer(github, place, login)
    parsed = rc.read(_content(file))
    with database.write() as connection:
        files.begin(connection, place.id, parsed, by.id, now)
    _look_up(database, github, place)
    with database.read() as connection:
        report = files.report(connection, place.id)
    if report is None:
        return
    for name, state in report.unknown:
        click.echo(f"not credited: {name or '(no login)'}: {WHY[state]}")
    known = report.states.get("found", 0) + report.states.get("twice", 0)
    click.echo(f"Credited {known} of {len(parsed.entries)} contributors of {place.name}.")


@credits_.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--repo", required=True, help="OWNER/NAME to which they contributed.")
def export(file: Path, repo: str) -> None:
    """Write the register to FILE as a .all-contributorsrc: what was imported, brought up to date."""
    database = opened(given_settings().database_url)
    place = _repo(database, repo)
    with database.read() as connection:
        text, lacking = files.written(connection, place)
    with whole(file) as out:
        out.write(text)
    click.echo(f"Wrote {file}.")
    if lacking:
        click.echo(f"Left out {lacking} people whose login is not known.")


def _content(file: Path) -> bytes:
    with file.open("rb") as found:
        return found.read(rc.LARGEST + 1)


def _repo(database: Database, name: str) -> Repo:
    with database.read() as connection:
        found = repositories.repo_named(connection, name)
    if found is None:
        raise UserError(f"There is no repository {name} here.")
    return found


def _github(settings: Settings, place: Repo) -> GitHub:
    from bot.app import installations

    return installations(settings, system_clock)(place)


def _maintainer(github: GitHub, place: Repo, login: str) -> Account:
    try:
        account = github.account_named(login)
        role = github.permission(place, account) if account else "none"
    except GitHubError as error:
        raise UserError(f"GitHub does not say who {login} is: {error}") from None
    if account is None or role not in MAINTAINERS:
        raise UserError(f"{login} does not maintain {place.name}.")
    return account


def _look_up(database: Database, github: GitHub, place: Repo) -> None:
    while True:
        with database.read() as connection:
            entries = files.waiting(connection, place.id)
        if not entries:
            return
        try:
            known = files.ask(github, entries)
        except GitHubError as error:
            said = "GitHub does not answer. Whoever was found is credited; run this again"
            raise UserError(f"{said}: {error}") from None
        with database.write() as connection:
            files.settle(connection, place, entries, known, system_clock())
