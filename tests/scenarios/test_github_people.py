"""What GitHub says of people, over HTTP: roles, teams and addresses, whole and of the right one."""

import pytest

from bot.sandbox import failures
from bot.sandbox.serving import Response, Server
from core.clock import system_clock
from core.config import GitHubSettings
from core.github import (
    Account,
    GitHubError,
    Inaccessible,
    Incomplete,
    NotFound,
    Refused,
    Repo,
    Unavailable,
)
from core.pygithub.client import Client
from core.pygithub.user import User, signed_in
from tests.stage import Stage

ROLES = {
    "admin": "admin",
    "maintain": "maintain",
    "push": "write",
    "triage": "triage",
    "pull": "read",
}


def target(stage: Stage) -> tuple[Account, Account]:
    """Give ada as GitHub knows her, and somebody who holds her login without being her."""
    ada = stage.sandbox.world.by_login("ada")
    assert ada is not None
    return Account(ada.id, "ada"), Account(ada.id + 1, "ada")


def test_a_role_is_told_by_its_name_of_the_very_account(stage: Stage) -> None:
    world = stage.sandbox.world
    ada, impostor = target(stage)
    repository = world.repositories[stage.repo.id]
    assert stage.github.permission(stage.repo, ada) == "read"
    for given, told in ROLES.items():
        world.collaborate(repository, world.accounts[ada.id], given)
        assert stage.github.permission(stage.repo, ada) == told
        assert stage.github.permission(stage.repo, impostor) == "none"
    assert stage.github.permission(stage.repo, Account(1, "nobody-here")) == "none"
    assert stage.github.permission(stage.repo, Account(ada.id, "../ada")) == "none"


def test_a_role_of_an_organisations_own_counts_as_what_it_rests_on(stage: Stage) -> None:
    ada, _ = target(stage)
    for role, coarse, told in (("warden", "write", "write"), (None, "admin", "admin")):
        user = {"id": ada.id, "login": "ada"}
        answer = {"permission": coarse, "role_name": role, "user": user}
        stage.sandbox.fail("GET", "/permission$", failures.saying(answer))
        assert stage.github.permission(stage.repo, ada) == told
    stage.sandbox.fail("GET", "/permission$", failures.saying({"permission": "x", "user": user}))
    with pytest.raises(Incomplete):
        stage.github.permission(stage.repo, ada)


def test_a_role_in_another_repository_of_the_same_name_is_none(stage: Stage) -> None:
    ada, _ = target(stage)
    elsewhere = Repo(stage.repo.id + 1, stage.repo.name, stage.repo.installation_id)

    assert stage.github.permission(elsewhere, ada) == "none"


@pytest.mark.parametrize("path", ["/permission$", "^/repos/acme/garden$"])
def test_a_failure_is_no_role(stage: Stage, path: str) -> None:
    ada, _ = target(stage)
    for how in (failures.status(500), failures.malformed(), failures.secondary()):
        stage.sandbox.fail("GET", path, how)
        with pytest.raises(GitHubError):
            stage.github.permission(stage.repo, ada)


def test_all_members_of_a_team_are_told_or_none(stage: Stage) -> None:
    world = stage.sandbox.world
    owner = world.repositories[stage.repo.id].owner
    people = [world.account(f"person-{number}") for number in range(250)]
    world.team(owner, "everybody", *people)

    with stage.sandbox.counted() as seen:
        found = stage.github.team_members(stage.repo, "everybody")
    assert found == {who.id for who in people}
    assert len([it for it in seen if it.path.endswith("/members")]) == 3
    for how in (failures.emptied(), failures.repeated()):
        stage.sandbox.fail("GET", "/members$", failures.How(), times=1)
        stage.sandbox.fail("GET", "/members$", how, times=2)
        with pytest.raises(Incomplete):
            stage.github.team_members(stage.repo, "everybody")
        stage.sandbox.failures.clear()


def test_a_team_that_is_not_there_or_not_to_be_seen_has_no_members(stage: Stage) -> None:
    world = stage.sandbox.world
    for slug in ("nobody", "..", "a/b", ""):
        with pytest.raises(NotFound):
            stage.github.team_members(stage.repo, slug)
    (installation,) = world.installations.values()
    world.team(installation.account, "some")
    assert stage.github.team_members(stage.repo, "some") == frozenset()
    del installation.permissions["members"]
    stage.now[0] = stage.now[0].replace(hour=stage.now[0].hour + 2)
    with pytest.raises(Inaccessible):
        stage.github.team_members(stage.repo, "some")


def test_only_whole_lists_of_addresses_and_real_people_are_believed(stage: Stage) -> None:
    sandbox = stage.sandbox
    ada = sandbox.world.by_login("ada")
    assert ada is not None
    user = User(Client(sandbox.api_url, sandbox.world.clock), sandbox.tokens.for_user(ada).text)
    for number in range(120):
        sandbox.world.add_email(ada, f"A{number}@example.com", verified=number % 2 == 0)

    found = user.verified_addresses()

    assert len(found) == 61
    assert "a118@example.com" in found
    assert "a119@example.com" not in found
    odd = [{"email": it, "verified": True} for it in ("@", "a@", "@b", "a\n@b", "x" * 300 + "@b")]
    truthy = [{"email": "c@d", "verified": "yes"}]
    sandbox.fail("GET", "/user/emails", failures.saying([*odd, *truthy]))
    assert user.verified_addresses() == ()
    for answer in ([{"email": "a@b"}], ["a@b"], {"message": "no"}):
        sandbox.fail("GET", "/user/emails", failures.saying(answer))
        with pytest.raises(Incomplete):
            user.verified_addresses()
    for answer in ({"id": 1}, {"id": 0, "login": "x", "type": "User"}, [], {"id": "x"}):
        sandbox.fail("GET", "/user$", failures.saying(answer))
        with pytest.raises(GitHubError):
            user.account()
    sandbox.fail("GET", "/user$", failures.saying({"id": 1, "login": "x", "type": "Bot"}))
    with pytest.raises(GitHubError):
        user.account()


def test_a_token_ends_after_eight_hours(stage: Stage) -> None:
    sandbox = stage.sandbox
    ada = sandbox.world.by_login("ada")
    assert ada is not None
    user = User(Client(sandbox.api_url, sandbox.world.clock), sandbox.tokens.for_user(ada).text)
    stage.now[0] = stage.now[0].replace(hour=17, minute=59)
    assert user.account().id == ada.id
    stage.now[0] = stage.now[0].replace(hour=18, minute=0)
    with pytest.raises(Unavailable):
        user.account()


def trade(web_url: str) -> None:
    github = GitHubSettings(f"{web_url}/api/v3", 1, "", (), "client", "secret")
    signed_in(github, "http://127.0.0.1:8000/sign-in/callback", "code", "verifier", system_clock)


def test_only_a_token_is_a_token() -> None:
    said: list[Response] = []
    server = Server("127.0.0.1", 0, lambda _request: said[0])
    server.start()
    as_form = {"content-type": "application/x-www-form-urlencoded"}
    nothing = [Response.json(200, value) for value in ({}, [], "x", None, {"access_token": 7})]
    another = Response.json(200, {"access_token": "ghu_x", "token_type": "mac"})
    away = Response(307, b"", {"location": "http://127.0.0.1:1/"})
    down = Response.json(502, {"message": "Bad Gateway"})
    for answer in (*nothing, another, away, down, Response(200, b"access_token=x", as_form)):
        said[:] = [answer]
        with pytest.raises((Incomplete, Unavailable)):
            trade(f"http://127.0.0.1:{server.port}")
    said[:] = [Response.json(200, {"error": "bad_verification_code"})]
    with pytest.raises(Refused):
        trade(f"http://127.0.0.1:{server.port}")
    server.stop()
    with pytest.raises(Unavailable):
        trade(f"http://127.0.0.1:{server.port}")
