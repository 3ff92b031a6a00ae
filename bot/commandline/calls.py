"""`potluck calls`: what was asked of Stripe, what came of it, and what to do where nobody knows."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from bot import running
from bot.commandline.start import given_settings, opened
from bot.money.settled import settle as settle_call
from core.clock import system_clock
from core.config import Settings
from core.db import Database
from core.errors import UserError
from donations import calls as store
from donations import settling
from donations.asked import Found
from donations.calls import Kept
from donations.processor import Processor, ProcessorError
from donations.settling import RULINGS, Evidence, Ruled, Ruling

STATES = ("due", "running", "done", "failed", "dead")
LONGEST = 500


@click.group()
def calls() -> None:
    """Look at calls to Stripe, and settle those of which nobody knows what came."""


@calls.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--most", default=50, show_default=True, help="How many, newest first.")
@click.option("--before", type=int, help="Only those with a smaller number, to page on.")
def list_(state: str | None, most: int, before: int | None) -> None:
    """List calls, newest first: number, time, state, kind, what it is about, key, word or error."""
    with _app(given_settings()).read() as connection:
        rows = store.listing(connection, state, most, before)
    for one, error in rows:
        at = one.created_at.isoformat(timespec="seconds")
        note = f"  {one.code or error}" if one.code or error else ""
        kind = type(one.call).__name__
        click.echo(
            f"{one.id:>8}  {at}  {one.state:<7}  {kind:<11}  {one.call.about}  {one.effect_key}{note}"
        )
    if not rows:
        click.echo("No calls.")


@calls.command()
@click.argument("call", type=int)
def show(call: int) -> None:
    """Show the call of a number, and what Stripe has of it if nobody heard what came of it."""
    settings = given_settings()
    database = _app(settings)
    kept = _kept(database, call)
    with database.read() as connection:
        ruled = settling.rulings(connection, kept.id)
    click.echo(json.dumps(_told(kept, ruled), indent=2, ensure_ascii=False))
    if kept.state == "dead":
        _say_evidence(kept, _evidence(settings, kept))


@calls.command()
@click.argument("call", type=int)
@click.argument("ruling", type=click.Choice(RULINGS))
@click.option("--by", required=True, help="Your name: it is kept with the decision.")
@click.option("--reason", required=True, help="Why: it is kept too.")
@click.option("--object", "object_id", default="", help="What came of it, where several may have.")
def settle(call: int, ruling: Ruling, by: str, reason: str, object_id: str) -> None:
    """Decide what became of a call that was given up; Stripe is looked at once more before.

    RULING: `happened` (what came of it is looked at), `again` (it did not happen: ask once more,
    under another key), `refused` (it did not happen and shall not). What Stripe contradicts is
    refused.
    """
    settings = given_settings()
    database = _app(settings)
    kept = _kept(database, call)
    if kept.state != "dead":
        raise UserError(f"Call {call} is {kept.state}: only one that was given up is settled.")
    now = system_clock()
    if settling.is_remembered(kept, now):
        raise UserError(
            "Its key is remembered still: it is asked again by itself within six hours."
        )
    shown = _evidence(settings, kept)
    if ruling not in shown.rulings:
        _say_evidence(kept, shown)
        raise UserError(f"Stripe contradicts that. What can be decided: {_words(shown)}.")
    chosen = _chosen(shown, object_id) if ruling == "happened" else ""
    decided = Ruled(ruling, by[:LONGEST], reason[:LONGEST], chosen, now)
    _decide(database, kept, decided, shown, now)


def _decide(
    database: Database, kept: Kept, decided: Ruled, shown: Evidence, now: datetime
) -> None:
    with database.write() as connection:
        done = settle_call(connection, kept, decided, shown, now)
    if not done:
        click.echo(f"potluck: call {kept.id} was settled meanwhile.", err=True)
        sys.exit(1)
    click.echo(f"Call {kept.id} is settled: {decided.ruling}.")


def _chosen(shown: Evidence, wanted: str) -> str:
    of = shown.certain or shown.found
    fits = [one for one in of if wanted in {"", one.object_id, one.seen_id}]
    if len(fits) != 1:
        names = ", ".join(one.seen_id for one in of)
        raise UserError(f"Say with --object which of these came of it: {names}.")
    return fits[0].object_id


def _say_evidence(kept: Kept, shown: Evidence) -> None:
    if shown.repeatable:
        click.echo("This call does no harm the second time.")
    elif not shown.found:
        click.echo(f"Stripe has nothing that bears the key {kept.key}: it did not happen.")
    for one in shown.found:
        click.echo(_line(one))
    click.echo(f"What can be decided: {_words(shown)}.")


def _line(one: Found) -> str:
    why = "bears its key: it happened" if one.certain else "is about the same, without a key"
    at = one.created_at.isoformat(timespec="seconds")
    return f"{one.seen_id}  {at}  {one.amount} {one.currency}  {one.status}  {why}"


def _words(shown: Evidence) -> str:
    return " or ".join(shown.rulings)


def _told(kept: Kept, ruled: tuple[Ruled, ...]) -> dict[str, Any]:
    return {
        "number": kept.id,
        "kind": type(kept.call).__name__,
        "call": {name: str(value) for name, value in asdict(kept.call).items()},
        "effect_key": kept.effect_key,
        "idempotency_key": kept.key,
        "state": kept.state,
        "code": kept.code,
        "remote_id": kept.remote_id,
        "refusals": kept.refusals,
        "created_at": kept.created_at.isoformat(),
        "tried_at": kept.tried_at.isoformat() if kept.tried_at else None,
        "rulings": [asdict(one) | {"at": one.at.isoformat()} for one in ruled],
    }


def _evidence(settings: Settings, kept: Kept) -> Evidence:
    bank: Processor | None = running.processor(settings)
    if bank is None:
        raise UserError("There is no Stripe to ask: set STRIPE_API_KEY.")
    try:
        return settling.evidence(bank, kept)
    except ProcessorError as error:
        raise UserError(f"Stripe does not say what came of it: {error}.") from None


def _kept(database: Database, number: int) -> Kept:
    with database.read() as connection:
        found = store.by_id(connection, number)
    if found is None:
        raise UserError(f"There is no call {number}: see `potluck calls list`.")
    return found


def _app(settings: Settings) -> Database:
    return opened(settings.database_url)
