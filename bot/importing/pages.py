"""`/maintain/import`: a file of another tool is uploaded, looked through and approved; and the way out."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bot import repositories, tasks
from bot.importing import export, steps, words
from bot.maintaining import desk
from bot.maintaining.looking import number
from bot.maintaining.pages import named
from bot.signing.acts import Occasion
from core.github import Repo
from core.web.house import FoundRepo
from core.web.signin import signed_in_person
from licensing import store
from licensing.imports import reading, writing
from licensing.imports import store as imports
from licensing.imports.assessing import BY_DEFAULT, DOUBTS, Doubt
from licensing.imports.store import FROM_FILE, Batch
from licensing.imports.values import FORMATS, LARGEST, WRITTEN, Format, Unreadable

ON_ONE_PAGE = 100
ROOM = 100_000
"""Bytes of a form beside its file."""

SUFFIXES: dict[Format, str] = {"cla-assistant-json": "json", "lite": "json"}
AS_NAMED = "as-named"
"""What the form sends for `FROM_FILE`."""

blueprint = Blueprint("importing", __name__, template_folder="templates")


@blueprint.url_value_preprocessor
def make_room(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let maintainers send a large file; what others send stays as small as everywhere."""
    given = values or {}
    if not given.get("batch_id"):
        desk.make_room(given, LARGEST + ROOM)


@blueprint.get("/<owner>/<name>/maintain/import")
def start(owner: str, name: str) -> str:
    """Show the form for a file, the files that were uploaded, and the ways out."""
    return _start(desk.entered(owner, name))


@blueprint.post("/<owner>/<name>/maintain/import")
def upload(owner: str, name: str) -> AnyResponse | tuple[str, int]:
    """Read a file, keep it, and have its accounts looked up; nothing is taken over."""
    repo = desk.entered(owner, name)
    if refused := _for_others(repo):
        return _start(repo, refused), 403
    given = request.files.get("file")
    content = given.stream.read(LARGEST + 1) if given and given.filename else b""
    if not content:
        return _start(repo, _("Choose a file.")), 422
    form = request.form.get("format", "")
    try:
        parsed = reading.read(content, form if form in FORMATS else None)
    except Unreadable as error:
        return _start(repo, words.unreadable(error, _)), 422
    wanted = request.form.get("version", "")
    version, now = FROM_FILE if wanted == AS_NAMED else wanted, desk.house().clock()
    with desk.house().app.write() as connection:
        where = _repo(repo)
        by = signed_in_person().id
        batch_id = steps.begin(connection, where, parsed, version, by, now)
        if batch_id is not None:
            tasks.put(connection, steps.looking(where, batch_id, now), now)
    if batch_id is None:
        return _start(repo, _("Choose the version for which they are to count.")), 422
    return redirect(desk.address(repo, f"import/{batch_id}"), 303)


@blueprint.get("/<owner>/<name>/maintain/import/<int:batch_id>")
def report(owner: str, name: str, batch_id: int) -> str:
    """Show what can be taken over of a file, what is doubtful, and what is kept out."""
    repo = desk.entered(owner, name)
    return _report(repo, _batch(repo, batch_id))


@blueprint.post("/<owner>/<name>/maintain/import/<int:batch_id>/rows")
def choose_rows(owner: str, name: str, batch_id: int) -> AnyResponse:
    """Leave out rows one by one."""
    repo = desk.entered(owner, name)
    batch = _batch(repo, batch_id)
    shown, taken = _lines("shown"), _lines("take")
    if batch.state == "ready":
        with desk.house().app.write() as connection:
            imports.leave_out(connection, batch.id, shown, taken)
    after = min(shown, default=1) - 1
    query = f"?state=doubtful&after={after}#rows" if after else "?state=doubtful#rows"
    return redirect(desk.address(repo, f"import/{batch.id}") + query, 303)


@blueprint.post("/<owner>/<name>/maintain/import/<int:batch_id>/approve")
def approve(owner: str, name: str, batch_id: int) -> AnyResponse | tuple[str, int]:
    """Take over what the maintainer wants, in one transaction."""
    repo = desk.entered(owner, name)
    batch = _batch(repo, batch_id)
    if refused := _for_others(repo):
        return _report(repo, batch, refused), 403
    if request.form.get("sure") != "yes":
        return _report(repo, batch, _("Say that you have compared the texts.")), 422
    given = request.form.getlist("doubts")
    wanted = frozenset(one for one in DOUBTS if one in given)
    wish = steps.Wish(signed_in_person().id, wanted)
    house = desk.house()
    with house.app.write() as connection:
        done = steps.approve(connection, _repo(repo), batch.id, wish, Occasion(house.clock()))
    if isinstance(done, str):
        return _report(repo, batch, words.refusals(_)[done]), 409
    return redirect(desk.address(repo, f"import/{batch.id}"), 303)


@blueprint.post("/<owner>/<name>/maintain/import/<int:batch_id>/drop")
def drop(owner: str, name: str, batch_id: int) -> AnyResponse:
    """Set a file aside without taking anything over."""
    repo = desk.entered(owner, name)
    _batch(repo, batch_id)
    with desk.house().app.write() as connection:
        held = imports.held(connection, batch_id)
        if held and held.state in {"looking", "ready"}:
            imports.set_state(connection, batch_id, "dropped")
    return redirect(desk.address(repo, "import"), 303)


@blueprint.get("/<owner>/<name>/maintain/export/<form>")
def leave(owner: str, name: str, form: str) -> Response:
    """Give all signatures in the form of another tool."""
    repo = desk.entered(owner, name)
    if form not in WRITTEN:
        abort(404)
    house, wanted = desk.house(), form
    rows = export.written(house.app, repo.id, house.settings.public_url)
    suffix = SUFFIXES.get(wanted, "csv")
    kind = "application/json" if suffix == "json" else "text/csv; charset=utf-8"
    response = Response(writing.WRITERS[wanted](rows), content_type=kind)
    file_name = f"{repo.name.replace('/', '-')}-{form}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _start(repo: FoundRepo, error: str = "") -> str:
    with desk.house().app.read() as connection:
        versions = store.versions(connection, repo.id)
        uploaded = imports.batches(connection, repo.id)
        names = named(connection, {one.uploaded_by for one in uploaded})
    return desk.render(
        "import",
        repo,
        "import",
        versions=versions,
        uploaded=uploaded,
        names=names,
        error=error,
        forms=words.FORMS,
        written=WRITTEN,
        as_named=AS_NAMED,
        web=desk.github_web(),
    )


def _report(repo: FoundRepo, batch: Batch, error: str = "") -> str:
    states = words.states(_)
    state = request.args.get("state", "")
    state = state if state in states else ""
    after = number(request.args.get("after", "")) or 0
    with desk.house().app.read() as connection:
        counts = imports.counts(connection, batch.id)
        state = state or ("doubtful" if counts.get("doubtful") else "")
        rows = imports.rows(connection, batch.id, state, after, ON_ONE_PAGE + 1)
        doubted = imports.doubted(connection, batch.id)
        names = named(connection, {batch.uploaded_by, batch.approved_by or 0})
        versions = {one.version: one for one in store.versions(connection, repo.id)}
    shown = rows[:ON_ONE_PAGE]
    more = shown[-1].entry.line if len(rows) > ON_ONE_PAGE else None
    return desk.render(
        "import_report",
        repo,
        "import",
        batch=batch,
        counts=counts,
        rows=shown,
        state=state,
        after=after,
        more=more,
        kinds=_kinds([kinds for kinds, left_out in doubted if not left_out]),
        left_out=sum(left_out for _kinds_of, left_out in doubted),
        names=names,
        version=versions.get(batch.version),
        error=error,
        forms=words.FORMS,
        said=states,
        doubts=words.doubts(_),
        reasons=words.reasons(_),
        faults=words.faults(_),
        web=desk.github_web(),
    )


def _for_others(repo: FoundRepo) -> str:
    """Say why the maintainers of one repository write nothing into the agreement of all of them."""
    source = desk.keeper(repo)
    if not source:
        return ""
    return str(
        _(
            "This agreement serves all repositories of its owner. Whoever maintains %(repo)s"
            " takes signatures over.",
            repo=source,
        )
    )


def _kinds(doubted: Iterable[frozenset[str]]) -> list[tuple[Doubt, int, bool]]:
    """Count the doubtful rows by kind, and say which kinds are taken over by default."""
    found = list(doubted)
    numbers = ((one, sum(one in kinds for kinds in found)) for one in DOUBTS)
    return [(one, count, one in BY_DEFAULT) for one, count in numbers if count]


def _batch(repo: FoundRepo, batch_id: int) -> Batch:
    with desk.house().app.read() as connection:
        found = imports.batch(connection, repo.id, batch_id)
    return found or abort(404)


def _repo(found: FoundRepo) -> Repo:
    with desk.house().app.read() as connection:
        whole = repositories.repo(connection, found.id)
    return whole or abort(404)


def _lines(name: str) -> list[int]:
    found = (number(one) for one in request.form.getlist(name)[:ON_ONE_PAGE])
    return [one for one in found if one is not None]
