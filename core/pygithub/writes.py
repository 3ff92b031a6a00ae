"""Actions carried out: each writes one surface, and looks before it writes when it is in doubt."""

import contextlib
from itertools import islice
from typing import Any, assert_never
from urllib.parse import quote

from core.github import Action, Check, Comment, Label, NotFound, OpenIssue, SetState
from core.pygithub.facts import Installation

MOST_ANNOTATIONS = 50
MOST_SUMMARY = 65_000
MOST_BODY = 64_000
"""Characters of a comment, so that the marker has room as well: GitHub refuses more than 65,536."""

NEWEST_ISSUES = 500
"""Among so many issues a lost answer is looked for."""


def marker(topic: str) -> str:
    """Give the hidden line by which our comment on a topic is known again."""
    return f"<!-- potluck:{topic} -->"


def perform(
    installation: Installation,
    app_id: int,
    action: Action,
    remote_id: int | None,
    *,
    doubtful: bool,
) -> int:
    """Carry out `action` and give the id of what it wrote.

    `remote_id` is what an earlier revision wrote. `doubtful` says that an earlier attempt may
    have written without our hearing of it. Raises a `GitHubError`; `NotFound` where what an
    earlier revision wrote is gone: making it anew would be a second write in one breath, and is
    left to the next turn.
    """
    match action:
        case Comment():
            return _comment(installation, app_id, action, remote_id, doubtful=doubtful)
        case Check():
            return _check(installation, action, remote_id, doubtful=doubtful)
        case Label():
            return _label(installation, action)
        case SetState():
            return _set_state(installation, action)
        case OpenIssue():
            return _open_issue(installation, app_id, action, remote_id, doubtful=doubtful)
        case _ as never:
            assert_never(never)


def _comment(
    installation: Installation,
    app_id: int,
    action: Comment,
    remote_id: int | None,
    *,
    doubtful: bool,
) -> int:
    repo = action.repo.name
    body = {"body": f"{action.body[:MOST_BODY].rstrip()}\n\n{marker(action.topic)}\n"}
    if action.discussion:
        return installation.say_there(action, marker(action.topic), body["body"])
    if remote_id is None and (doubtful or action.may_exist):
        remote_id = _find_comment(installation, app_id, action)
    if remote_id is not None:
        installation.send("PATCH", f"/repos/{repo}/issues/comments/{remote_id}", body=body)
        return remote_id
    answer = installation.send("POST", f"/repos/{repo}/issues/{action.number}/comments", body=body)
    return int(answer.body["id"])


def _find_comment(installation: Installation, app_id: int, action: Comment) -> int | None:
    path = f"/repos/{action.repo.name}/issues/{action.number}/comments"
    sought = marker(action.topic)
    for item in installation.pages(path):
        if sought in (item.get("body") or "") and _is_ours(item, app_id):
            return int(item["id"])
    return None


def _is_ours(item: dict[str, Any], app_id: int) -> bool:
    # Anybody can copy our marker into a comment; nobody else can write as our App.
    app = item.get("performed_via_github_app")
    if app:
        return bool(app.get("id") == app_id)
    return bool((item.get("user") or {}).get("type") == "Bot")


def _check(
    installation: Installation, action: Check, remote_id: int | None, *, doubtful: bool
) -> int:
    repo = action.repo.name
    body = _check_body(action)
    if remote_id is None and doubtful:
        remote_id = _find_check(installation, action)
    if remote_id is not None:
        installation.send("PATCH", f"/repos/{repo}/check-runs/{remote_id}", body=body)
        return remote_id
    body["head_sha"] = action.head_sha
    answer = installation.send("POST", f"/repos/{repo}/check-runs", body=body)
    return int(answer.body["id"])


def _label(installation: Installation, action: Label) -> int:
    """Both ways may be done twice without harm; a label that is not there needs no taking off."""
    path = f"/repos/{action.repo.name}/issues/{action.number}/labels"
    if action.present:
        installation.send("POST", path, body={"labels": [action.name]})
        return action.number
    with contextlib.suppress(NotFound):
        installation.send("DELETE", f"{path}/{quote(action.name, safe='')}")
    return action.number


def _set_state(installation: Installation, action: SetState) -> int:
    body = {"state": action.state} | ({"state_reason": action.reason} if action.reason else {})
    path = f"/repos/{action.repo.name}/issues/{action.number}"
    return int(installation.send("PATCH", path, body=body).body["number"])


def _open_issue(
    installation: Installation,
    app_id: int,
    action: OpenIssue,
    remote_id: int | None,
    *,
    doubtful: bool,
) -> int:
    """Give the number of the issue. What was opened once is left as people made it since."""
    if remote_id is None and doubtful:
        remote_id = _find_issue(installation, app_id, action)
    if remote_id is not None:
        return remote_id
    body = {
        "title": action.title,
        "body": f"{action.body[:MOST_BODY].rstrip()}\n\n{marker(f'request:{action.key}')}\n",
        "labels": list(action.labels),
    }
    path = f"/repos/{action.repo.name}/issues"
    return int(installation.send("POST", path, body=body).body["number"])


def _find_issue(installation: Installation, app_id: int, action: OpenIssue) -> int | None:
    """Look among the newest: an attempt that we did not hear the end of is minutes old."""
    asked = {"state": "all", "sort": "created", "direction": "desc"}
    items = installation.pages(f"/repos/{action.repo.name}/issues", asked)
    sought = marker(f"request:{action.key}")
    for item in islice(items, NEWEST_ISSUES):
        if sought in (item.get("body") or "") and _is_ours(item, app_id):
            return int(item["number"])
    return None


def _check_body(action: Check) -> dict[str, Any]:
    output: dict[str, Any] = {
        "title": action.title,
        "summary": action.summary[:MOST_SUMMARY],
    }
    if action.annotations:
        output["annotations"] = [
            {
                "path": annotation.path,
                "start_line": annotation.line,
                "end_line": annotation.line,
                "annotation_level": "failure",
                "message": annotation.message,
            }
            for annotation in action.annotations[:MOST_ANNOTATIONS]
        ]
    body: dict[str, Any] = {
        "name": action.name,
        "external_id": action.surface,
        "status": "completed",
        "conclusion": action.conclusion,
        "output": output,
    }
    if action.details_url:
        body["details_url"] = action.details_url
    return body


def _find_check(installation: Installation, action: Check) -> int | None:
    path = f"/repos/{action.repo.name}/commits/{action.head_sha}/check-runs"
    asked = {"check_name": action.name, "filter": "latest"}
    for item in installation.pages(path, asked, key="check_runs"):
        if item.get("external_id") == action.surface:
            return int(item["id"])
    return None
