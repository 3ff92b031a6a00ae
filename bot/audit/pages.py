"""The page on which everybody sees whether a project may be sold now, and if not, why not.

GET  /OWNER/NAME/audit                        the answer, folders, who stands in the way
GET  /OWNER/NAME/audit/line?path=P&line=N     all about one line
GET  /OWNER/NAME/audit/certificates/SHA.txt   a certificate as it was signed
GET  /OWNER/NAME/audit/NOTICE.txt             whom to name
POST /OWNER/NAME/audit/again                  have it looked at now (maintainers)
POST /OWNER/NAME/audit/people                 the same person, or not (maintainers)
"""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template
from flask import request as sent
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from werkzeug import Response as AnyResponse

from bot import people, tasks
from bot.access import is_maintainer, maintained_repo
from bot.audit import aliases, certificates, due, explaining, runs, shown, working
from bot.audit.clones import Clones
from bot.audit.facts import inputs
from bot.audit.reading import reader
from bot.audit.shelf import Shelf
from bot.audit.shown import Looked
from bot.audit.tables import audit_certificate, audit_notice
from bot.pages import github_web
from core import clone_settings
from core.errors import UserError
from core.git.command import GitFailed
from core.web.house import FoundRepo, house
from core.web.signin import person, signed_in_person
from licensing import store as agreements
from licensing.audit.targets import COMMERCIAL
from licensing.sold import armour
from licensing.sold.purposes import Purpose

LONGEST_PATH = 1_000
LARGEST_LINE = 10_000_000

blueprint = Blueprint("audit", __name__, template_folder="../templates")


@dataclass
class Explained:
    """A line that somebody asks about: `given` as they wrote it, what is known, or why not."""

    path: str = ""
    line: str = ""
    error: str = ""
    found: dict[str, object] | None = None


def looked_at(owner: str, name: str) -> FoundRepo:
    """Find a public repository, or a private one for who maintains it: to others it is not there."""
    found = house().find_repo(owner, name)
    if found is not None and not found[2]:
        return FoundRepo(*found)
    if found is None or person() is None:
        abort(404)
    return maintained_repo(owner, name)


@blueprint.get("/<owner>/<name>/audit")
def audit(owner: str, name: str) -> str:
    """Answer first, then show what it rests on."""
    return _page(looked_at(owner, name))


@blueprint.get("/<owner>/<name>/audit/line")
def line(owner: str, name: str) -> tuple[str, int]:
    """Say all about one line."""
    repo = looked_at(owner, name)
    asked = _explained(repo)
    page = render_template(
        "bot/audit_line.html",
        repo=repo,
        asked=asked,
        standings=shown.STANDINGS,
        github=github_web(house().settings),
        agreement=_agreement(repo),
    )
    return page, 422 if asked.error else 200


@blueprint.get("/<owner>/<name>/audit/certificates/<sha256>.txt")
def certificate(owner: str, name: str, sha256: str) -> Response:
    """Give a certificate in its armour; one that is stale still says what was so."""
    repo = looked_at(owner, name)
    with house().app.read() as connection:
        token = connection.scalar(
            select(audit_certificate.c.token).where(
                audit_certificate.c.repo_id == repo.id, audit_certificate.c.sha256 == sha256
            )
        )
    if token is None:
        abort(404)
    answer = Response(armour.put_on(token, Purpose.AUDIT), mimetype="text/plain")
    answer.headers["Content-Disposition"] = 'attachment; filename="certificate.txt"'
    return answer


@blueprint.get("/<owner>/<name>/audit/NOTICE.txt")
def notice(owner: str, name: str) -> Response:
    """Give whom to name in what is sold: of the release, else of the tip."""
    repo = looked_at(owner, name)
    with house().app.read() as connection:
        text = _notice(connection, repo, shown.things(connection, repo.id))
    if text is None:
        abort(404)
    return Response(text, mimetype="text/plain")


@blueprint.post("/<owner>/<name>/audit/again")
def again(owner: str, name: str) -> AnyResponse:
    """Have everything looked at now."""
    repo, who, now = maintained_repo(owner, name), signed_in_person(), house().clock()
    with house().app.write() as connection:
        # Pressed twice within a minute it is one wish.
        occasion = f"page:{int(now.timestamp() // 60)}"
        for what, _commit in due.things(connection, repo.id):
            asked = runs.ask(connection, repo.id, what, occasion, now, by=who.id)
            tasks.put(connection, asked, now)
    return redirect(f"/{repo.name}/audit", 303)


@blueprint.post("/<owner>/<name>/audit/people")
def same_person(owner: str, name: str) -> AnyResponse | tuple[str, int]:
    """Write down that two are the same person, or are not, with the reason."""
    repo, who, now = maintained_repo(owner, name), signed_in_person(), house().clock()
    key, same_as = sent.form.get("person", ""), sent.form.get("same_as", "")
    decision = sent.form.get("decision", "")
    if decision not in {"same", "other"}:
        abort(400)
    said = aliases.Said(key, same_as, decision == "same", who.id, sent.form.get("reason", ""), now)
    try:
        with house().app.write() as connection:
            asked = shown.things(connection, repo.id)
            if not any(shown.asked_about(one.result, key, same_as) for one in asked):
                abort(400)
            aliases.decide(connection, repo.id, said)
            occasion = f"alias:{aliases.newest(connection, repo.id)}"
            tasks.put(connection, working.judge_again(repo.id, occasion, now), now)
    except UserError:
        return _page(repo, error=key), 422
    return redirect(f"/{repo.name}/audit", 303)


def _page(repo: FoundRepo, error: str = "") -> str:
    maintains = is_maintainer(repo, person())
    with house().app.read() as connection:
        found = shown.things(connection, repo.id)
        one = _chosen(found)
        holders: tuple[shown.Holder, ...] = ()
        if one is not None and one.result is not None:
            holders = shown.holders(connection, repo.id, one.result, maintains=maintains)
        history = [
            it for it in certificates.results(connection, repo.id) if it.target == COMMERCIAL
        ]
        noticed = _notice(connection, repo, found) is not None
        decided = aliases.readable(connection, repo.id) if maintains else ()
    return render_template(
        "bot/audit.html",
        repo=repo,
        things=found,
        one=one,
        holders=holders,
        folders=shown.folders(one.result) if one and one.result else (),
        standings=shown.STANDINGS,
        remedies=shown.REMEDIES,
        history=history,
        decided=decided,
        waived=shown.waived(one.result, maintains=maintains) if one and one.result else (),
        noticed=noticed,
        maintains_it=maintains,
        error=error,
        given=sent.form,
        github=github_web(house().settings),
        agreement=_agreement(repo),
    )


def _notice(connection: Connection, repo: FoundRepo, found: tuple[Looked, ...]) -> str | None:
    """Give the first one that was written down by the service's own audits."""
    rows = select(audit_notice.c.commit_sha, audit_notice.c.content)
    kept = dict(map(tuple, connection.execute(rows.where(audit_notice.c.repo_id == repo.id))))
    return next((kept[one.commit] for one in found if one.commit in kept), None)


def _agreement(repo: FoundRepo) -> object:
    with house().app.read() as connection:
        return agreements.agreement_in_force(connection, repo.id)


def _chosen(found: tuple[Looked, ...]) -> Looked | None:
    """Give what is asked for; else the release, or the tip where nothing was released."""
    wanted = sent.args.get("of", "")
    fits = [one for one in found if one.what == wanted]
    return next(iter((*fits, *found)), None)


def _explained(repo: FoundRepo) -> Explained:
    asked = Explained(sent.args.get("path", "").strip(), sent.args.get("line", "").strip())
    number = int(asked.line) if asked.line.isascii() and asked.line.isdecimal() else 0
    if not asked.path or len(asked.path) > LONGEST_PATH or not 1 <= number <= LARGEST_LINE:
        asked.error = _("Say which file and which line, such as src/main.c and 12.")
        return asked
    with house().app.read() as connection:
        one = _chosen(shown.things(connection, repo.id))
    if one is None or not one.commit:
        asked.error = _("Nothing was looked at here yet.")
        return asked
    try:
        found = _from_clone(repo, one.commit, asked.path, number) or _from_kept(
            repo, one.commit, asked.path, number
        )
    except explaining.AsAWhole:
        asked.error = _("This file is declared as a whole, and not judged line by line.")
        return asked
    except (UserError, GitFailed):
        asked.error = _("There is no such line in what was looked at.")
        return asked
    if found is None:
        asked.error = _("It has to be looked at again first: the rules have changed since.")
        return asked
    holders = (held["who"] for origin in found["origins"] for held in origin["holders"])
    accounts = {one for one in map(shown.account, holders) if one is not None}
    with house().app.read() as connection:
        logins = people.logins(connection, accounts)
    asked.found = shown.masked(found, logins, maintains=is_maintainer(repo, person()))
    return asked


def _from_clone(repo: FoundRepo, commit: str, path: str, number: int) -> dict[str, Any] | None:
    """Explain a line; None where the copy of the code is on another machine, or gone."""
    clones = Clones(clone_settings.read({}, house().settings.var))
    if not clones.at(repo.id).is_dir():
        return None
    with house().app.read() as connection:
        known = inputs(connection, repo.id)
    with (
        closing(Shelf(clones.shelf(repo.id))) as shelf,
        reader(clones.at(repo.id), commit, shelf, known) as (opened, sha),
    ):
        # Nobody has git work for hours by asking: only what was looked at is explained.
        return opened.explain(sha, COMMERCIAL, path, number) if shelf.snapshot(sha) else None


def _from_kept(repo: FoundRepo, commit: str, path: str, number: int) -> dict[str, Any] | None:
    """Explain the file by what the audit wrote down; None where that is out of date."""
    with house().app.read() as connection:
        kept = certificates.kept(connection, repo.id, commit, COMMERCIAL)
    return explaining.of_file(*kept, path, number) if kept else None
