"""`potluck receipts`: who issues receipts for a project, and what was issued in a year."""

import sys
import tomllib
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import click

from bot import repositories
from bot.commandline.start import given_settings, opened
from core.clock import system_clock
from core.errors import UserError
from core.money import Money, shown
from donations.receipts import store
from donations.receipts.fields import COUNTRIES, Issuer

LONGEST = 200


@click.group()
def receipts() -> None:
    """Say who issues receipts, and add up what was issued."""


@receipts.command()
@click.option("--repo", required=True, help="OWNER/NAME of the project.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def issuer(repo: str, file: Path) -> None:
    """Record from FILE (TOML) who issues receipts for a project from now on.

    The body issues them, not Potluck: with `basis` you state on what legal ground gifts to it
    are deductible, and have it checked by somebody who knows. What is sold is invoiced where
    there is a `registration`, and with tax in the price a `vat`.
    """
    of = _read(file)
    with (
        closing(opened(given_settings().database_url)) as database,
        database.write() as connection,
    ):
        known = repositories.repo_named(connection, repo)
        if known is None:
            raise UserError(f"There is no project {repo} here: check owner and name.")
        store.record_issuer(connection, known.id, of, system_clock())
    kinds = ["receipts of payment"]
    kinds += (
        [f"receipts for taxes in {of.country}"] if of.basis and of.country in COUNTRIES else []
    )
    kinds += ["invoices"] if of.registration else []
    click.echo(f"{of.name} issues {', '.join(kinds)} for {repo} from now on.")


@receipts.command()
@click.option("--repo", required=True, help="OWNER/NAME of the project.")
@click.option("--year", required=True, type=click.IntRange(2000, 9999))
def totals(repo: str, year: int) -> None:
    """Say how many receipts were issued in a year and for how much, less the cancelled ones."""
    with closing(opened(given_settings().database_url)) as database, database.read() as connection:
        known = repositories.repo_named(connection, repo)
        of = store.issuer_of(connection, known.id) if known else None
        if of is None:
            raise UserError(f"Nobody issues receipts for {repo}: see potluck receipts issuer.")
        found = store.totals(connection, of.registration or of.name, year)
    for (kind, currency), (count, minor) in found.items():
        click.echo(f"{kind}\t{count}\t{shown(Money(minor, currency), 'en')}")
    if not found:
        click.echo(f"No receipt was issued in {year}.")
        sys.exit(1)


def _read(file: Path) -> Issuer:
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read as TOML: {error}") from None
    known = {one.name for one in fields(Issuer)}
    if strange := sorted(set(given) - known):
        raise UserError(
            f"{file} has {', '.join(strange)}; it may have {', '.join(sorted(known))}."
        )
    for name, value in given.items():
        if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST:
            raise UserError(f"{name} must be a text of at most {LONGEST} characters.")
    if missing := [name for name in ("name", "address", "country") if name not in given]:
        raise UserError(f"{file} lacks {', '.join(missing)}.")
    return Issuer(**{name: value.strip() for name, value in given.items()})
