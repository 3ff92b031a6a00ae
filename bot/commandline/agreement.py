"""`potluck agreement`: draft an agreement, look over one of any origin, put old texts back."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from bot.commandline.start import given_settings, opened
from core.errors import UserError
from core.translations import LANGUAGES
from licensing import drafting, french_law, reading, restoring, wording
from licensing.drafting import DEFAULT_RULE, WHO
from licensing.terms import EXPLAINED, KINDS, RULES
from licensing.variables import VARIABLES

LARGEST = 512_000
_RULES = "\n".join(f"  {name}: {EXPLAINED[name]}" for name in RULES)


@click.group()
def agreement() -> None:
    """Draft an agreement, look over the words of one, or put texts back from an export.

    A lawyer must read what comes out of this before anybody signs it.
    """


def _with_variables(command: Callable[..., Any]) -> Callable[..., Any]:
    for one in reversed(VARIABLES):
        means = f"{one.label}. {one.hint} Such as: {one.example}".replace(".  ", ". ")
        command = click.option(f"--{one.name}", default="", help=means)(command)
    return command


@agreement.command(epilog=f"\b\nThe outbound rules:\n{_RULES}")
@click.option("--kind", type=click.Choice(KINDS), default="cla", show_default=True)
@click.option("--who", type=click.Choice(WHO), default="individual", show_default=True)
@click.option("--outbound", type=click.Choice(RULES), default=DEFAULT_RULE, show_default=True)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
@click.option("--reaches-back", is_flag=True, help="It also holds for earlier contributions.")
@click.option("--confirm", is_flag=True, help="Each pull request is confirmed; in French always.")
@_with_variables
def new(
    kind: str,
    who: str,
    outbound: str,
    language: str,
    *,
    reaches_back: bool,
    confirm: bool,
    **values: str,
) -> None:
    """Write an agreement to the standard output; says what is needed if something is missing.

    An agreement for some files only has --paths.
    """
    choice = drafting.chosen(
        kind,
        language,
        who,
        outbound,
        reaches_back=reaches_back,
        by_path=bool(values["paths"].strip()),
        confirm=confirm,
    )
    mistakes = drafting.wrong(choice, values)
    if mistakes:
        raise UserError(
            "The text cannot be written yet.\n"
            + "\n".join(f"  --{name}: {said.english}" for name, said in mistakes.items())
        )
    text = drafting.draft(choice, values).text
    found = wording.faults(text, choice.kind, choice.language)
    if found:
        raise UserError("\n".join(str(fault) for fault in found))
    click.echo(text, nl=False)
    if hint := french_law.hint(text, choice.kind):
        # Beside the text, which often goes into a file.
        click.echo(f"potluck: {hint.english}", err=True)


@agreement.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice(KINDS), help="Needed where it is not from our templates."
)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
def lint(file: Path, kind: str | None, language: str) -> None:
    """Look for gaps, wrong references and words of assignment. Status 1 names what is wrong."""
    text = _text(file)
    found = reading.read(text)
    if kind is None and found is None:
        raise UserError(f"{file} is not from our templates: say --kind {'|'.join(KINDS)}.")
    if found is not None:
        kind, language = kind or found.choice.kind, found.choice.language
    faults = wording.faults(text, str(kind), language)
    for fault in faults:
        click.echo(f"{file}: {fault}")
    if faults:
        sys.exit(1)
    origin = (
        "Its text is one of our templates." if found and found.is_whole else "It has own words."
    )
    if wording.says_lawyer(text, language):
        origin += " It still says that a lawyer must read it."
    click.echo(f"{file}: nothing is wrong with its form. {origin}")
    if hint := french_law.hint(text, str(kind)):
        click.echo(f"{file}: {hint.english}")


@agreement.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put every version in an export back into an empty database, before all deliveries are told again.

    Nothing but texts and terms, with the instants from which they counted.
    """
    try:
        data = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise UserError(f"{file} is not JSON, so it is no export.") from None
    with (
        closing(opened(given_settings().database_url)) as database,
        database.write() as connection,
    ):
        done = restoring.restore(connection, data)
    click.echo(f"Put back {done} {'version' if done == 1 else 'versions'}.")


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST:
        raise UserError(f"{file} is larger than {LARGEST} bytes.")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{file} is not text in UTF-8.") from None
