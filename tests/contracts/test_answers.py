"""The sandbox's answers, and our requests, fit GitHub's published description of its API."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError

from bot.sandbox.serving import Request, Response
from core.github import Account, Annotation, Check, Comment, Repo
from core.pygithub.app import App, exchange_manifest_code
from core.pygithub.client import Client
from core.pygithub.user import User
from tests.contracts.description import description, request_of, response_of
from tests.contracts.garden import REPO, Visit, visit

JUDGED = {
    # Differences that stay: the description itself is wrong, or its validator is.
    "/app/installations": "the list wants an account to be a user and an enterprise at once",
    f"{REPO}/contents/.github": "a list of files has no `type` to tell kinds of files by",
}


@dataclass(frozen=True)
class Exchange:
    """One request with its answer, as the sandbox saw them."""

    request: Request
    response: Response

    @property
    def name(self) -> str:
        return f"{self.request.method} {self.request.path} {self.response.status}"


@pytest.fixture(scope="module")
def api() -> OpenAPI:
    found = description()
    if found is None:
        pytest.skip("npm could not fetch the description of GitHub's API")
    return found


@pytest.fixture
def here() -> Iterator[Visit]:
    with visit() as guest:
        guest.sandbox.webhook_url = "http://127.0.0.1:1/webhooks/github"
        yield guest


def record(here: Visit) -> list[Exchange]:
    seen: list[Exchange] = []
    here.sandbox.watch = lambda request, response: seen.append(Exchange(request, response))
    return seen


def problem(check: OpenAPI, exchange: Exchange, *, answer: bool) -> str | None:
    """Say what does not fit, in one line."""
    request = request_of(exchange.request)
    try:
        if answer:
            check.validate_response(request, response_of(exchange.response))
        else:
            check.validate_request(request)
    except OpenAPIError as error:
        details = getattr(error.__cause__, "schema_errors", ())
        said = "; ".join(f"{list(it.absolute_path)} {it.message[-200:]}" for it in details)
        return f"{exchange.name}: {error} {said}"
    return None


def _ask_about_issues(here: Visit) -> None:
    world, garden, client = here.sandbox.world, here.garden, here.as_installation()
    wish = client.post(f"{REPO}/issues", json={"title": "Moss", "labels": ["request"]}).json()
    issue = f"{REPO}/issues/{wish['number']}"
    client.post(f"{issue}/labels", json={"labels": ["moss"]})
    world.react(garden.repo.threads[wish["number"]], garden.bo)
    for path in ("", "/labels", "/reactions"):
        client.get(f"{issue}{path}")
    client.delete(f"{issue}/labels/moss")
    client.patch(issue, json={"state": "closed", "state_reason": "not_planned"})
    client.get(f"{REPO}/issues?state=all")


def ask_for_everything(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    pull = world.propose(garden.repo, garden.ada, {"a.txt": "1\n"}, co_authors=[garden.bo])
    world.comment(pull, garden.bo, "hello")
    attempt = here.sandbox.deliver_all()[0]
    code = world.submit_manifest(garden.mara, {"name": "X", "url": "https://x.example"})
    here.client().post(f"/app-manifests/{code}/conversions")
    app, client = here.as_app(), here.as_installation()
    for path in ("", "/installations", f"/installations/{garden.installation.id}"):
        app.get(f"/app{path}")
    app.get(f"{REPO}/installation")
    app.get("/app/hook/deliveries")
    app.get(f"/app/hook/deliveries/{attempt.id}")
    app.post(f"/app/hook/deliveries/{attempt.id}/attempts")
    run = {"name": "x", "head_sha": pull.head_sha, "conclusion": "neutral"}
    number = client.post(f"{REPO}/check-runs", json=run).json()["id"]
    client.patch(f"{REPO}/check-runs/{number}", json={"conclusion": "failure"})
    said = client.post(f"{REPO}/issues/1/comments", json={"body": "x"}).json()["id"]
    client.patch(f"{REPO}/issues/comments/{said}", json={"body": "y"})
    _ask_about_issues(here)
    world.publish_release(garden.repo, garden.mara, "v1.0")
    world.open_milestone(garden.repo, garden.mara, "Spring", here.clock())
    world.set_milestone(garden.repo.threads[2], garden.mara, "Spring")
    for path in ("releases", "commits/tags/v1.0", "milestones", "milestones/1", "issues/2"):
        client.get(f"{REPO}/{path}")
    about = f"pulls, pulls/1, pulls/1/commits, compare/main...{pull.head_sha}, commits/main"
    about += f", contents/CLA.md, contents/.github, contents/none, check-runs/{number}, issues/1"
    about += f", commits/main/check-runs, commits/{pull.head_sha}/check-runs, issues/1/comments"
    about += f", issues/comments/{said}, collaborators/ada/permission"
    for path in about.split(", "):
        client.get(f"{REPO}/{path}")
    elsewhere = (REPO, "/installation/repositories", f"/user/{garden.ada.id}", "/users/mara")
    for path in (*elsewhere, "/rate_limit", "/meta"):
        client.get(path)
    world.team(garden.organization, "gardeners", garden.ada, garden.bo)
    client.get("/orgs/potluck-sandbox/teams/gardeners/members")
    world.add_email(garden.ada, "new@example.com", verified=False)
    ada = here.client(here.sandbox.tokens.for_user(garden.ada).text)
    for path in ("/user", "/user/emails"):
        ada.get(path)


def test_every_answer_fits_the_description(here: Visit, api: OpenAPI) -> None:
    seen = record(here)
    ask_for_everything(here)
    problems = [(it, found) for it in seen if (found := problem(api, it, answer=True))]
    assert [found for it, found in problems if it.request.path not in JUDGED] == []
    judged = {it.request.path for it, _found in problems}
    assert judged == set(JUDGED), "a judged difference is gone"


def speak(here: Visit) -> None:
    """Use every part of our own adapter."""
    sandbox, garden, world = here.sandbox, here.garden, here.sandbox.world
    app = App(sandbox.api_url, sandbox.app_id, sandbox.private_key, here.clock)
    repo = Repo(garden.repo.id, garden.repo.full_name, garden.installation.id)
    pull = world.propose(garden.repo, garden.ada, {"docs/a b.txt": "1\n"})
    attempt = sandbox.deliver_all()[0]
    github = app.github(repo)
    read = github.pull_request(repo, pull.number)
    github.comparison(repo, read.base_ref, read.head_sha)
    github.file(repo, "CLA.md", None)
    github.file(repo, "docs/a b.txt", read.head_sha, etag='W/"x"')
    assert [it.number for it in github.open_pull_requests(repo)] == [pull.number]
    assert github.permission(repo, Account(garden.mara.id, "mara")) == "admin"
    world.publish_release(garden.repo, garden.mara, "v1.0")
    assert [it.tag for it in github.releases(repo)] == ["v1.0"]
    assert github.commit_of_tag(repo, "v1.0") == garden.repo.branches["main"]
    world.open_milestone(garden.repo, garden.mara, "Spring", here.clock())
    assert list(github.milestones(repo)) == [github.milestone(repo, 1)]
    world.team(garden.organization, "gardeners", garden.ada)
    assert github.team_members(repo, "gardeners") == {garden.ada.id}
    user = User(Client(sandbox.api_url, here.clock), sandbox.tokens.for_user(garden.ada).text)
    assert user.account().id == garden.ada.id
    assert "ada@example.com" in user.verified_addresses()
    assert app.repositories(garden.installation.id)[0].id == repo.id
    assert app.hook_deliveries(here.clock())[0].guid == attempt.delivery.guid
    app.redeliver(attempt.id)
    comment = Comment(repo, pull.number, "cla", "Please sign.", may_exist=True)
    remark = (Annotation("CLA.md", 1, "Look here."),)
    check = Check(
        repo, read.head_sha, "potluck/cla", "action_required", "Sign", "One.", remark, "https://p/"
    )
    for action in (comment, check):
        number = app.perform(action, None, doubtful=True)
        app.perform(action, number, doubtful=False)
    code = world.submit_manifest(garden.mara, {"name": "X", "url": "https://x.example"})
    exchange_manifest_code(sandbox.api_url, code, here.clock)


def test_every_request_of_ours_fits_the_description(here: Visit, api: OpenAPI) -> None:
    seen = record(here)
    speak(here)
    assert len(seen) > 15
    assert [found for it in seen if (found := problem(api, it, answer=False))] == []
    assert all(it.response.status < 400 for it in seen), [it.name for it in seen]


def test_the_referee_of_shapes_is_awake(api: OpenAPI) -> None:
    body = b'{"name": 1, "head_sha": "x"}'
    wrong = Request("POST", "", {"content-type": "application/json"}, body, f"{REPO}/check-runs")
    assert problem(api, Exchange(wrong, Response.json(200, {})), answer=False)
    read = Request("GET", "", {}, b"", REPO)
    assert problem(api, Exchange(read, Response.json(200, {"id": "x"})), answer=True)
