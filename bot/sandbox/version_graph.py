"""What GraphQL tells of the versions of comments: the newest first, and the first one among them."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.calls import Call
from bot.sandbox.discussing import node_of
from bot.sandbox.discussion_graph import actor
from bot.sandbox.records import Comment, Discussion
from bot.sandbox.serving import Response
from bot.sandbox.shapes import Json
from bot.sandbox.told import Version


def versions(call: Call, asked: dict[str, Any]) -> Response:
    """Answer for several comments, by their ids; one that is gone refuses all of them."""
    known = {_id(it): it for it in call.world.comments.values() if _may_see(call, it)}
    wanted = [known.get(one) for one in asked.get("ids") or ()]
    nodes = [_shown(it, int(asked["most"])) if it else None for it in wanted]
    gone = {"type": "NOT_FOUND", "message": "Could not resolve to a node."}
    told: Json = {"data": {"nodes": nodes}}
    return Response.json(200, told if all(nodes) else told | {"errors": [gone]})


def _id(it: Comment) -> str:
    there = isinstance(it.thread, Discussion)
    return node_of(it) if there else shapes.node_id("IC", it.id)


def _may_see(call: Call, it: Comment) -> bool:
    kind = "discussions" if isinstance(it.thread, Discussion) else "issues"
    given = call.caller.token.permissions if call.caller.token else {}
    return call.installation.covers(it.thread.repo) and kind in dict(given)


def _shown(it: Comment, most: int) -> Json:
    newest = it.versions[::-1]
    return {
        "id": _id(it),
        "body": it.body,
        "createdAt": shapes.when(it.created_at),
        "updatedAt": shapes.when(it.updated_at),
        "lastEditedAt": shapes.when(newest[0].at) if newest else None,
        "includesCreatedEdit": bool(newest) and newest[-1].at == it.created_at,
        "author": actor(it.author),
        "userContentEdits": {
            "pageInfo": {"hasNextPage": len(newest) > most},
            "nodes": [_edit(one) for one in newest[:most]],
        },
    }


def _edit(one: Version) -> Json:
    at = shapes.when(one.at)
    gone = at if one.body is None else None
    return {"editedAt": at, "deletedAt": gone, "diff": one.body, "editor": actor(one.by)}
