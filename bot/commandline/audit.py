"""`potluck audit`: may this code be handed out under a target, line by line, and if not, why."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot import repositories
from bot.audit import certificates, facts, stated
from bot.audit.judging import Audit, plain
from bot.audit.reading import Reader, reader
from bot.audit.shelf import Shelf, place_of
from bot.audit.taking import Told
from bot.audit.telling import lines, progress
from bot.commandline.start import given_settings, opened
from core.clock import system_clock
from core.db import Database
from core.errors import UserError
from licensing import spdx
from licensing.audit import decisions
from licensing.audit.decisions import Inputs
from licensing.audit.targets import COMMERCIAL

EVERY_S = 0.1


@dataclass(frozen=True)
class Asked:
    """What the command line asked for."""

    repo: str
    target: str
    at: str
    clone: Path
    explain: str
    as_json: bool
    grants: Path | None
    whole: bool
    kept: Path | None


@click.command()
@click.argument("repo")
@click.option(
    "--target", default=COMMERCIAL, show_default=True, help="commercial, or an SPDX identifier."
)
@click.option(
    "--at", default="HEAD", show_default=True, help="A commit, branch or tag of the clone."
)
@click.option(
    "--clone",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the clone, if REPO is a name.",
)
@click.option("--explain", default="", metavar="PATH:LINE", help="Say all about one line.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
@click.option(
    "--grants",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of statements, instead of the register: no database is read.",
)
@click.option("--all", "whole", is_flag=True, help="Name everybody who stands in the way.")
@click.option(
    "--kept",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where findings are kept; by default under the folder of POTLUCK_VAR.",
)
@click.option(
    "--record", type=int, metavar="NUMBER", help="Record --grants for REPO, by this account."
)
@click.option("--reason", default="", help="Why it is recorded.")
def audit(record: int | None, reason: str, **given: Any) -> None:
    """Judge every line of a clone: may it be handed out under --target?

    REPO is OWNER/NAME with --clone, or the folder of a clone with --grants. Status 1 where
    something stands in the way. It can be stopped and goes on where it was.
    """
    asked = Asked(**_given(given))
    if record is not None:
        _record(asked, record, reason)
        return
    if asked.grants is not None:
        inputs = decisions.read(stated.folder(asked.grants))
        sys.exit(_run(asked, inputs, None))
    with closing(opened(given_settings().database_url)) as database:
        with database.read() as connection:
            repo = repositories.repo_named(connection, asked.repo)
            if repo is None:
                raise UserError(f"There is no repository {asked.repo} here: try --grants FOLDER.")
            inputs = facts.inputs(connection, repo.id)
        sys.exit(_run(asked, inputs, (database, repo.id)))


def _given(given: dict[str, Any]) -> dict[str, Any]:
    target = str(given["target"])
    if target != COMMERCIAL:
        known = spdx.identifier(target)
        if known is None:
            near = spdx.nearest(target)
            raise UserError(f"{target} is no SPDX identifier: do you mean {near}?")
        target = known
    repo, clone = str(given["repo"]), given["clone"]
    if clone is None:
        clone = Path(repo)
        if not clone.is_dir():
            raise UserError(f"{repo} is not a folder: say with --clone where its clone is.")
    return {**given, "target": target, "clone": clone}


def _run(asked: Asked, inputs: Inputs, known: tuple[Database, int] | None) -> int:
    with _shelf(asked) as shelf, reader(asked.clone, asked.at, shelf, inputs) as (opened_, sha):
        if asked.explain:
            return _explain(asked, opened_, sha)
        found, matter = opened_.audit(sha, asked.target, _progress())
    certificate = None
    if known is not None:
        database, repo_id = known
        settings, now = given_settings(), system_clock()
        with database.write() as connection:
            certificates.keep(connection, repo_id, found, matter, now)
            certificate = certificates.issue(connection, repo_id, found, settings.secret_key, now)
    _tell(asked, found, certificate)
    return 0 if found.sellable else 1


def _tell(asked: Asked, found: Audit, certificate: certificates.Certificate | None) -> None:
    if asked.as_json:
        more = {"certificate": certificate.token} if certificate else {}
        click.echo(json.dumps(plain(found) | more, ensure_ascii=False))
        return
    for line in lines(found, whole=asked.whole):
        click.echo(line)
    if certificate is not None:
        click.echo(f"\nCertificate {certificate.sha256}")


def _explain(asked: Asked, opened_: Reader, sha: str) -> int:
    from bot.audit import explaining

    path, number = explaining.place(asked.explain)
    found = opened_.explain(sha, asked.target, path, number)
    if asked.as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for line in explaining.told(found):
            click.echo(line)
    return 0


def _record(asked: Asked, by: int, reason: str) -> None:
    if asked.grants is None:
        raise UserError("Say with --grants which folder is to be recorded.")
    now = system_clock()
    with (
        closing(opened(given_settings().database_url)) as database,
        database.write() as connection,
    ):
        repo = repositories.repo_named(connection, asked.repo)
        if repo is None:
            raise UserError(f"There is no repository {asked.repo} here.")
        files = stated.folder(asked.grants)
        digest = stated.record(connection, repo.id, stated.Stated(by, reason, "", now, files), now)
    click.echo(f"Recorded {len(files)} files for {asked.repo}: {digest}")


@contextmanager
def _shelf(asked: Asked) -> Iterator[Shelf]:
    folder = asked.kept or given_settings().var / "audit"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(Shelf(place_of(folder, asked.clone))) as shelf:
        yield shelf


def _progress() -> Told:
    """Show how far it is beside what comes out; only where somebody looks on."""
    shows, last = sys.stderr.isatty(), 0.0

    def told(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if not shows or (now - last < EVERY_S and done < total):
            return
        last = now
        click.echo(f"\r{progress(done, total)}", err=True, nl=done == total)

    return told
