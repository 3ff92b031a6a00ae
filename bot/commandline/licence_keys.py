"""`potluck licence keys|rotate|retire`: the keys that sign a project's licences."""

import sys
from dataclasses import dataclass
from datetime import datetime

import click

from bot import repositories
from bot.commandline.start import given_settings, opened
from core.clock import system_clock
from core.config import Settings
from core.db import Database
from core.errors import UserError
from core.github import Repo
from licensing.sold import keys, reading, store
from licensing.sold.acts import Cause
from licensing.sold.keys import Key
from licensing.sold.paseto import encoded_key

COMMAND = "command"


@dataclass(frozen=True)
class Shop:
    """What each command about licences works with."""

    settings: Settings
    database: Database
    repo: Repo
    now: datetime

    @classmethod
    def open(cls, name: str) -> "Shop":
        """Find the project and open the database. Raises `UserError`."""
        settings = given_settings()
        database = opened(settings.database_url)
        with database.read() as connection:
            found = repositories.repo_named(connection, name)
        if found is None:
            raise UserError(f"There is no project {name} here: check owner and name.")
        return cls(settings, database, found, system_clock())

    def cause(self, about: str) -> Cause:
        """Name this very act: said by hand, it is a new one each time."""
        return Cause(COMMAND, f"{about}:{self.now.isoformat()}")


@click.command()
@click.option("--repo", required=True, help="OWNER/NAME of the project.")
def rotate(repo: str) -> None:
    """Let the key that stands by sign from now on, and make a new one to stand by."""
    shop = Shop.open(repo)
    with shop.database.write() as connection:
        found = keys.rotate(
            connection, shop.repo.id, shop.settings.secret_key, shop.cause("rotate"), shop.now
        )
    _show(found)


@click.command()
@click.argument("kid")
@click.option("--repo", required=True, help="OWNER/NAME of the project.")
@click.option("--reissue", is_flag=True, help="Sign its living files again with the key of now.")
def retire(kid: str, repo: str, reissue: bool) -> None:  # noqa: FBT001 - click hands it over by name
    """Take a key that signs no more out of what products are to know.

    Without --reissue nothing is retired while it signed the newest file of any licence: they are
    listed, one id a line, with status 1.
    """
    shop = Shop.open(repo)
    with shop.database.write() as connection:
        if kid not in {one.kid for one in keys.of(connection, shop.repo.id)}:
            raise UserError(f"{repo} has no key {kid}: see `potluck licence keys`.")
        left = reading.signed_by(connection, kid)
        for one in left if reissue else ():
            secret = shop.settings.secret_key
            store.refile(connection, one, Cause(COMMAND, f"{kid}:{one}"), secret, shop.now)
        if not left or reissue:
            keys.retire(connection, shop.repo.id, kid, shop.cause("retire"), shop.now)
    for one in left:
        click.echo(one)
    if left and not reissue:
        sys.exit(1)
    click.echo(f"Retired; {len(left)} files were signed again." if left else "Retired.")


@click.command("keys")
@click.option("--repo", required=True, help="OWNER/NAME of the project.")
def keys_(repo: str) -> None:
    """List a project's keys: what to pin in a product."""
    shop = Shop.open(repo)
    with shop.database.read() as connection:
        _show(keys.of(connection, shop.repo.id))


def _show(found: tuple[Key, ...]) -> None:
    for one in found:
        click.echo(f"{one.state}\t{one.kid}\t{encoded_key(one.public)}")
    if not found:
        click.echo("There is no key yet: the first licence makes two.")
