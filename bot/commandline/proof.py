"""`potluck check`, `export` and `verify`: proof that the register is what it was."""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from bot import proofs, repositories
from bot.commandline.start import given_settings, opened
from bot.commandline.whole_files import whole
from bot.roadmap import proof as ballot_proof
from bot.roadmap.board import proof as board_proof
from bot.roadmap.intents import proof as intent_proof
from core.errors import UserError
from donations import audit, reserves
from donations import proof as books
from donations.asking import proof as appeals
from donations.giving import proof as gifts
from donations.payouts import checking as paid
from donations.payouts import proof as payouts
from donations.receipts import proof as receipts
from donations.sharing import checking
from donations.sharing import proof as shares
from licensing import chain, coverage_proof, ledger, proof
from licensing.sold import chained
from licensing.sold import proof as licences

NOTHING_WRONG = "Every chain and every text in it is whole: compare each head with one you kept."
MOST = 1_000
"""The longest line about what does not hold."""

Extent = chain.Extent | ledger.Span | str


@click.command()
def check() -> None:
    """Prove this database: chains, texts, coverage, ballots, books. Status 1 where something is wrong."""
    with closing(opened(given_settings().database_url)) as database, database.read() as connection:
        problems = (
            *proof.verify_chain(connection),
            *board_proof.problems(connection),
            *intent_proof.problems(connection),
            *ballot_proof.problems(connection),
            *books.problems(connection),
            *reserves.problems(connection),
            *gifts.problems(connection),
            *appeals.problems(connection),
            *licences.problems(connection),
            *payouts.problems(connection),
            *shares.problems(connection),
            *receipts.problems(connection),
        )
        extents: tuple[Extent, ...] = proof.extents(connection)
        extents += coverage_proof.spans(connection) + board_proof.boards(connection)
        extents += books.books(connection) + books.refusals(connection)
        extents += intent_proof.extents(connection) + ballot_proof.extents(connection)
        extents += licences.extents(connection) + shares.extents(connection)
        extents += payouts.extents(connection)
    _tell(problems, extents, "There is no agreement in this database, so nothing was checked.")


@click.command()
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it.",
)
@click.option("--repo", help="OWNER/NAME: only what this repository rests on.")
def export(output: Path, repo: str | None) -> None:
    """Write every agreement, coverage, boards, ballots, calls, books, payouts, licences and shares.

    With --repo: the agreements of one repository, each chain whole, and all the rest of its own.
    """
    with closing(opened(given_settings().database_url)) as database, database.read() as connection:
        repo_id = _number(connection, repo) if repo else None
        with whole(output) as out:
            out.writelines(proofs.pieces(connection, repo_id))
    click.echo(f"Wrote {output}. Check it anywhere with `potluck verify {output}`.")


def _number(connection: Connection, name: str) -> int:
    found = repositories.repo_named(connection, name)
    if found is None:
        raise UserError(f"There is no repository {name} here.")
    return found.id


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Check an export, or a project’s ledger.json, without database or network.

    Status 1 names what is wrong.
    """
    try:
        data = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        click.echo(f"potluck: {file} is not JSON, so it is no export.", err=True)
        sys.exit(1)
    if isinstance(data, dict) and data.get("format") == audit.FORMAT:
        problems = audit.file_problems(data)
        extents: tuple[Extent, ...] = () if problems else audit.exported(data["books"])
    else:
        problems = (
            chain.verify_export(data)
            or board_proof.export_problems(data)
            or intent_proof.export_problems(data)
            or ballot_proof.export_problems(data)
            or audit.export_problems(data.get("books", ()))
            or chained.export_problems(data)
            or checking.export_problems(data)
            or paid.export_problems(data)
        )
        extents = () if problems else _extents(data)
    _tell(problems, extents, "There is no agreement in this export, so nothing was verified.")


def _extents(data: dict[str, Any]) -> tuple[Extent, ...]:
    parts = data.get("coverage", ())
    boards = board_proof.exported(data)
    money = audit.exported(data.get("books", ()))
    said = (*intent_proof.exported(data), *ballot_proof.exported(data), *chained.exported(data))
    said += checking.exported(data) + paid.exported(data)
    return (*chain.extents(data), *(ledger.span(part) for part in parts), *boards, *money, *said)


def _tell(problems: tuple[str, ...], extents: tuple[Extent, ...], nothing: str) -> None:
    for problem in problems:
        click.echo(_printable(problem), err=True)
    if problems:
        sys.exit(1)
    for extent in extents:
        click.echo(_printable(str(extent)))
    click.echo(NOTHING_WRONG if extents else nothing)


def _printable(words: str) -> str:
    # They quote a file of anybody's: nothing in it may speak to the terminal.
    return "".join(sign if sign.isprintable() else "?" for sign in words)[:MOST]
