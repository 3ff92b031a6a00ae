"""Who covers this commit, and what rests on this signature: a page, and tables for programs.

GET /OWNER/NAME/cla/coverage?commit=1a2b3c&pull=7&person=ada&record=12&page=2
GET /OWNER/NAME/cla/coverage.csv, coverage.json    the same, whole
GET /OWNER/NAME/cla/head.json                      the public end of the chain
"""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import coverage_tables, people
from bot.access import maintained_repo
from bot.pages import github_web
from core.web.house import FoundRepo, house
from core.web.signin import person
from licensing import coverage_search, store
from licensing.coverage_search import Wanted

ON_ONE_PAGE = 50
SHORTEST = 4
LARGEST_NUMBER = 2**31 - 1
LARGEST_ID = 2**53
LONGEST_LOGIN = 100
_COMMIT = re.compile(r"[0-9a-f]{4,64}", re.ASCII)
_NUMBER = re.compile(r"#?([1-9][0-9]{0,15})", re.ASCII)
_LOGIN = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?)", re.ASCII)

blueprint = Blueprint("coverage_pages", __name__, template_folder="templates")


@dataclass
class Search:
    """What somebody asks for: `given` as they wrote it, `errors` by field."""

    wanted: Wanted
    given: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    is_known: bool = True

    def address(self, page: int = 1) -> str:
        """Give the query of the same search on another page."""
        given = {name: value for name, value in self.given.items() if value}
        return "?" + urlencode(given | {"page": str(page)})


@blueprint.get("/<owner>/<name>/cla/coverage")
def coverage(owner: str, name: str) -> tuple[str, int]:
    """Show a page of the ledger, or what a search finds in it."""
    repo = _repo(owner, name)
    with house().app.read() as connection:
        search = _search(connection, repo)
        asked = request.args.get("page", 1, type=int)
        found = coverage_search.page(connection, _or_nothing(search), asked, ON_ONE_PAGE)
        ids = {one.row.holder_id for one in found.rows if one.row.holder_id is not None}
        names = people.logins(connection, ids)
        agreement = store.agreement_in_force(connection, repo.id)
    shown = render_template(
        "bot/coverage.html",
        repo=repo,
        agreement=agreement,
        search=search,
        found=found,
        names=names,
        github=github_web(house().settings),
    )
    return shown, 422 if search.errors else 200


@blueprint.get("/<owner>/<name>/cla/coverage.csv")
def table(owner: str, name: str) -> Response:
    """Give all that is asked for as CSV."""
    pieces = _pieces(_repo(owner, name))
    answer = Response(coverage_tables.as_csv(pieces), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return answer


@blueprint.get("/<owner>/<name>/cla/coverage.json")
def objects(owner: str, name: str) -> Response:
    """Give all that is asked for as JSON."""
    pieces = _pieces(_repo(owner, name))
    return Response(coverage_tables.as_json(pieces), content_type="application/json")


@blueprint.get("/<owner>/<name>/cla/head.json")
def head(owner: str, name: str) -> Response:
    """Give the public end of the chain, to be kept and compared."""
    repo = _repo(owner, name)
    with house().app.read() as connection:
        found = coverage_search.head(connection, repo.id)
    if found is None:
        abort(404)
    return jsonify(
        scope=found.scope, scope_id=found.scope_id, records=found.sequence, head=found.hash
    )


def _repo(owner: str, name: str) -> FoundRepo:
    """Find a public repository, or a private one for who maintains it: to others it is not there."""
    found = house().find_repo(owner, name)
    if found is not None and not found[2]:
        return FoundRepo(*found)
    if found is None or person() is None:
        abort(404)
    return maintained_repo(owner, name)


def _pieces(repo: FoundRepo) -> coverage_tables.Pieces:
    app = house().app
    with app.read() as connection:
        search = _search(connection, repo)
    if search.errors:
        abort(422)
    return coverage_search.all_of(app.read, _or_nothing(search))


def _or_nothing(search: Search) -> Wanted:
    """Give what is wanted; nothing where a field cannot be read, or names nobody we know."""
    if search.errors or not search.is_known:
        return replace(search.wanted, number=0)
    return search.wanted


def _search(connection: Connection, repo: FoundRepo) -> Search:
    given = {
        name: request.args.get(name, "").strip()[:LONGEST_LOGIN]
        for name in ("commit", "pull", "person", "record")
    }
    search = Search(Wanted(repo_id=repo.id), given)
    commit = given["commit"].lower()
    if commit and not _COMMIT.fullmatch(commit):
        search.errors["commit"] = _(
            "Write at least four digits of a commit’s hash, such as 1a2b3c."
        )
    number = _NUMBER.fullmatch(given["pull"])
    if given["pull"] and (number is None or int(number[1]) > LARGEST_NUMBER):
        search.errors["pull"] = _("Write the number of a pull request, such as 12.")
    who = _person(connection, given["person"], search)
    evidence = _record(connection, repo.id, given["record"], search)
    search.wanted = Wanted(
        repo_id=repo.id,
        commit=commit if commit and "commit" not in search.errors else None,
        number=int(number[1]) if number and "pull" not in search.errors else None,
        person=who,
        evidence=evidence,
    )
    return search


def _record(connection: Connection, repo_id: int, given: str, search: Search) -> str | None:
    if not given:
        return None
    number = _NUMBER.fullmatch(given)
    if number is None or int(number[1]) > LARGEST_NUMBER:
        search.errors["record"] = _("Write the number of a record, such as 12.")
        return None
    found = coverage_search.evidence_here(connection, repo_id, int(number[1]))
    search.is_known = search.is_known and found is not None
    return found


def _person(connection: Connection, given: str, search: Search) -> int | None:
    if not given:
        return None
    number = _NUMBER.fullmatch(given)
    if number is not None and int(number[1]) <= LARGEST_ID:
        return int(number[1])
    login = _LOGIN.fullmatch(given)
    if login is None:
        search.errors["person"] = _("Write a GitHub name, or an account’s number.")
        return None
    found = people.number_of(connection, login[1].lower())
    search.is_known = found is not None
    return found
