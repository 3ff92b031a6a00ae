"""Endpoints about reviews of pull requests."""

from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.records import PullRequest
from bot.sandbox.serving import Response
from bot.sandbox.shapes import account, node_id, when


@route("GET", "/repos/{owner}/{repo}/pulls/{number}/reviews", permission="pull_requests:read")
def reviews(call: Call) -> Response:
    """List the reviews of a pull request, oldest first."""
    pull, place = call.thread(), call.world.place
    if not isinstance(pull, PullRequest):
        raise ApiError(404, "Not Found")
    return call.paged(
        pull.reviews,
        lambda it: {
            "id": it.id,
            "node_id": node_id("PRR", it.id),
            "user": account(place, it.user) if it.user else None,
            "body": "",
            "state": it.state,
            "submitted_at": when(it.submitted_at),
            "commit_id": pull.head_sha,
        },
    )
