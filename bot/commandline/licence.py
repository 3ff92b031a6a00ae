"""`potluck licence`: issue, verify, take back and give back licences; look after the keys that sign them."""

import json
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from bot.audit import certificates
from bot.commandline.licence_keys import COMMAND, Shop, keys_, retire, rotate
from bot.commandline.whole_files import whole
from core.clock import system_clock
from core.digests import sha256
from core.errors import UserError
from core.github import Repo
from licensing.sold import checking, codes, keys, paseto, reading, store
from licensing.sold.acts import Cause
from licensing.sold.checking import Asked, ListRefused
from licensing.sold.claims import Audit
from licensing.sold.days import end_of
from licensing.sold.reading import Terms

TARGET = "commercial"
LARGEST = 8 * 1024 * 1024
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(("%Y-%m-%d",))


@click.group()
def licence() -> None:
    """Issue licences by hand, verify files, take licences back, and look after the keys."""


for _command in (keys_, rotate, retire):
    licence.add_command(_command)


@licence.command()
@click.option("--repo", required=True, help="OWNER/NAME of the project that sells.")
@click.option("--commit", required=True, help="The commit that is licensed, in full.")
@click.option("--product", required=True, help="Its name in the product, such as pro.")
@click.option("--edition", default="standard", show_default=True)
@click.option("--entitlement", "entitlements", multiple=True, help="A module; may be repeated.")
@click.option("--licensee", required=True, help="Who it is for: a name, never an e-mail address.")
@click.option("--order", required=True, help="Your order number; the same again issues no other.")
@click.option("--text", required=True, type=FILE, help="The text of the licence.")
@click.option("--seats", type=click.IntRange(1), help="How many machines; as many as wanted.")
@click.option("--grace-seats", type=click.IntRange(0), default=0, show_default=True)
@click.option("--expires", type=DAY, help="Its last day, in UTC; for ever where it is left out.")
@click.option("--updates-until", type=DAY, help="It covers versions that come out by this day.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def issue(repo: str, commit: str, text: Path, output: Path, **given: Any) -> None:
    """Issue a licence by hand and write its file, once for each order number.

    There must be a certificate of the audit for the commit, as for every sale.
    """
    shop = Shop.open(repo)
    terms = Terms(
        product=given["product"],
        edition=given["edition"],
        entitlements=given["entitlements"],
        licensee=given["licensee"],
        order=given["order"],
        text_sha256=sha256(text.read_bytes()),
        audit=None,
        seats=given["seats"],
        grace_seats=given["grace_seats"],
        expires_at=_end(given["expires"]),
        updates_until=_end(given["updates_until"]),
    )
    cause = Cause(COMMAND, f"order:{terms.order}"[:160])
    with shop.database.write() as connection:
        terms = _certified(connection, shop.repo, commit, terms)
        made = store.issue(
            connection, shop.repo.id, terms, cause, shop.settings.secret_key, shop.now
        )
        file = reading.text_of(connection, made.id) or ""
    with whole(output) as out:
        out.write(file)
    click.echo(f"Licence {made.id} is in {output}.")


@licence.command()
@click.argument("file", type=FILE)
@click.option("--product", required=True)
@click.option("--repo", help="OWNER/NAME: its keys and its list, from the database.")
@click.option("--keys", "given_keys", type=FILE, help="keys.json of the project, instead.")
@click.option("--list", "given_list", type=FILE, help="The revocation list, as a file.")
@click.option("--built", type=DAY, help="When the version that runs came out.")
def verify(
    file: Path,
    product: str,
    repo: str | None,
    given_keys: Path | None,
    given_list: Path | None,
    built: datetime | None,
) -> None:
    """Say whether a licence FILE holds: status 0 if it does, else 1. Needs no database with --keys."""
    known = _keys_in(given_keys) if given_keys else _keys_of(repo)
    listed = None
    if given_list:
        try:
            listed = checking.revocations(_text(given_list), known)
        except ListRefused as refused:
            click.echo(f"{refused.warning}: {codes.WARNINGS[refused.warning]}", err=True)
    asked = Asked(product, system_clock(), _end(built))
    verdict = checking.judged(_text(file), known, asked, listed)
    click.echo(f"{verdict.code}: {codes.REASONS[verdict.code]}")
    for warning in verdict.warnings if given_list and listed else ():
        click.echo(f"{warning}: {codes.WARNINGS[warning]}", err=True)
    if verdict.claims:
        said = verdict.claims
        click.echo(f"{said.product}, {said.edition}, for {said.licensee}, order {said.order}")
    sys.exit(0 if verdict.holds else 1)


@licence.command()
@click.argument("licence_id")
@click.option("--repo", required=True, help="OWNER/NAME of the project that sold it.")
@click.option("--reason", required=True, type=click.Choice(("leaked", "refunded", "breach")))
def revoke(licence_id: str, repo: str, reason: str) -> None:
    """Take a licence back: it goes on the list, under a number one higher."""
    shop = Shop.open(repo)
    with shop.database.write() as connection:
        _own(connection, shop, licence_id)
        store.revoke(connection, licence_id, reason, shop.cause(licence_id), shop.now)
    click.echo(f"Licence {licence_id} is revoked.")


@licence.command()
@click.argument("licence_id")
@click.option("--repo", required=True, help="OWNER/NAME of the project that sold it.")
def reinstate(licence_id: str, repo: str) -> None:
    """Undo what `revoke` did by hand; what a refund or a dispute took back stays so."""
    shop = Shop.open(repo)
    with shop.database.write() as connection:
        _own(connection, shop, licence_id)
        for _reason, cause in reading.reasons(connection, licence_id):
            if cause.source == COMMAND:
                store.reinstate(connection, licence_id, cause, shop.now)
        left = reading.reasons(connection, licence_id)
    if left:
        raise UserError(f"It stays revoked: {', '.join(reason for reason, _cause in left)}.")
    click.echo(f"Licence {licence_id} holds.")


def _certified(connection: Connection, repo: Repo, commit: str, terms: Terms) -> Terms:
    found = certificates.fresh(connection, repo.id, commit.lower(), TARGET)
    if found is None:
        raise UserError(
            f"There is no fresh certificate that {commit[:12]} of {repo.name} may be sold:"
            f" run `potluck audit {repo.name} --at {commit[:12]}` first."
        )
    audit = Audit(repo.name, found.commit_sha, found.ledger_sha256, found.sha256)
    return replace(terms, audit=audit)


def _own(connection: Connection, shop: Shop, licence_id: str) -> None:
    found = reading.find(connection, licence_id)
    if found is None or found.repo_id != shop.repo.id:
        raise UserError(f"{shop.repo.name} sold no licence {licence_id}: check the id.")


def _end(day: datetime | None) -> datetime | None:
    return None if day is None else end_of(day.date())


def _keys_of(repo: str | None) -> dict[str, bytes]:
    if repo is None:
        raise UserError("Say whose licence it is: give --keys keys.json, or --repo OWNER/NAME.")
    shop = Shop.open(repo)
    with shop.database.read() as connection:
        return {one.kid: one.public for one in keys.of(connection, shop.repo.id)}


def _keys_in(file: Path) -> dict[str, bytes]:
    try:
        items = json.loads(_text(file))["items"]
        return {str(one["kid"]): paseto.decoded_key(one["public"]) for one in items}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UserError(f"{file} is no keys.json of a project.") from None


def _text(file: Path) -> str:
    with file.open("rb") as found:
        return found.read(LARGEST).decode("utf-8", "replace")
