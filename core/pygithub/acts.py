"""What people did to an issue, as its timeline tells: by GraphQL, which alone names what closed it.

Source: https://docs.github.com/en/graphql/reference/objects#issuetimelineitemsconnection
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from core.clock import Clock
from core.github import Account, Inaccessible, Incomplete, IssueAct, NotFound, RateLimited, Refused
from core.github.values import ActKind

PAUSE = timedelta(minutes=1)
_KINDS: dict[str, ActKind] = {
    "LabeledEvent": "labeled",
    "UnlabeledEvent": "unlabeled",
    "ClosedEvent": "closed",
    "ReopenedEvent": "reopened",
    "MilestonedEvent": "milestoned",
}
_WHO = (
    "id createdAt actor { __typename login ... on User { databaseId } ... on Bot { databaseId } }"
)
QUERY = (
    "query($owner: String!, $name: String!, $number: Int!, $before: String) {"
    " viewer { login } repository(owner: $owner, name: $name) { issue(number: $number) {"
    " timelineItems(last: 100, before: $before, itemTypes: [LABELED_EVENT, UNLABELED_EVENT,"
    " CLOSED_EVENT, REOPENED_EVENT, MILESTONED_EVENT]) {"
    " pageInfo { hasPreviousPage startCursor } nodes { __typename"
    f" ... on LabeledEvent {{ {_WHO} label {{ name }} }}"
    f" ... on UnlabeledEvent {{ {_WHO} label {{ name }} }}"
    f" ... on ClosedEvent {{ {_WHO} stateReason closer {{ __typename"
    " ... on PullRequest { number merged repository { nameWithOwner } } ... on Commit { oid } } }"
    f" ... on ReopenedEvent {{ {_WHO} }}"
    f" ... on MilestonedEvent {{ {_WHO} milestoneTitle }}"
    " } } } } }"
)
Send = Callable[[Mapping[str, Any]], Any]


def address(api_url: str) -> str:
    """Give the path of GraphQL beside a REST API: of an Enterprise Server, without its `/v3`."""
    path = urlsplit(api_url).path.rstrip("/").removesuffix("/v3")
    return api_url[: len(api_url) - len(urlsplit(api_url).path)] + path + "/graphql"


def read(send: Send, clock: Clock, repo: str, number: int) -> tuple[IssueAct, ...]:
    """Read every act on an issue, oldest first; raises a `GitHubError` where one is missing."""
    owner, _slash, name = repo.partition("/")
    found: list[IssueAct] = []
    before: str | None = None
    while True:
        asked = {"owner": owner, "name": name, "number": number, "before": before}
        body = send({"query": QUERY, "variables": asked})
        data = answered(body, clock)
        try:
            page = data["repository"]["issue"]["timelineItems"]
            found = [
                *(_act(node, data["viewer"]["login"], repo) for node in page["nodes"]),
                *found,
            ]
            more, before = page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["startCursor"]
        except (KeyError, TypeError, ValueError) as error:
            raise Incomplete(f"a timeline lacks {type(error).__name__}: {error}") from None
        if not more:
            return tuple(found)


def answered(body: Any, clock: Clock) -> Any:
    """Give what was asked for; GraphQL answers 200 where it refuses, too."""
    problems = body.get("errors") if isinstance(body, dict) else None
    if not problems:
        return body["data"] if isinstance(body, dict) and body.get("data") else {}
    kind = str((problems[0] or {}).get("type") or "")
    if kind == "NOT_FOUND":
        raise NotFound("GitHub has no such thread")
    if kind == "RATE_LIMITED":
        raise RateLimited(clock() + PAUSE, named=False)
    if kind in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        raise Inaccessible("this is not given to us")
    raise Refused(f"GitHub refused a query: {kind or 'no reason'}")


def _act(node: Mapping[str, Any], viewer: str, repo: str) -> IssueAct:
    closer = node.get("closer") or {}
    # A number means a pull request of this repository: one of another is somebody's closing.
    place = str((closer.get("repository") or {}).get("nameWithOwner") or repo)
    is_here = bool(closer.get("merged")) and place.lower() == repo.lower()
    actor = _actor(node.get("actor"))
    return IssueAct(
        id=str(node["id"]),
        kind=_KINDS[node["__typename"]],
        actor=actor,
        at=datetime.fromisoformat(node["createdAt"]),
        name=str((node.get("label") or {}).get("name") or node.get("milestoneTitle") or ""),
        reason=str(node.get("stateReason") or "").lower(),
        pull=int(closer.get("number") or 0) if is_here else 0,
        commit=str(closer.get("oid") or ""),
        by_us=actor is not None and actor.is_bot and _bare(actor.login) == _bare(viewer),
    )


def _actor(body: Mapping[str, Any] | None) -> Account | None:
    if not body or not body.get("databaseId"):
        return None
    is_bot = body.get("__typename") == "Bot"
    # GraphQL leaves out the suffix by which REST marks a bot's login.
    login = f"{_bare(str(body['login']))}[bot]" if is_bot else str(body["login"])
    return Account(int(body["databaseId"]), login, "Bot" if is_bot else "User")


def _bare(login: str) -> str:
    return login.removesuffix("[bot]").lower()
