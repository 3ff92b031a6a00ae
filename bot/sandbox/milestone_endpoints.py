"""Endpoints about milestones."""

from datetime import UTC, datetime

from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.milestones import Milestone
from bot.sandbox.serving import Response

MILESTONES = "/repos/{owner}/{repo}/milestones"
NEVER = datetime.max.replace(tzinfo=UTC)


@route("GET", MILESTONES, permission="issues:read")
def milestones(call: Call) -> Response:
    """List milestones by their days, the open ones unless asked otherwise."""
    query = call.request.query
    state = query.get("state", "open")
    found = [it for it in call.world.milestones_of(call.repo) if state in {"all", it.state}]
    backwards = query.get("direction", "asc") == "desc"
    found.sort(key=lambda it: (it.due_on or NEVER, it.number), reverse=backwards)
    return call.paged(found, lambda it: it.shown(call.world.place))


@route("GET", MILESTONES + "/{number}", permission="issues:read")
def milestone(call: Call) -> Response:
    """Give one milestone."""
    return Response.json(200, _named(call).shown(call.world.place))


def _named(call: Call) -> Milestone:
    for it in call.world.milestones_of(call.repo):
        if it.number == call.number("number"):
            return it
    raise ApiError(404, "Not Found")
