"""`potluck notice`: whom to name in what is sold, because their work came under an open licence."""

from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import Connection

from bot import repositories
from bot.audit import certificates, shown, working
from bot.commandline.start import given_settings, opened
from core.errors import UserError
from core.github import Repo
from licensing.audit.targets import COMMERCIAL


@click.command()
@click.argument("repo")
@click.option("--at", default="", metavar="COMMIT", help="A whole hash; the newest by default.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it into this file.",
)
def notice(repo: str, at: str, output: Path | None) -> None:
    """Write the NOTICE of REPO (OWNER/NAME), from what its last audit kept.

    It is of the newest release that was audited, else of what was audited last.
    """
    with closing(opened(given_settings().database_url)) as database:
        with database.read() as connection:
            found = repositories.repo_named(connection, repo)
            if found is None:
                raise UserError(f"There is no repository {repo} here.")
            commit = at or _commit(connection, found)
            kept = certificates.kept(connection, found.id, commit, COMMERCIAL)
        if kept is None:
            raise UserError(
                f"{commit[:12] or repo} was not audited under these rules: do it first."
            )
        text = working.notice_of(found.name, *kept)
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"{output}: the NOTICE of {commit[:12]}")


def _commit(connection: Connection, repo: Repo) -> str:
    listed = [one.commit for one in shown.things(connection, repo.id) if one.result]
    return listed[0] if listed else ""
