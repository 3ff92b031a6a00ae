"""`potluck deliveries`: look at what came in, and handle a delivery once more."""

import json
import sys

import click

from bot.commandline.start import given_settings, opened
from core.clock import system_clock
from core.db import Database
from webhooks import inbox
from webhooks.deliveries import FINISHED, UNFINISHED

STATES = (*UNFINISHED, *FINISHED)


@click.group()
def deliveries() -> None:
    """Look at deliveries, and handle them once more."""


@deliveries.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--most", default=50, show_default=True, help="How many, newest first.")
@click.option("--before", type=int, help="Only those with a smaller number, to page on.")
def list_(state: str | None, most: int, before: int | None) -> None:
    """List deliveries, newest first: number, time, state, event, delivery id, note."""
    with _inbox().read() as connection:
        rows = inbox.listing(connection, state=state, most=most, before=before)
    for row in rows:
        note = f"  {row.note}" if row.note else ""
        at = row.received_at.isoformat(timespec="seconds")
        click.echo(f"{row.id:>8}  {at}  {row.state:<11}  {row.event:<26}  {row.guid}{note}")
    if not rows:
        click.echo("No deliveries.")


@deliveries.command()
@click.argument("delivery")
@click.option("--body", is_flag=True, help="The body too: it may hold personal data.")
def show(delivery: str, *, body: bool) -> None:
    """Show one delivery by its number or delivery id."""
    with _inbox().read() as connection:
        found = inbox.find(connection, delivery)
        whole = inbox.load(connection, found.id) if found and body else None
    if found is None:
        _unknown(delivery)
        return
    told = {
        "number": found.id,
        "source": found.source,
        "delivery": found.guid,
        "event": found.event,
        "received_at": found.received_at.isoformat(),
        "state": found.state,
        "attempts": found.attempts,
        "note": found.note,
        "body_sha256": found.body_sha256,
    }
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    if whole and whole.body is not None:
        click.echo(whole.body.decode("utf-8", "replace"))


@deliveries.command()
@click.argument("delivery")
def retry(delivery: str) -> None:
    """Handle a finished delivery once more, from the start.

    What it did already is not done twice: each delivery has its effects once.
    """
    database = _inbox()
    with database.write() as connection:
        found = inbox.find(connection, delivery)
        again = bool(found and inbox.requeue(connection, found.id, system_clock()))
    if found is None:
        _unknown(delivery)
    elif again:
        click.echo(f"{found.guid} will be handled once more.")
    else:
        click.echo(f"potluck: {found.guid} is {found.state}: it is being handled.", err=True)
        sys.exit(1)


def _inbox() -> Database:
    return opened(given_settings().inbox_database_url)


def _unknown(delivery: str) -> None:
    click.echo(f"potluck: no delivery {delivery}: see `potluck deliveries list`.", err=True)
    sys.exit(1)
