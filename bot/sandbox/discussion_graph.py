"""What GraphQL says of discussions, by the names of the operations that are asked."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.calls import Call
from bot.sandbox.discussing import node_of
from bot.sandbox.records import Account, Comment, Discussion, Issue, Repository
from bot.sandbox.serving import Response
from bot.sandbox.shapes import Json

MOST = 100


class Refused(Exception):
    """An answer of GraphQL that refuses; the text is its type."""


def answer(call: Call, name: str, asked: dict[str, Any]) -> Response:
    """Answer an operation, as GitHub does: with 200 also where it refuses."""
    try:
        _permitted(call)
        return Response.json(200, {"data": OPERATIONS[name](call, asked)})
    except Refused as error:
        told = {"type": str(error), "message": "Could not resolve to what was asked for."}
        return Response.json(200, {"data": None, "errors": [told]})


def _permitted(call: Call) -> None:
    if "discussions" not in dict(call.caller.token.permissions if call.caller.token else ()):
        raise Refused("FORBIDDEN")


def _repo(call: Call, asked: dict[str, Any]) -> Repository:
    repo = call.world.find_repository(f"{asked.get('owner')}/{asked.get('name')}")
    if repo is None or not call.installation.covers(repo):
        raise Refused("NOT_FOUND")
    return repo


def _thread(call: Call, asked: dict[str, Any]) -> Issue:
    found = _repo(call, asked).threads.get(int(asked.get("number") or 0))
    if found is None or found.gone:
        raise Refused("NOT_FOUND")
    return found


def _discussion(call: Call, asked: dict[str, Any]) -> Discussion:
    found = _thread(call, asked)
    if not isinstance(found, Discussion):
        raise Refused("NOT_FOUND")
    return found


def _page(
    items: Sequence[Any], asked: dict[str, Any], show: Callable[[Any], Json], most: int = MOST
) -> Json:
    start = int(asked.get("after") or 0)
    end = start + most
    info = {"hasNextPage": end < len(items), "endCursor": str(end)}
    return {"pageInfo": info, "nodes": [show(it) for it in items[start:end]]}


def _one(call: Call, asked: dict[str, Any]) -> Json:
    return {"repository": {"discussion": _shown(_discussion(call, asked))}}


def _open(call: Call, asked: dict[str, Any]) -> Json:
    threads, states = _repo(call, asked).threads.values(), asked.get("states") or ()
    found = [
        it
        for it in threads
        if isinstance(it, Discussion) and it.state.upper() in states and not it.gone
    ]
    return {"repository": {"discussions": _page(found, asked, _shown)}}


def _thumbs(call: Call, asked: dict[str, Any]) -> Json:
    given = _discussion(call, asked).reactions.values()
    thumbs = sorted((it for it in given if it.content == "+1"), key=lambda it: it.id)

    def show(it: Any) -> Json:
        who = {"databaseId": it.user.id, "login": it.user.login} if it.user else None
        return {"databaseId": it.id, "createdAt": shapes.when(it.created_at), "user": who}

    return {"repository": {"discussion": {"reactions": _page(thumbs, asked, show)}}}


def _became(call: Call, asked: dict[str, Any]) -> Json:
    found = _thread(call, asked)
    nodes = [{"discussion": _shown(found.became)}] if found.became else []
    return {"repository": {"issue": {"timelineItems": {"nodes": nodes}}}}


def _comments(call: Call, asked: dict[str, Any]) -> Json:
    def show(it: Comment) -> Json:
        ours = it.app is call.installation.app
        said = {"databaseId": it.id, "body": it.body, "viewerDidAuthor": ours}
        return {"id": node_of(it)} | said

    found = [it for it in _discussion(call, asked).comments if it.parent is None]
    return {"repository": {"discussion": {"comments": _page(found, asked, show)}}}


def _talk(call: Call, asked: dict[str, Any]) -> Json:
    here = _discussion(call, asked)

    def show(it: Comment) -> Json:
        below = _page(_below(it), {}, _said, int(asked["below"]))
        return _said(it) | {"replies": below}

    found = [it for it in here.comments if it.parent is None]
    paged = _page(found, asked, show, int(asked["first"]))
    return {"repository": {"discussion": {"comments": paged}}}


def _replies(call: Call, asked: dict[str, Any]) -> Json:
    for it in call.world.comments.values():
        if isinstance(it.thread, Discussion) and node_of(it) == asked.get("comment"):
            found = _page(_below(it), asked, _said, int(asked["first"]))
            return {"repository": {"replies": found}}
    raise Refused("NOT_FOUND")


def _below(it: Comment) -> list[Comment]:
    return [one for one in it.thread.comments if one.parent is it]


def _said(it: Comment) -> Json:
    return {
        "id": node_of(it),
        "databaseId": it.id,
        "body": "" if it.deleted_at else it.body,
        "createdAt": shapes.when(it.created_at),
        "updatedAt": shapes.when(it.updated_at),
        "deletedAt": shapes.when(it.deleted_at),
        "authorAssociation": shapes.association(it.thread.repo, it.author),
        "author": actor(it.author),
    }


def _add(call: Call, asked: dict[str, Any]) -> Json:
    threads = (it for repo in call.world.repositories.values() for it in repo.threads.values())
    wanted = asked.get("discussion")
    for it in threads:
        if isinstance(it, Discussion) and node_of(it) == wanted and not it.gone:
            app = call.installation.app
            made = call.world.say_in_discussion(it, app.bot, str(asked.get("body")), app)
            return {"addDiscussionComment": {"comment": _ids(made)}}
    raise Refused("NOT_FOUND")


def _edit(call: Call, asked: dict[str, Any]) -> Json:
    for it in call.world.comments.values():
        if isinstance(it.thread, Discussion) and node_of(it) == asked.get("comment"):
            bot = call.installation.app.bot
            call.world.edit_in_discussion(it, bot, str(asked.get("body")))
            return {"updateDiscussionComment": {"comment": _ids(it)}}
    raise Refused("NOT_FOUND")


OPERATIONS: dict[str, Callable[[Call, dict[str, Any]], Json]] = {
    "Discussion": _one,
    "Discussions": _open,
    "DiscussionThumbs": _thumbs,
    "BecameDiscussion": _became,
    "DiscussionComments": _comments,
    "DiscussionTalk": _talk,
    "DiscussionReplies": _replies,
    "AddDiscussionComment": _add,
    "EditDiscussionComment": _edit,
}


def _ids(it: Comment) -> Json:
    return {"id": node_of(it), "databaseId": it.id}


def actor(who: Account) -> Json:
    """Give an account as GraphQL shows who did something: a bot without its suffix."""
    login = who.login.removesuffix("[bot]")
    return {"__typename": who.type, "login": login, "databaseId": who.id}


def _shown(it: Discussion) -> Json:
    return {
        "id": node_of(it),
        "number": it.number,
        "title": it.title,
        "body": it.body,
        "createdAt": shapes.when(it.created_at),
        "updatedAt": shapes.when(it.updated_at),
        "closed": it.state == "closed",
        "closedAt": shapes.when(it.closed_at),
        "locked": it.locked,
        "stateReason": (it.state_reason or "resolved").upper() if it.closed_at else None,
        "authorAssociation": shapes.association(it.repo, it.author),
        "category": {"name": it.category},
        "author": actor(it.author),
        "reactions": {"totalCount": sum(one.content == "+1" for one in it.reactions.values())},
        "comments": {"totalCount": sum(one.parent is None for one in it.comments)},
    }
