"""`potluck coverage`: who covers a commit, and all that rests on somebody or on one signature."""

import sys
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import Connection, func, select

from bot import coverage_tables, people, repositories
from bot.commandline.start import given_settings, opened
from bot.commandline.whole_files import whole
from core.errors import UserError
from licensing import coverage_search
from licensing.coverage_search import Wanted
from licensing.coverage_words import Told
from licensing.tables import agreement

SHORT = 12
LONGEST_NUMBER = 15


@click.command()
@click.option("--commit", help="The beginning of a commit’s hash.")
@click.option("--person", help="The number of a GitHub account, or its login as we last saw it.")
@click.option("--signature", type=click.IntRange(1), help="The place of a record in its chain.")
@click.option("--repo", help="OWNER/NAME: only this repository, and its agreement’s chain.")
@click.option(
    "--csv",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a table for programs here in place of lines.",
)
def coverage(
    commit: str | None,
    person: str | None,
    signature: int | None,
    repo: str | None,
    file: Path | None,
) -> None:
    """Say who covers what was merged: all of it, or what the options ask for.

    Each line: pull request, commit, as what it landed, account, part, rule, and what it rests
    on. Status 1 where nothing fits, or where some of it is not covered; 0 before the first merge.
    """
    with closing(opened(given_settings().database_url)) as database:
        with database.read() as connection:
            wanted = _wanted(connection, commit, person, signature, repo)
            is_empty = not coverage_search.anything(connection)
        if is_empty:
            click.echo("Nothing has been merged yet.")
            return
        pieces = coverage_search.all_of(database.read, wanted)
        sys.exit(_write(pieces, file) if file else _tell(pieces))


def _write(pieces: coverage_tables.Pieces, file: Path) -> int:
    with whole(file) as out:
        for lines in coverage_tables.as_csv(pieces):
            out.write(lines)
    click.echo(f"Wrote {file}.")
    return 0


def _tell(pieces: coverage_tables.Pieces) -> int:
    rows = missing = 0
    for piece in pieces:
        for told in piece:
            rows, missing = rows + 1, missing + (told.row.rule == "missing")
            click.echo(_line(told))
    if not rows:
        click.echo("Nothing that was merged fits.")
    return 1 if missing or not rows else 0


def _line(told: Told) -> str:
    row, word = told.row, told.word
    who = str(row.holder_id) if row.holder_id is not None else f"nobody ({row.problem})"
    rests = f"version {row.version}" if row.evidence else ""
    if word is not None:
        # Whoever signs for a company chooses its name: nothing in it may steer a terminal.
        name = "".join(one for one in word.name if one.isprintable())
        rests = f"{name}, record {word.record}, {rests}"
    if row.comment_id is not None:
        rests += f", comment {row.comment_id}"
    if row.acted_at is not None:
        rests += f", {row.acted_at.isoformat()}"
    parts = (
        f"{row.repo_id}#{row.number}",
        row.sha[:SHORT],
        row.landed_sha[:SHORT],
        who,
        row.role,
        row.rule,
        rests,
    )
    return "  ".join(part for part in parts if part)


def _wanted(
    connection: Connection,
    commit: str | None,
    person: str | None,
    signature: int | None,
    repo: str | None,
) -> Wanted:
    found = repositories.repo_named(connection, repo) if repo else None
    if repo and found is None:
        raise UserError(f"There is no repository {repo} here.")
    repo_id = found.id if found else None
    evidence = None
    if signature is not None:
        evidence = _evidence(connection, repo_id, signature)
        # One agreement may serve several repositories: its chain was named, not what it covers.
        repo_id = None
    who = _person(connection, person) if person else None
    return Wanted(repo_id, commit.lower() if commit else None, None, who, evidence)


def _person(connection: Connection, given: str) -> int:
    said = given.strip().removeprefix("@")
    if said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER:
        return int(said)
    found = people.number_of(connection, said.lower())
    if found is None:
        raise UserError(f"Nobody called {given} was seen here lately: name the account’s number.")
    return found


def _evidence(connection: Connection, repo_id: int | None, sequence: int) -> str:
    if repo_id is not None:
        head = coverage_search.head(connection, repo_id)
        agreement_id = head.agreement_id if head else None
    else:
        agreement_id = connection.scalar(select(func.min(agreement.c.id)))
        if agreement_id != connection.scalar(select(func.max(agreement.c.id))):
            raise UserError("There are several agreements: name one with --repo OWNER/NAME.")
    found = (
        coverage_search.evidence_at(connection, agreement_id, sequence)
        if agreement_id is not None
        else None
    )
    if found is None:
        raise UserError(f"There is no record {sequence} in that chain.")
    return found
