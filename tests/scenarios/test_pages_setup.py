"""Setting the GitHub App up in the browser: who may, once, within the hour, and with what request."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import credentials
from bot.setup import setup_code
from core.github import Refused, Unavailable
from tests.browser.site import CREDENTIALS, NOW, SECRET_KEY, live, make

PUBLIC = {"PUBLIC_URL": "https://potluck.example", "HOST": "0.0.0.0"}


class GitHub:
    """Gives the credentials of a new App for one code, and counts how often it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.error = error

    def exchange(self, code: str) -> Mapping[str, Any]:
        self.asked.append(code)
        if self.error:
            raise self.error
        return CREDENTIALS


@pytest.fixture
def github() -> GitHub:
    return GitHub()


@pytest.fixture
def site(tmp_path: Path, github: GitHub) -> Flask:
    return make(tmp_path, exchange=github.exchange)


def form(client: FlaskClient, path: str = "/setup") -> tuple[str, dict[str, Any]]:
    """Give the address and the manifest of the form that goes to GitHub."""
    page = client.get(path).text
    action = re.search(r'method="post" action="([^"]+)"', page)
    manifest = re.search(r'name="manifest" value="([^"]+)"', page)
    assert action
    assert manifest
    return unescape(action[1]), json.loads(unescape(manifest[1]))


def state(client: FlaskClient) -> str:
    return form(client)[0].partition("?state=")[2]


def come_back(client: FlaskClient, given: str, code: str = "c0de") -> int:
    return client.get("/setup/callback", query_string={"code": code, "state": given}).status_code


def stored(site: Flask) -> str | None:
    with site.extensions["potluck"].app.read() as connection:
        return credentials.slug(connection)


def test_the_request_names_the_least_permissions_and_the_events_that_we_hear(site: Flask) -> None:
    action, manifest = form(site.test_client())

    assert action.startswith("https://github.com/settings/apps/new?state=")
    assert manifest["default_permissions"] == {
        "metadata": "read",
        "contents": "read",
        "pull_requests": "write",
        "issues": "write",
        "checks": "write",
        "merge_queues": "read",
    }
    assert set(manifest["default_events"]) == {
        *("pull_request", "issue_comment", "push", "check_run", "check_suite"),
        *("merge_group", "repository"),
    }
    assert manifest["hook_attributes"]["url"] == "http://127.0.0.1:8000/webhooks/github"
    assert manifest["redirect_url"] == "http://127.0.0.1:8000/setup/callback"
    assert manifest["public"] is False


def test_the_page_explains_every_permission_that_it_asks_for(site: Flask) -> None:
    page = site.test_client().get("/setup").text

    for name in ("Metadata", "Contents", "Pull requests", "Issues", "Checks", "Merge queues"):
        assert f"<span>{name}</span>" in page


def test_only_this_form_may_leave_the_site_and_only_for_github(site: Flask) -> None:
    client = site.test_client()

    policy = client.get("/setup").headers["Content-Security-Policy"]

    assert "form-action 'self' https://github.com;" in policy
    assert "github" not in client.get("/").headers["Content-Security-Policy"]
    assert client.get("/setup").headers["Cache-Control"] == "no-store"


def test_an_organisation_can_own_the_app_and_open_it_to_everybody(site: Flask) -> None:
    action, manifest = form(site.test_client(), "/setup?organization=acme-corp&public=yes")

    assert action.startswith("https://github.com/organizations/acme-corp/settings/apps/new?state=")
    assert manifest["public"] is True


@pytest.mark.parametrize("name", ["../../evil", "a b", "-acme", "a" * 40, "x/../y", "acmé"])
def test_a_name_that_no_organisation_can_have_changes_nothing(site: Flask, name: str) -> None:
    client = site.test_client()

    page = client.get("/setup", query_string={"organization": name}).text

    assert "GitHub has no such name" in page
    assert 'action="https://github.com/settings/apps/new?state=' in page


def test_an_enterprise_server_is_asked_at_its_own_address(tmp_path: Path) -> None:
    server = {"GITHUB_API_URL": "https://github.acme.example/api/v3"}
    client = make(tmp_path, server).test_client()

    assert form(client)[0].startswith("https://github.acme.example/settings/apps/new?state=")
    policy = client.get("/setup").headers["Content-Security-Policy"]
    assert "form-action 'self' https://github.acme.example;" in policy


def test_the_way_out_of_the_sandbox_leads_to_the_real_github(tmp_path: Path) -> None:
    sandbox = "http://127.0.0.1:9"
    given = {"POTLUCK_SANDBOX_URL": sandbox, "POTLUCK_SANDBOX_API_URL": f"{sandbox}/api/v3"}
    site = make(tmp_path, live(given))
    settings = site.extensions["potluck"].settings

    assert settings.github.api_url == f"{sandbox}/api/v3"
    assert form(site.test_client())[0].startswith("https://github.com/settings/apps/new?state=")


def test_addresses_come_from_the_settings_and_never_from_the_request(site: Flask) -> None:
    page = site.test_client().get(
        "/setup", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )

    assert "evil.example" not in page.text


def test_a_local_address_is_called_one_that_github_cannot_reach(
    site: Flask, tmp_path: Path
) -> None:
    reachable = make(tmp_path / "public", PUBLIC)
    with reachable.test_client() as client:
        unlock(client, setup_code(reachable.extensions["potluck"].settings))
        assert "GitHub cannot reach this site yet" not in client.get("/setup").text

    assert "GitHub cannot reach this site yet" in site.test_client().get("/setup").text


def test_coming_back_stores_the_credentials_and_shows_the_next_step(
    site: Flask, github: GitHub
) -> None:
    client = site.test_client()

    assert come_back(client, state(client)) == 303
    page = client.get("/setup").text

    assert github.asked == ["c0de"]
    assert stored(site) == "potluck-acme"
    assert "Start Potluck again" in page
    assert "https://github.com/apps/potluck-acme/installations/new" in page
    assert "<form" not in page
    for secret in ("a private key", "a webhook secret", "a client secret"):
        assert secret not in page


def test_a_state_is_good_once(tmp_path: Path) -> None:
    github = GitHub(Unavailable("no answer"))
    client = make(tmp_path, exchange=github.exchange).test_client()
    given = state(client)

    assert come_back(client, given) == 502
    assert come_back(client, given) == 400
    assert github.asked == ["c0de"]


def test_a_state_belongs_to_the_session_that_asked(site: Flask, github: GitHub) -> None:
    asked, other = site.test_client(), site.test_client()
    state(other)

    assert come_back(other, state(asked)) == 400
    assert github.asked == []
    assert stored(site) is None


@pytest.mark.parametrize("given", ["", "guess", "ü", "a" * 4000])
def test_a_guessed_state_is_refused(site: Flask, github: GitHub, given: str) -> None:
    client = site.test_client()
    state(client)

    assert come_back(client, given) == 400
    assert github.asked == []


@pytest.mark.parametrize("code", ["", "../../user", "a b", "a?x=1", "a" * 201])
def test_a_code_that_is_none_never_reaches_github(site: Flask, github: GitHub, code: str) -> None:
    client = site.test_client()

    assert come_back(client, state(client), code) == 400
    assert github.asked == []


@pytest.mark.parametrize(("minutes", "status"), [(59, 303), (61, 400)])
def test_a_state_is_good_for_an_hour(
    tmp_path: Path, github: GitHub, minutes: int, status: int
) -> None:
    now = NOW

    def clock() -> Any:
        return now

    client = make(tmp_path, exchange=github.exchange, clock=clock).test_client()
    given = state(client)
    now = NOW + timedelta(minutes=minutes)

    assert come_back(client, given) == status


def test_two_tabs_do_not_take_each_others_state(site: Flask) -> None:
    client = site.test_client()
    first = state(client)
    state(client)

    assert come_back(client, first) == 303


@pytest.mark.parametrize("error", [Refused("404"), Unavailable("no answer")])
def test_when_github_gives_no_credentials_the_page_says_what_to_do(
    tmp_path: Path, error: Exception
) -> None:
    site = make(tmp_path, exchange=GitHub(error).exchange)
    client = site.test_client()
    answer = client.get("/setup/callback", query_string={"code": "c0de", "state": state(client)})

    assert answer.status_code == 502
    assert "Delete that App in its settings on GitHub" in answer.text
    assert stored(site) is None


def test_whoever_is_second_replaces_nothing(site: Flask, github: GitHub) -> None:
    first, second = site.test_client(), site.test_client()
    late = state(second)
    come_back(first, state(first))

    assert come_back(second, late) == 200
    assert github.asked == ["c0de"]
    assert stored(site) == "potluck-acme"


def test_once_live_there_is_nothing_to_set_up(tmp_path: Path) -> None:
    client = make(tmp_path, live(PUBLIC)).test_client()

    page = client.get("/setup").text

    assert "The GitHub App is set up" in page
    assert "Start Potluck again" not in page
    assert "<form" not in page


def unlock(client: FlaskClient, code: str) -> int:
    page = client.get("/setup", base_url="https://potluck.example").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post(
        "/setup/code",
        base_url="https://potluck.example",
        headers={"Referer": "https://potluck.example/setup"},
        data={"code": code, "csrf_token": token[1]},
    ).status_code


def test_where_others_reach_the_page_it_opens_with_the_code_of_the_log(tmp_path: Path) -> None:
    site = make(tmp_path, PUBLIC)
    client = site.test_client()
    code = setup_code(site.extensions["potluck"].settings)

    def show() -> str:
        return client.get("/setup", base_url="https://potluck.example").text

    assert re.fullmatch(r"[0-9a-f]{16}", code)
    assert 'name="manifest"' not in show()
    assert unlock(client, "0" * 16) == 403
    assert 'name="manifest"' not in show()
    assert unlock(client, f" {code.upper()} ") == 303
    assert 'name="manifest"' in show()


def test_without_the_code_the_way_back_is_closed_too(tmp_path: Path, github: GitHub) -> None:
    client = make(tmp_path, PUBLIC, exchange=github.exchange).test_client()

    assert "manifest" not in client.get("/setup/callback?code=c&state=s").text
    assert github.asked == []


def test_the_code_says_nothing_about_the_secret_key(site: Flask) -> None:
    assert setup_code(site.extensions["potluck"].settings) not in SECRET_KEY
