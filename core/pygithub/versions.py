"""What comments said before they were edited: GitHub tells it by GraphQL alone.

The newest edit comes first, `diff` is the whole text after it, and the first version is among
them where `includesCreatedEdit` says so. A version that somebody removed from the history has no
text any more. What is not there whole is left out: nothing is guessed.
Source: https://docs.github.com/en/graphql/reference/objects#usercontentedit
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.github import Account, NotFound, Version
from core.pygithub.values import GHOST

MOST_EDITS = 50
"""Versions of one comment that are read: whoever has more writes no offers in it."""

AT_ONCE = 10
"""Comments of one query: their texts may be long."""

ONE_ACT = timedelta(seconds=5)
"""Within so much, the instant of the last edit and that of its comment are the same."""

WHO = "{ __typename login ... on User { databaseId } ... on Bot { databaseId } }"
QUERY = (
    "query Versions($ids: [ID!]!, $most: Int!) { nodes(ids: $ids) { id ... on Comment {"
    f" body createdAt updatedAt lastEditedAt includesCreatedEdit author {WHO}"
    " userContentEdits(first: $most) { pageInfo { hasNextPage }"
    f" nodes {{ editedAt deletedAt diff editor {WHO} }} }} }} }} }}"
)


class Versions:
    """The part of an installation's facts that is about what comments said before."""

    def query(self, text: str, variables: Mapping[str, Any]) -> Any:
        """Ask by GraphQL; gives the data. Raises a `GitHubError`, also for what answers 200."""
        raise NotImplementedError

    def versions(self, node_ids: Sequence[str]) -> Iterator[tuple[str, tuple[Version, ...]]]:
        """Give all that comments said, by node id; none of what GitHub does not give whole."""
        for start in range(0, len(node_ids), AT_ONCE):
            for node in self._nodes(node_ids[start : start + AT_ONCE]):
                if node and node.get("id"):
                    yield str(node["id"]), whole(node)

    def _nodes(self, ids: Sequence[str]) -> Sequence[Any]:
        try:
            found = self.query(QUERY, {"ids": list(ids), "most": MOST_EDITS})
            return found.get("nodes") or ()
        except NotFound:
            # One of them is gone, and so GitHub gives none: each is asked for by itself.
            each = [[one] for one in ids] if len(ids) > 1 else []
            return [node for one in each for node in self._nodes(one)]


def whole(node: Mapping[str, Any]) -> tuple[Version, ...]:
    """Read every version of a comment, oldest first; none unless each of them is there."""
    try:
        written = datetime.fromisoformat(node["createdAt"])
        if not node["lastEditedAt"]:
            return (Version(written, account(node["author"]), str(node["body"])),)
        edits = list(reversed(node["userContentEdits"]["nodes"]))
        more = node["userContentEdits"]["pageInfo"]["hasNextPage"]
        if more or not edits or not node["includesCreatedEdit"] or any(map(_lacks, edits)):
            return ()
        changed = datetime.fromisoformat(node["updatedAt"])
        first, *others = edits
        return (
            Version(written, account(first["editor"]), first["diff"]),
            *(_version(one, changed, is_last=one is edits[-1]) for one in others),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return ()


def _lacks(edit: Mapping[str, Any]) -> bool:
    return bool(edit["deletedAt"]) or not isinstance(edit["diff"], str)


def _version(edit: Mapping[str, Any], changed: datetime, *, is_last: bool) -> Version:
    at = datetime.fromisoformat(edit["editedAt"])
    if is_last and abs(changed - at) <= ONE_ACT:
        # By this instant webhooks know the edit: the same act has to have one time.
        at = changed
    return Version(at, account(edit["editor"]), edit["diff"])


def account(body: Mapping[str, Any] | None) -> Account:
    """Read an actor as GraphQL gives it; a deleted account is GitHub's ghost."""
    if not body or not body.get("databaseId"):
        return GHOST
    is_bot = body.get("__typename") == "Bot"
    # GraphQL leaves out the suffix by which REST marks a bot's login.
    login = str(body["login"]).removesuffix("[bot]")
    kind = "Bot" if is_bot else "User"
    return Account(int(body["databaseId"]), f"{login}[bot]" if is_bot else login, kind)
