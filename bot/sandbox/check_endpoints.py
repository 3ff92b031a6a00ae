"""Endpoints about check runs."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.sandbox import code_shapes
from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.records import CheckRun
from bot.sandbox.serving import Response
from bot.sandbox.shapes import Json

LONGEST_TEXT = 65_535
MOST_ANNOTATIONS = 50
STATUSES = frozenset({"queued", "in_progress", "completed"})
CONCLUSIONS = frozenset(
    {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
)
LEVELS = frozenset({"notice", "warning", "failure"})
ANNOTATION = {"path": str, "start_line": int, "end_line": int, "message": str}


def _shown(call: Call, run: CheckRun) -> Json:
    pulls = call.world.pulls_at(run.repo, run.head_sha)
    return code_shapes.check_run(call.world.place, run, pulls)


def _invalid(message: str) -> ApiError:
    return ApiError(422, f"Invalid request.\n\n{message}")


def _text(said: Json, name: str, longest: int = 1_000) -> str | None:
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _invalid(f"For '{name}', {value!r} is not a string.")
    if len(value) > longest:
        raise _invalid(f"Only {longest} characters are allowed in '{name}'; {len(value)} given.")
    return value


def _instant(said: Json, name: str) -> datetime | None:
    text = _text(said, name)
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise _invalid(f"'{name}' is no time: {text}.") from error


def _annotations(output: Json) -> list[dict[str, Any]]:
    annotations = output.get("annotations", [])
    if len(annotations) > MOST_ANNOTATIONS:
        raise _invalid(f"No more than {MOST_ANNOTATIONS} items are allowed in 'annotations'.")
    for it in annotations:
        good = all(isinstance(it.get(name), kind) for name, kind in ANNOTATION.items())
        if not good or it.get("annotation_level") not in LEVELS:
            raise _invalid(f"This is no annotation: {it}.")
    return list(annotations)


def _write(run: CheckRun, said: Json) -> CheckRun:
    """Give `run` as it is after what was `said`, or refuse."""
    run = replace(run, annotations=list(run.annotations))
    for name in ("name", "external_id", "details_url", "status", "conclusion"):
        value = _text(said, name)
        if value is not None:
            setattr(run, name, value)
    if said.get("conclusion") or said.get("completed_at"):
        run.status = "completed"
    _check_state(run)
    run.started_at = _instant(said, "started_at") or run.started_at
    run.completed_at = _instant(said, "completed_at") or run.completed_at
    if said.get("output") is not None:
        _write_output(run, said["output"])
    return run


def _check_state(run: CheckRun) -> None:
    if run.status not in STATUSES or run.conclusion not in CONCLUSIONS | {None}:
        raise _invalid(f"No such status or conclusion: {run.status}, {run.conclusion}.")
    if run.status == "completed" and run.conclusion is None:
        raise _invalid("Missing required key 'conclusion' for a completed check run.")


def _write_output(run: CheckRun, output: Json) -> None:
    if "summary" not in output or ("title" not in output and run.title is None):
        raise _invalid("'output' needs a title and a summary.")
    for name in ("title", "summary", "text"):
        setattr(run, name, _text(output, name, LONGEST_TEXT) or getattr(run, name))
    run.annotations += _annotations(output)


def _kept(call: Call, run: CheckRun) -> CheckRun:
    if run.status == "completed":
        run.completed_at = run.completed_at or call.world.now()
    else:
        run.conclusion = run.completed_at = None
    call.world.check_runs[run.id] = run
    return run


@route("POST", "/repos/{owner}/{repo}/check-runs", permission="checks:write")
def new_run(call: Call) -> Response:
    """Create a check run."""
    said, repo, app = call.said(), call.repo, call.installation.app
    name, sha = _text(said, "name"), _text(said, "head_sha")
    if not name or not sha:
        raise _invalid("'name' and 'head_sha' are required.")
    if sha not in repo.objects.commits:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    now = call.world.now()
    suite = call.world.suite_id(repo, sha, app)
    run = CheckRun(call.world.new_id(), suite, repo, app, name, sha, now, started_at=now)
    run = _kept(call, _write(run, said))
    call.world.check(run, "created")
    if run.status == "completed":
        call.world.check(run, "completed")
    shown = _shown(call, run)
    return Response.json(201, shown, location=shown["url"])


def _run(call: Call) -> CheckRun:
    run = call.world.check_runs.get(call.number("id"))
    if run is None or run.repo is not call.repo:
        raise ApiError(404, "Not Found")
    return run


@route("GET", "/repos/{owner}/{repo}/check-runs/{id}", permission="checks:read")
def one_run(call: Call) -> Response:
    """Give one check run."""
    return Response.json(200, _shown(call, _run(call)))


@route("PATCH", "/repos/{owner}/{repo}/check-runs/{id}", permission="checks:write")
def changed_run(call: Call) -> Response:
    """Change a check run: only the App that made it may."""
    before = _run(call)
    if before.app is not call.installation.app:
        raise ApiError(403, "Invalid app_id - check run can only be modified by its creator.")
    run = _kept(call, _write(before, call.said()))
    if run.status == "completed":
        call.world.check(run, "completed")
    return Response.json(200, _shown(call, run))


@route("GET", "/repos/{owner}/{repo}/commits/{ref*}/check-runs", permission="checks:read")
def runs_at(call: Call) -> Response:
    """List the check runs on a commit; unless asked for all, the newest of each name."""
    commit = call.world.resolve(call.repo, call.args["ref"])
    if commit is None:
        raise ApiError(422, f"No commit found for SHA: {call.args['ref']}")
    query = call.request.query
    runs = call.world.runs_at(call.repo, commit.sha)
    runs = [run for run in runs if query.get("check_name", run.name) == run.name]
    runs = [run for run in runs if query.get("app_id", str(run.app.id)) == str(run.app.id)]
    runs = [run for run in runs if query.get("status", run.status) == run.status]
    if query.get("filter", "latest") == "latest":
        newest: dict[tuple[int, str], CheckRun] = {}
        for run in runs:
            newest.setdefault((run.app.id, run.name), run)
        runs = list(newest.values())
    return call.paged(runs, lambda run: _shown(call, run), "check_runs")
