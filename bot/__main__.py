"""The command line: `potluck COMMAND`."""

import sys
from importlib import import_module
from pathlib import Path

import click

from bot.commandline.start import Sentences, given_settings
from core.config import Settings
from core.reach import require, shown

ELSEWHERE = {
    "agreement": "bot.commandline.agreement:agreement",
    "audit": "bot.commandline.audit:audit",
    "calls": "bot.commandline.calls:calls",
    "check": "bot.commandline.proof:check",
    "coverage": "bot.commandline.coverage:coverage",
    "credits": "bot.commandline.credits:credits_",
    "deliveries": "bot.commandline.deliveries:deliveries",
    "export": "bot.commandline.proof:export",
    "import": "bot.commandline.imports:import_",
    "licence": "bot.commandline.licence:licence",
    "mail": "bot.commandline.mail:mail",
    "notice": "bot.commandline.notice:notice",
    "owed": "bot.commandline.owed:owed",
    "receipts": "bot.commandline.receipts:receipts",
    "signatures": "bot.commandline.imports:signatures",
    "verify": "bot.commandline.proof:verify",
}
"""Where the commands of a file of their own are: each is read when somebody asks for it."""


class Commands(Sentences):
    """All commands; those that are not asked for cost no time at the start."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give every name, in order."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command; None where there is none of that name."""
        module, _, name = ELSEWHERE.get(cmd_name, "").partition(":")
        if not module:
            return super().get_command(ctx, cmd_name)
        found: click.Command = getattr(import_module(module), name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="potluck")
def cli() -> None:
    """Potluck: who brought what, under which terms, and what comes of it.

    Settings come from the environment or a .env file; docs/operate.md explains each.
    """


@cli.command()
def serve() -> None:
    """Serve pages, doors and the worker from one process tree, after migrating.

    Without GitHub credentials a sandbox GitHub is started beside it to play with.
    """
    from bot.serve import serve as run

    sys.exit(run(given_settings()))


@cli.command()
def web() -> None:
    """Serve the pages and the doors."""
    from bot.serve import web as run

    settings = given_settings()
    require(settings.database_url, settings.inbox_database_url)
    sys.exit(run(settings))


@cli.command()
@click.option("--supervised", is_flag=True, hidden=True, help="End when standard input ends.")
def worker(supervised: bool) -> None:
    """Handle what the doors took in, send what is to be sent, keep the schedule."""
    from bot.serve import worker as run

    settings = given_settings()
    require(settings.database_url, settings.inbox_database_url)
    sys.exit(run(settings, supervised=supervised))


@cli.command()
def migrate() -> None:
    """Bring the databases to their newest state."""
    from bot.serve import prepare

    settings = given_settings()
    prepare(settings)
    click.echo(f"Migrated {_databases(settings)}.")


@cli.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--event", help="The event of files that do not say it themselves.")
@click.option("--url", help="The door; by default the one of this machine's service.")
def replay(files: tuple[Path, ...], event: str | None, url: str | None) -> None:
    """Send recorded deliveries through the real door, signed with our secret.

    A FILE is a JSON object with `event` and `payload` (and `guid`), a list of such objects, a
    list as npm's @octokit/webhooks-examples has it, or a bare payload with --event.
    """
    from bot.commandline.replay import replay as run

    sys.exit(run(given_settings(), files, event, url))


def _databases(settings: Settings) -> str:
    urls = {settings.database_url, settings.inbox_database_url}
    return " and ".join(sorted(shown(url) for url in urls))


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
