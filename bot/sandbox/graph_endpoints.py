"""GraphQL, as far as it is asked: timelines of issues, discussions, edits of comments."""

import re
from typing import Any

from bot.sandbox import discussion_graph, shapes, version_graph
from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.records import Account, Happening, Issue, PullRequest
from bot.sandbox.serving import Response

MOST = 100
OPERATION = re.compile(r"\s*(?:query|mutation) (\w+)")
TYPES = {
    "labeled": "LabeledEvent",
    "unlabeled": "UnlabeledEvent",
    "closed": "ClosedEvent",
    "reopened": "ReopenedEvent",
    "milestoned": "MilestonedEvent",
}


@route("POST", "/graphql", "installation")
def graphql(call: Call) -> Response:
    """Answer a query for `timelineItems` of an issue; it costs what a reading costs."""
    said = call.said()
    query, asked = str(said.get("query") or ""), said.get("variables") or {}
    named = OPERATION.match(query)
    found = _of_another_kind(call, named[1], asked) if named else None
    if found is not None:
        return found
    if "timelineItems" not in query or query.lstrip().startswith("mutation"):
        return _refused("", "The sandbox answers no such query.")
    repo = call.world.find_repository(f"{asked.get('owner')}/{asked.get('name')}")
    if repo is None or not call.installation.covers(repo):
        return _refused("NOT_FOUND", "Could not resolve to a Repository.")
    if "issues" not in dict(call.caller.token.permissions if call.caller.token else ()):
        return _refused("FORBIDDEN", "Resource not accessible by integration")
    issue = repo.threads.get(int(asked.get("number") or 0))
    if issue is None or issue.gone or isinstance(issue, PullRequest):
        return _refused("NOT_FOUND", "Could not resolve to an Issue.")
    app = call.installation.app
    shown = {"viewer": {"login": app.bot.login}, "repository": {"issue": _issue(issue, asked)}}
    return Response.json(200, {"data": shown})


def _of_another_kind(call: Call, name: str, asked: dict[str, Any]) -> Response | None:
    if name in discussion_graph.OPERATIONS:
        return discussion_graph.answer(call, name, asked)
    return version_graph.versions(call, asked) if name == "Versions" else None


def _refused(kind: str, message: str) -> Response:
    return Response.json(200, {"data": None, "errors": [{"type": kind, "message": message}]})


def _issue(issue: Issue, asked: dict[str, Any]) -> dict[str, Any]:
    known = [it for it in issue.history if it.action in TYPES]
    try:
        end = int(asked["before"]) if asked.get("before") else len(known)
    except ValueError:
        raise ApiError(400, "the cursor is none of ours") from None
    start = max(0, end - MOST)
    return {
        "timelineItems": {
            "pageInfo": {"hasPreviousPage": start > 0, "startCursor": str(start)},
            "nodes": [_node(it) for it in known[start:end]],
        }
    }


def _node(it: Happening) -> dict[str, Any]:
    name = TYPES[it.action]
    shown: dict[str, Any] = {
        "__typename": name,
        "id": shapes.node_id(name[:2].upper(), it.id),
        "createdAt": shapes.when(it.at),
        "actor": _actor(it.by),
    }
    if it.action in {"labeled", "unlabeled"}:
        shown["label"] = {"name": it.name}
    if it.action == "milestoned":
        shown["milestoneTitle"] = it.name
    if it.action == "closed":
        shown["stateReason"] = it.reason.upper()
        merged = {"__typename": "PullRequest", "number": it.closer, "merged": True}
        shown["closer"] = merged if it.closer else None
    return shown


def _actor(who: Account) -> dict[str, Any]:
    login = who.login.removesuffix("[bot]")
    return {"__typename": who.type, "login": login, "databaseId": who.id}
