"""GitHub's published OpenAPI description, cut down to what is spoken here."""

import json
from functools import cache
from typing import Any
from urllib.parse import quote

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from bot.sandbox.serving import Request, Response
from tests.contracts.corpus import CACHE, OPENAPI, fetched

HOST = "https://api.github.com"
PATHS = (
    "/app",
    "/app-manifests/{code}/conversions",
    "/app/hook/deliveries",
    "/app/hook/deliveries/{delivery_id}",
    "/app/hook/deliveries/{delivery_id}/attempts",
    "/app/installations",
    "/app/installations/{installation_id}",
    "/app/installations/{installation_id}/access_tokens",
    "/installation/repositories",
    "/meta",
    "/rate_limit",
    "/orgs/{org}/teams/{team_slug}/members",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/check-runs",
    "/repos/{owner}/{repo}/check-runs/{check_run_id}",
    "/repos/{owner}/{repo}/collaborators/{username}/permission",
    "/repos/{owner}/{repo}/commits/{ref}",
    "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/repos/{owner}/{repo}/compare/{basehead}",
    "/repos/{owner}/{repo}/contents/{path}",
    "/repos/{owner}/{repo}/installation",
    "/repos/{owner}/{repo}/issues",
    "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    "/repos/{owner}/{repo}/issues/{issue_number}",
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    "/repos/{owner}/{repo}/issues/{issue_number}/labels",
    "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
    "/repos/{owner}/{repo}/issues/{issue_number}/reactions",
    "/repos/{owner}/{repo}/milestones",
    "/repos/{owner}/{repo}/milestones/{milestone_number}",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/commits",
    "/repos/{owner}/{repo}/releases",
    "/user",
    "/user/emails",
    "/user/{account_id}",
    "/users/{username}",
)
LONG_TAILS = ("/compare/", "/contents/", "/commits/")


@cache
def description() -> OpenAPI | None:
    """Build the description of `PATHS`; None where npm could not be reached."""
    source = fetched(OPENAPI)
    if source is None:
        return None
    cut = CACHE / f"github-{OPENAPI[1]}-{len(PATHS)}-paths.json"
    if not cut.exists():
        whole = json.loads(source.read_text(encoding="utf-8"))
        fresh = cut.with_suffix(".new")
        fresh.write_text(json.dumps(_cut(whole)), encoding="utf-8")
        fresh.rename(cut)
    spec = json.loads(cut.read_text(encoding="utf-8"))
    # The whole description does not pass the specification's own validator, and is GitHub's.
    return OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))


def _cut(whole: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "servers": [{"url": HOST}],
        "paths": {path: whole["paths"][path] for path in PATHS},
        "components": {},
    }
    waiting = list(_references(spec["paths"]))
    while waiting:
        kind, name = waiting.pop()
        known = spec["components"].setdefault(kind, {})
        if name not in known:
            known[name] = whole["components"][kind][name]
            waiting += _references(known[name])
    return spec


def _references(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [found for entry in value for found in _references(entry)]
    if not isinstance(value, dict):
        return []
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/components/"):
        _hash, _components, kind, name = reference.split("/", 3)
        return [(kind, name)]
    return [found for entry in value.values() for found in _references(entry)]


def request_of(request: Request) -> MockRequest:
    """Give a request that the sandbox received as the description's validator wants it."""
    path = request.path
    for tail in LONG_TAILS:
        start, found, rest = path.partition(tail)
        if found:
            rest, runs, _ = rest.partition("/check-runs")
            path = start + found + quote(rest, safe="") + runs
    return MockRequest(
        HOST,
        request.method.lower(),
        path,
        args=dict(request.query),
        headers={name: text for name, text in request.headers.items() if name != "host"},
        data=request.body or None,
        content_type=request.headers.get("content-type", "application/json").partition(";")[0],
    )


def response_of(response: Response) -> MockResponse:
    """Give an answer of the sandbox as the description's validator wants it."""
    kind = response.headers.get("content-type", "application/json").partition(";")[0]
    headers = dict(response.headers)
    return MockResponse(response.body, response.status, headers, content_type=kind)
