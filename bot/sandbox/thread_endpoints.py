"""Endpoints about issues and comments."""

from bot.sandbox import shapes
from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.records import Account, App, Comment
from bot.sandbox.serving import Response

LONGEST_BODY = 65_536


@route("GET", "/repos/{owner}/{repo}/issues/{number}", permission="issues:read")
def issue(call: Call) -> Response:
    """Give an issue, or a pull request seen as one."""
    return Response.json(200, shapes.issue(call.world.place, call.thread()))


@route("GET", "/repos/{owner}/{repo}/issues/{number}/comments", permission="issues:read")
def comments(call: Call) -> Response:
    """List the comments of an issue or pull request, oldest first."""
    since = call.request.query.get("since", "")
    made = [it for it in call.thread().comments if (shapes.when(it.updated_at) or "") >= since]
    return call.paged(made, lambda it: shapes.comment(call.world.place, it))


def writer(call: Call) -> tuple[Account, App | None]:
    """Give who writes: a user, or the App by its bot."""
    token = call.caller.token
    if token and token.user:
        return token.user, None
    return call.installation.app.bot, call.installation.app


def _body(call: Call) -> str:
    body = call.said().get("body")
    problem = {"resource": "IssueComment", "field": "body"}
    if not isinstance(body, str) or not body.strip():
        raise ApiError(422, "Validation Failed", [problem | {"code": "missing_field"}])
    if len(body) > LONGEST_BODY:
        message = "body is too long (maximum is 65536 characters)"
        wrong = problem | {"code": "custom", "message": message}
        raise ApiError(422, "Validation Failed", [wrong])
    return body


@route("POST", "/repos/{owner}/{repo}/issues/{number}/comments", permission="issues:write")
def new_comment(call: Call) -> Response:
    """Comment."""
    who, app = writer(call)
    made = call.world.comment(call.thread(), who, _body(call), app)
    shown = shapes.comment(call.world.place, made)
    return Response.json(201, shown, location=shown["url"])


def _comment(call: Call) -> Comment:
    it = call.world.comments.get(call.number("id"))
    if it is None or it.thread.repo is not call.repo:
        raise ApiError(404, "Not Found")
    return it


@route("GET", "/repos/{owner}/{repo}/issues/comments/{id}", permission="issues:read")
def comment(call: Call) -> Response:
    """Give one comment."""
    return Response.json(200, shapes.comment(call.world.place, _comment(call)))


@route("PATCH", "/repos/{owner}/{repo}/issues/comments/{id}", permission="issues:write")
def edited_comment(call: Call) -> Response:
    """Change a comment: with issues:write, anybody's."""
    it = _comment(call)
    call.world.edit_comment(it, writer(call)[0], _body(call))
    return Response.json(200, shapes.comment(call.world.place, it))


@route("DELETE", "/repos/{owner}/{repo}/issues/comments/{id}", permission="issues:write")
def deleted_comment(call: Call) -> Response:
    """Take a comment away."""
    call.world.delete_comment(_comment(call), writer(call)[0])
    return Response(204)
