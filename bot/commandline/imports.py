"""`potluck import` and `potluck signatures`: signatures of other tools taken over, and ours given away."""

import sys
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from bot import repositories, tasks
from bot.commandline.start import given_settings, opened
from bot.importing import export, steps
from bot.importing import words as importing_words
from bot.roles import MAINTAINERS
from bot.signing.acts import Occasion
from core.clock import system_clock
from core.config import Settings
from core.db import Database
from core.errors import UserError
from core.github import GitHub, GitHubError, RateLimited, Repo
from core.translations import DEFAULT, catalogue
from licensing import store
from licensing.imports import reading, writing
from licensing.imports import store as imports
from licensing.imports.assessing import BY_DEFAULT, DOUBTS, Doubt
from licensing.imports.store import FROM_FILE, Batch, Kept
from licensing.imports.values import FORMATS, LARGEST, WRITTEN, Format, Unreadable

AS_NAMED = "as-named"
TOLD = ("doubtful", "refused", "duplicate", "known", "ended")
"""The states whose rows are told one by one."""

_ = catalogue(DEFAULT).gettext


@click.command("import")
@click.argument("file", required=False)
@click.option("--repo", required=True, help="OWNER/NAME for which they signed.")
@click.option("--version", help=f"The version for which they count, or {AS_NAMED}.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Found out if left out.")
@click.option("--as", "login", help="The maintainer who approves: needed with --approve.")
@click.option(
    "--approve",
    is_flag=False,
    flag_value="",
    metavar="[NUMBER]",
    help="Take over: FILE, or one that was looked through before.",
)
@click.option("--take", multiple=True, type=click.Choice(DOUBTS), help="Doubts to put up with.")
@click.option("--leave-out", multiple=True, type=click.IntRange(1), help="Lines to leave out.")
def import_(
    file: str | None,
    repo: str,
    version: str | None,
    form: Format | None,
    login: str | None,
    approve: str | None,
    take: tuple[Doubt, ...],
    leave_out: tuple[int, ...],
) -> None:
    """Look a FILE of another tool through, and say what could be taken over of it.

    Nothing is taken over without --approve. Without --take, rows that have a login and no
    number are taken over, and no other doubtful ones.
    """
    if approve and not approve.isdecimal():
        # "--approve FILE": the option has an optional value and took the name of the file.
        file, approve = approve, ""
    settings = given_settings()
    database = opened(settings.database_url)
    desk = _Desk(settings, database, _repo(database, repo))
    by = desk.maintainer(login) if login else None
    if approve is not None and by is None:
        raise UserError("Say who approves: --as LOGIN.")
    batch_id = int(approve) if approve else desk.look_through(file, form, version, by)
    desk.tell(batch_id)
    if approve is not None and by is not None:
        desk.leave_out(batch_id, leave_out)
        wish = steps.Wish(by, frozenset(take) if take else BY_DEFAULT)
        desk.approve(batch_id, wish)
    else:
        click.echo(f"Nothing is taken over yet. Approve it: --approve {batch_id} --as LOGIN")


@click.command()
@click.option("--repo", required=True, help="OWNER/NAME of a repository of the agreement.")
@click.option("--format", "form", type=click.Choice(WRITTEN), default="csv", show_default=True)
@click.option("--version", help="Only the signatures of this one.")
def signatures(repo: str, form: Format, version: str | None) -> None:
    """Write all signatures to the standard output, in the form of another tool."""
    settings = given_settings()
    database = opened(settings.database_url)
    found = _repo(database, repo)
    rows = export.written(database, found.id, settings.public_url, version)
    for text in writing.WRITERS[form](rows):
        click.echo(text, nl=False)


def _repo(database: Database, name: str) -> Repo:
    with database.read() as connection:
        found = repositories.repo_named(connection, name)
    if found is None:
        raise UserError(f"There is no repository {name} here.")
    return found


class _Desk:
    """What the command does for one repository."""

    def __init__(self, settings: Settings, database: Database, repo: Repo) -> None:
        self._settings = settings
        self._database = database
        self._repo = repo

    def _github(self) -> GitHub:
        from bot.app import installations

        return installations(self._settings, system_clock)(self._repo)

    def maintainer(self, login: str) -> int:
        """Give the number of somebody who maintains the repository."""
        try:
            account = self._github().account_named(login)
            role = self._github().permission(self._repo, account) if account else "none"
        except GitHubError as error:
            raise UserError(f"GitHub does not say who {login} is: {error}") from None
        if account is None or role not in MAINTAINERS:
            raise UserError(f"{login} does not maintain {self._repo.name}.")
        return account.id

    def look_through(
        self, file: str | None, form: Format | None, version: str | None, by: int | None
    ) -> int:
        """Keep a file and look its accounts up; gives its number."""
        if not file or not version:
            raise UserError("Name a FILE, and with --version for which version it counts.")
        try:
            parsed = reading.read(_content(Path(file)), form)
        except Unreadable as error:
            raise UserError(f"{file}: {importing_words.unreadable(error, _)}") from None
        wanted, now = FROM_FILE if version == AS_NAMED else version, system_clock()
        with self._database.write() as connection:
            batch_id = steps.begin(connection, self._repo, parsed, wanted, by or 0, now)
            names = [one.version for one in store.versions(connection, self._repo.id)]
        if batch_id is None:
            raise UserError(
                f"Version {version} was never published: {', '.join(names) or 'none'}."
            )
        self._look_up(batch_id)
        return batch_id

    def _look_up(self, batch_id: int) -> None:
        ready = False
        while not ready:
            now = system_clock()
            with self._database.read() as connection:
                keys = imports.to_look_up(connection, batch_id, steps.AT_ONCE)
                known = steps.recalled(connection, keys, now)
            try:
                found = steps.look_up(self._github(), keys, known) if keys else {}
            except GitHubError as error:
                self._hand_over(batch_id, error, now)
            with self._database.write() as connection:
                ready = steps.noted(connection, self._repo, batch_id, found, now)

    def _hand_over(self, batch_id: int, error: GitHubError, now: datetime) -> None:
        due_at = error.until if isinstance(error, RateLimited) else now
        with self._database.write() as connection:
            tasks.put(connection, steps.looking(self._repo, batch_id, due_at), now)
        raise UserError(
            f"GitHub stopped answering ({error}). The worker goes on with file {batch_id}."
        )

    def tell(self, batch_id: int) -> None:
        """Say what a file comes to, and each row of which somebody should know."""
        with self._database.read() as connection:
            batch = self._batch(connection, batch_id)
            counts = imports.counts(connection, batch_id)
            rows = [row for state in TOLD for row in imports.rows(connection, batch_id, state)]
        said = importing_words.states(_)
        click.echo(f"File {batch.id}: {importing_words.FORMS[batch.format]}, {batch.sha256}")
        for state, words in said.items():
            if counts.get(state):
                click.echo(f"{counts[state]:>7}  {words}")
        for one in batch.broken:
            click.echo(f"  line {one.line} {importing_words.faults(_)[one.fault]}")
        for row in rows:
            click.echo(_line(row))

    def leave_out(self, batch_id: int, lines: tuple[int, ...]) -> None:
        """Leave these lines out, besides those that were left out on the page."""
        with self._database.write() as connection:
            imports.leave_out(connection, batch_id, lines, ())

    def approve(self, batch_id: int, wish: steps.Wish) -> None:
        """Take over what is wanted. Status 1 where it cannot be."""
        with self._database.write() as connection:
            self._batch(connection, batch_id)
            occasion = Occasion(system_clock(), "command")
            done = steps.approve(connection, self._repo, batch_id, wish, occasion)
        if isinstance(done, str):
            click.echo(f"potluck: {importing_words.refusals(_)[done]}", err=True)
            sys.exit(1)
        done = self._rest(batch_id)
        click.echo(f"Taken over: {done}. They agreed to another text: compare it with yours.")

    def _rest(self, batch_id: int) -> int:
        """Take over what is left of a large file, a piece at a time, so that others may write."""
        more = True
        while more:
            with self._database.write() as connection:
                occasion = Occasion(system_clock(), "command")
                more = steps.take(connection, self._repo, batch_id, occasion)
                found = self._batch(connection, batch_id)
        return found.taken

    def _batch(self, connection: Connection, batch_id: int) -> Batch:
        found = imports.batch(connection, self._repo.id, batch_id)
        if found is None:
            raise UserError(f"There is no file {batch_id} for {self._repo.name}.")
        return found


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None


def _line(row: Kept) -> str:
    who = row.entry.login or str(row.entry.github_id)
    why = [importing_words.reasons(_)[row.reason]] if row.reason else []
    why += [importing_words.doubts(_)[one] for one in row.doubts]
    if not why:
        why = [importing_words.states(_)[row.state]]
    born = row.bearer.born_at if row.bearer else None
    dates = f"signed {row.entry.signed_at.date().isoformat()}"
    dates += f", account made {born.date().isoformat()}" if born else ""
    return f"  line {row.entry.line} {who} ({dates}): {'; '.join(why)}"
