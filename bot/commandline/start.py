"""How every command begins, and how it ends when a person can mend what is wrong."""

from typing import Any

import click

from core.config import Settings, environment
from core.db import Database
from core.errors import SettingsError, UserError
from core.reach import DatabaseAway, require

AWAY, REFUSED = 1, 2


class Sentences(click.Group):
    """Commands whose errors that a person can mend are one sentence each, not a traceback.

    Status 1 where a database is not there, 2 for all else.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            problems = error.problems if isinstance(error, SettingsError) else (str(error),)
            for problem in problems:
                click.echo(f"potluck: {problem}", err=True)
            ctx.exit(AWAY if isinstance(error, DatabaseAway) else REFUSED)


def given_settings() -> Settings:
    """Read the settings. Raises `SettingsError` with a sentence for each that is wrong."""
    from bot.app import settings_from

    return settings_from(environment())


def opened(url: str) -> Database:
    """Open a database that is there and in its newest state, until the command ends.

    Raises `DatabaseAway`.
    """
    require(url, newest=True)
    database = Database(url)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(database.close)
    return database
