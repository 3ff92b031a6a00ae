"""How every command begins: settings, or one clear sentence for each that is wrong."""

import sys

import click

from core.config import Settings, environment
from core.errors import SettingsError, UserError


def settings_or_exit() -> Settings:
    """Read the settings; with status 2, say what is wrong with them."""
    from bot.app import settings_from

    try:
        return settings_from(environment())
    except SettingsError as error:
        for problem in error.problems:
            click.echo(f"potluck: {problem}", err=True)
        sys.exit(2)


def refuse(error: UserError) -> None:
    """Say what cannot be done and leave with status 1."""
    click.echo(f"potluck: {error}", err=True)
    sys.exit(1)
