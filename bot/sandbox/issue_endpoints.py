"""Endpoints about issues: lists, opening, closing, labels, reactions."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.records import Discussion, Issue
from bot.sandbox.serving import Response
from bot.sandbox.thread_endpoints import writer

LONGEST_TITLE = 256
ISSUES = "/repos/{owner}/{repo}/issues"
ISSUE = ISSUES + "/{number}"


def _show(call: Call, it: Issue) -> dict[str, Any]:
    return shapes.issue(call.world.place, it)


@route("GET", ISSUES, permission="issues:read")
def issues(call: Call) -> Response:
    """List issues and pull requests, newest first unless asked otherwise."""
    query = call.request.query
    state, labels = query.get("state", "open"), query.get("labels", "")
    wanted = {name for name in labels.split(",") if name}
    found = [
        it
        for it in call.repo.threads.values()
        if not (it.gone or isinstance(it, Discussion))
        and state in {"all", it.state}
        and wanted <= set(it.labels)
        and (shapes.when(it.updated_at) or "") >= query.get("since", "")
    ]
    key = "updated_at" if query.get("sort") == "updated" else "created_at"
    backwards = query.get("direction", "desc") == "desc"
    found.sort(key=lambda it: (getattr(it, key), it.number), reverse=backwards)
    return call.paged(found, lambda it: _show(call, it))


def _title(call: Call) -> str:
    title = call.said().get("title")
    if not isinstance(title, str) or not title.strip() or len(title) > LONGEST_TITLE:
        problem = {"resource": "Issue", "field": "title", "code": "missing_field"}
        raise ApiError(422, "Validation Failed", [problem])
    return title


@route("POST", ISSUES, permission="issues:write")
def new_issue(call: Call) -> Response:
    """Open an issue."""
    said, (who, app) = call.said(), writer(call)
    labels = [str(name) for name in said.get("labels") or ()]
    body = str(said.get("body") or "")
    made = call.world.open_issue(call.repo, who, _title(call), body, labels=labels, app=app)
    shown = _show(call, made)
    return Response.json(201, shown, location=shown["url"])


@route("PATCH", ISSUE, permission="issues:write")
def changed_issue(call: Call) -> Response:
    """Close, reopen or rename an issue or pull request."""
    thread, said, (who, _app) = call.thread(), call.said(), writer(call)
    if "title" in said:
        call.world.edit_title(thread, who, _title(call))
    state = said.get("state", thread.state)
    if state not in {"open", "closed"}:
        problem = {"resource": "Issue", "field": "state", "code": "invalid"}
        raise ApiError(422, "Validation Failed", [problem])
    reason = said.get("state_reason")
    if state == "closed" and (thread.state == "open" or reason not in {None, thread.state_reason}):
        call.world.close(thread, who, reason)
    elif state == "open" and thread.state == "closed":
        call.world.reopen(thread, who)
    return Response.json(200, _show(call, thread))


def _labels(call: Call) -> Response:
    thread = call.thread()
    shown = [shapes.label(call.world.place, call.repo, name) for name in thread.labels]
    return Response.json(200, shown)


@route("GET", ISSUE + "/labels", permission="issues:read")
def labels(call: Call) -> Response:
    """List the labels of a thread."""
    return _labels(call)


@route("POST", ISSUE + "/labels", permission="issues:write")
def more_labels(call: Call) -> Response:
    """Put labels on a thread; those that the repository lacks are made."""
    thread, (who, _app) = call.thread(), writer(call)
    for name in call.said().get("labels") or ():
        call.world.label(thread, who, str(name))
    return _labels(call)


@route("DELETE", ISSUE + "/labels/{name}", permission="issues:write")
def fewer_labels(call: Call) -> Response:
    """Take a label off a thread."""
    thread, (who, _app) = call.thread(), writer(call)
    if call.args["name"] not in thread.labels:
        raise ApiError(404, "Label does not exist")
    call.world.unlabel(thread, who, call.args["name"])
    return _labels(call)


@route("GET", ISSUE + "/reactions", permission="issues:read")
def reactions(call: Call) -> Response:
    """List the reactions under a thread, oldest first."""
    content = call.request.query.get("content", "")
    given = [it for it in call.thread().reactions.values() if content in {"", it.content}]
    given.sort(key=lambda it: it.id)
    return call.paged(given, lambda it: shapes.reaction(call.world.place, it))
