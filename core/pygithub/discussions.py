"""Discussions: GitHub tells of them by GraphQL alone. Read as issues are, with a category.

Source: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from core.github import (
    Account,
    Comment,
    Incomplete,
    Issue,
    IssueComment,
    Reaction,
    Repo,
)
from core.pygithub.versions import WHO, account

T = TypeVar("T")

A_PAGE, BELOW = 50, 20
"""Comments of one query, and replies below each: the others below it are asked for by itself."""

_FIELDS = (
    f"id number title body createdAt updatedAt closed closedAt locked stateReason"
    f" authorAssociation category {{ name }} author {WHO}"
    " reactions(content: THUMBS_UP) { totalCount } comments { totalCount }"
)
_HERE = "$owner: String!, $name: String!"
_REPO = "repository(owner: $owner, name: $name)"
ONE = (
    f"query Discussion({_HERE}, $number: Int!) {{ {_REPO} {{"
    f" discussion(number: $number) {{ {_FIELDS} }} }} }}"
)
LISTED = (
    f"query Discussions({_HERE}, $after: String, $states: [DiscussionState!]) {{ {_REPO} {{"
    " discussions(first: 100, after: $after, states: $states,"
    " orderBy: {field: CREATED_AT, direction: ASC}) {"
    f" pageInfo {{ hasNextPage endCursor }} nodes {{ {_FIELDS} }} }} }} }}"
)
THUMBS = (
    f"query DiscussionThumbs({_HERE}, $number: Int!, $after: String) {{ {_REPO} {{"
    " discussion(number: $number) { reactions(first: 100, after: $after, content: THUMBS_UP,"
    " orderBy: {field: CREATED_AT, direction: ASC}) {"
    " pageInfo { hasNextPage endCursor }"
    " nodes { databaseId createdAt user { databaseId login } } } } } }"
)
BECAME = (
    f"query BecameDiscussion({_HERE}, $number: Int!) {{ {_REPO} {{ issue(number: $number) {{"
    " timelineItems(last: 1, itemTypes: [CONVERTED_TO_DISCUSSION_EVENT]) { nodes {"
    f" ... on ConvertedToDiscussionEvent {{ discussion {{ {_FIELDS} }} }} }} }} }} }} }}"
)
COMMENTS = (
    f"query DiscussionComments({_HERE}, $number: Int!, $after: String) {{ {_REPO} {{"
    " discussion(number: $number) { comments(first: 100, after: $after) {"
    " pageInfo { hasNextPage endCursor }"
    " nodes { id databaseId body viewerDidAuthor } } } } }"
)
_SAID = f"id databaseId body createdAt updatedAt deletedAt authorAssociation author {WHO}"
_MORE = "pageInfo { hasNextPage endCursor }"
TALK = (
    f"query DiscussionTalk({_HERE}, $number: Int!, $after: String, $first: Int!, $below: Int!) {{"
    f" {_REPO} {{ discussion(number: $number) {{ comments(first: $first, after: $after) {{"
    f" {_MORE} nodes {{ {_SAID} replies(first: $below) {{ {_MORE} nodes {{ {_SAID} }} }} }}"
    " } } } }"
)
REPLIES = (
    "query DiscussionReplies($comment: ID!, $after: String, $first: Int!) {"
    " repository: node(id: $comment) { ... on DiscussionComment {"
    f" replies(first: $first, after: $after) {{ {_MORE} nodes {{ {_SAID} }} }} }} }} }}"
)
ADD = (
    "mutation AddDiscussionComment($discussion: ID!, $body: String!) {"
    " addDiscussionComment(input: {discussionId: $discussion, body: $body}) {"
    " comment { id databaseId } } }"
)
EDIT = (
    "mutation EditDiscussionComment($comment: ID!, $body: String!) {"
    " updateDiscussionComment(input: {commentId: $comment, body: $body}) {"
    " comment { id databaseId } } }"
)


class Discussions:
    """The part of an installation's facts that is about discussions."""

    def query(self, text: str, variables: Mapping[str, Any]) -> Any:
        """Ask by GraphQL; gives the data. Raises a `GitHubError`, also for what answers 200."""
        raise NotImplementedError

    def discussion(self, repo: Repo, number: int) -> Issue:
        """Read a discussion as an issue with a category. Raises `NotFound`."""
        found = self.query(ONE, _at(repo, number=number))
        return _whole(lambda it: _value(it["repository"]["discussion"]), found)

    def discussions(self, repo: Repo, category: str, state: str = "open") -> Iterator[Issue]:
        """List the discussions of a category (capitals are one), open or `all`, oldest first."""
        states = ["OPEN"] if state == "open" else ["OPEN", "CLOSED"]
        for node in self._pages(LISTED, _at(repo, states=states), "discussions"):
            found = _whole(_value, node)
            if found.category.casefold() == category.casefold():
                yield found

    def discussion_thumbs(self, repo: Repo, number: int) -> Iterator[Reaction]:
        """List every 👍 under a discussion, oldest first."""
        for node in self._pages(THUMBS, _at(repo, number=number), "discussion", "reactions"):
            yield _whole(_reaction, node)

    def discussion_comments(
        self, repo: Repo, number: int, since: datetime
    ) -> Iterator[IssueComment]:
        """List what was written or edited since in a discussion, the replies below comments too.

        GitHub gives no list of what is new there: all of it is read, page by page.
        """
        asked = _at(repo, number=number, first=A_PAGE, below=BELOW)
        for node in self._pages(TALK, asked, "discussion", "comments"):
            for said in (node, *self._below(node)):
                # One that was deleted stays, without words, above its replies.
                if not said.get("deletedAt"):
                    found = _whole(_comment, said)
                    if found.updated_at >= since:
                        yield found

    def _below(self, node: Mapping[str, Any]) -> Iterator[Any]:
        replies, more, after = _whole(lambda it: _page(it, ("replies",)), node)
        yield from replies
        if more:
            asked = {"comment": node["id"], "first": A_PAGE}
            yield from self._pages(REPLIES, asked, "replies", after=after)

    def became(self, repo: Repo, number: int) -> Issue | None:
        """Give the discussion that an issue was turned into; None where it is an issue still."""
        found = self.query(BECAME, _at(repo, number=number))
        nodes = _whole(lambda it: it["repository"]["issue"]["timelineItems"]["nodes"], found)
        into = [node["discussion"] for node in nodes if node and node.get("discussion")]
        return _whole(_value, into[-1]) if into else None

    def say_there(self, action: Comment, sought: str, body: str) -> int:
        """Comment on a discussion, or edit the comment of ours that has the line `sought`.

        It is looked for each time: GraphQL edits by another id than the number that we keep.
        """
        at = _at(action.repo, number=action.number)
        for node in self._pages(COMMENTS, at, "discussion", "comments"):
            if node.get("viewerDidAuthor") and sought in (node.get("body") or ""):
                self.query(EDIT, {"comment": node["id"], "body": body})
                return int(node["databaseId"])
        made = self.query(ADD, {"discussion": action.discussion, "body": body})
        return _whole(lambda it: int(it["addDiscussionComment"]["comment"]["databaseId"]), made)

    def _pages(
        self, query: str, asked: Mapping[str, Any], *way: str, after: str | None = None
    ) -> Iterator[Any]:
        while True:
            found = self.query(query, {**asked, "after": after})
            nodes, more, after = _whole(lambda it: _page(it["repository"], way), found)
            yield from nodes
            if not more:
                return


def _at(repo: Repo, **more: Any) -> dict[str, Any]:
    return {"owner": repo.owner, "name": repo.name.partition("/")[2]} | more


def _page(found: Any, way: tuple[str, ...]) -> tuple[list[Any], bool, str | None]:
    for name in way:
        found = found[name]
    return found["nodes"], found["pageInfo"]["hasNextPage"], found["pageInfo"]["endCursor"]


def _whole(read: Callable[[Any], T], body: Any) -> T:
    try:
        return read(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Incomplete(f"a discussion lacks {type(error).__name__}: {error}") from None


def _value(node: Mapping[str, Any]) -> Issue:
    closed_at = node["closedAt"]
    return Issue(
        node_id=str(node["id"]),
        number=int(node["number"]),
        title=str(node["title"]),
        author=account(node.get("author")),
        state="closed" if node["closed"] else "open",
        created_at=datetime.fromisoformat(node["createdAt"]),
        updated_at=datetime.fromisoformat(node["updatedAt"]),
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        locked=bool(node["locked"]),
        thumbs=int(node["reactions"]["totalCount"]),
        body=str(node["body"]),
        state_reason=str(node.get("stateReason") or "").lower(),
        association=str(node["authorAssociation"]),
        category=str(node["category"]["name"]),
        comments=int(node["comments"]["totalCount"]),
    )


def _comment(node: Mapping[str, Any]) -> IssueComment:
    return IssueComment(
        id=int(node["databaseId"]),
        author=account(node["author"]),
        body=str(node["body"]),
        created_at=datetime.fromisoformat(node["createdAt"]),
        updated_at=datetime.fromisoformat(node["updatedAt"]),
        association=str(node["authorAssociation"]),
        node_id=str(node["id"]),
    )


def _reaction(node: Mapping[str, Any]) -> Reaction:
    user = node.get("user")
    who = Account(int(user["databaseId"]), str(user["login"])) if user else None
    return Reaction(int(node["databaseId"]), who, datetime.fromisoformat(node["createdAt"]))
