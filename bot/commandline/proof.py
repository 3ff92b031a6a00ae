"""`potluck check`, `export` and `verify`: proof that the register is what it was."""

import json
import sys
from pathlib import Path

import click

from bot.commandline.start import given_settings, opened
from licensing import chain, proof

NOTHING_WRONG = "Every chain and every text in it is whole: compare each head with one you kept."


@click.command()
def check() -> None:
    """Prove this database: chains, texts and constraints. Status 1 where something is wrong."""
    database = opened(given_settings().database_url)
    with database.read() as connection:
        problems = proof.verify_chain(connection)
        extents = proof.extents(connection)
    _tell(problems, extents, "There is no agreement in this database, so nothing was checked.")


@click.command()
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it.",
)
def export(output: Path) -> None:
    """Write every agreement with its texts and its chain into one file."""
    database = opened(given_settings().database_url)
    with database.read() as connection:
        data = proof.export_chain(connection)
    output.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"Wrote {output}. Check it anywhere with `potluck verify {output}`.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Check an export on its own, without database or network. Status 1 names what is wrong."""
    try:
        data = json.loads(file.read_bytes())
    except ValueError:
        click.echo(f"potluck: {file} is not JSON, so it is no export.", err=True)
        sys.exit(1)
    problems = chain.verify_export(data)
    extents = () if problems else chain.extents(data)
    _tell(problems, extents, "There is no agreement in this export, so nothing was verified.")


def _tell(problems: tuple[str, ...], extents: tuple[chain.Extent, ...], nothing: str) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    for extent in extents:
        click.echo(str(extent))
    click.echo(NOTHING_WRONG if extents else nothing)
