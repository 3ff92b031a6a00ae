"""`potluck mail`: what was sent and what was not, another try, and addresses that came back."""

import sys
from pathlib import Path

import click
from sqlalchemy import select

from bot.commandline.start import given_settings, opened
from bot.mail import outgoing
from bot.mail.bounces import LARGEST, believe, read
from bot.mail.tables import mail as table
from core.clock import system_clock
from core.db import Database
from core.errors import UserError

STATES = ("due", "running", *outgoing.AT_REST)


@click.group()
def mail() -> None:
    """Look at mails, and send again what was given up."""


@mail.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--most", default=50, show_default=True, help="How many, newest first.")
def list_(state: str | None, most: int) -> None:
    """List mails, newest first: number, time, state, letter, why. Addresses are not shown."""
    wanted = select(table).order_by(table.c.id.desc()).limit(most)
    if state:
        wanted = wanted.where(table.c.state == state)
    with _database().read() as connection:
        rows = connection.execute(wanted).all()
    for row in rows:
        at = row.created_at.isoformat(timespec="seconds")
        note = f"  {row.error}" if row.error else ""
        click.echo(f"{row.id:>8}  {at}  {row.state:<8}  {row.letter}{note}")
    if not rows:
        click.echo("No mails.")


@mail.command()
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Send a mail again that was given up, or that had no address."""
    with _database().write() as connection:
        done = outgoing.again(connection, number, system_clock())
    if not done:
        raise UserError(
            "There is no such mail, or it went, or waits already: see `potluck mail list`."
        )
    click.echo("It goes again.")


@mail.command()
@click.argument("address")
@click.option("--again", is_flag=True, help="It takes mail again: write there as before.")
def bounced(address: str, *, again: bool) -> None:
    """Write no more to an address whose mail came back; its owner sees that on their gift's page."""
    if not outgoing.is_address(address):
        raise UserError("This is no address: give one as in bo@example.org.")
    with _database().write() as connection:
        if again:
            outgoing.hear_again(connection, address)
        else:
            outgoing.silence(connection, address, "refused", system_clock())
    click.echo("We write there again." if again else "We write there no more.")


@mail.command()
@click.option(
    "--maildir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read what is new in this Maildir, and mark it as seen.",
)
def bounces(maildir: Path | None) -> None:
    """Read mail that came back to MAIL_FROM: from a Maildir, or one message from standard input.

    Only notices about mails that we sent are believed; everything else is left as it is.
    """
    files = sorted((maildir / "new").iterdir()) if maildir else []
    # One after the other: a box may hold more than fits into memory.
    said = map(_first, files) if maildir else iter((sys.stdin.buffer.read(LARGEST + 1),))
    found = [read(one) for one in said]
    told = [one for one in found if one is not None]
    believed = 0
    if told:
        with _database().write() as connection:
            believed = sum(believe(connection, one, system_clock()) for one in told)
    for one in files:
        # Only now: whoever is ended before reads them again.
        one.rename(one.parent.parent / "cur" / f"{one.name.partition(':')[0]}:2,S")
    click.echo(f"{len(found)} read, {believed} of them mails of ours that came back.")


def _first(file: Path) -> bytes:
    with file.open("rb") as opened_file:
        return opened_file.read(LARGEST + 1)


def _database() -> Database:
    return opened(given_settings().database_url)
