"""The request for a GitHub App: what it asks for, whose App it makes, and where it goes."""

from pathlib import Path

import pytest
from flask import Flask

from tests.browser.setting_up import PUBLIC, GitHub, form, opened
from tests.browser.site import live, make


@pytest.fixture
def github() -> GitHub:
    return GitHub()


@pytest.fixture
def site(tmp_path: Path, github: GitHub) -> Flask:
    return make(tmp_path, PUBLIC, exchange=github.exchange)


def test_the_request_names_the_least_permissions_and_the_events_that_we_hear(site: Flask) -> None:
    action, manifest = form(opened(site))

    assert action.startswith("https://github.com/settings/apps/new?state=")
    assert manifest["default_permissions"] == {
        "metadata": "read",
        "contents": "read",
        "pull_requests": "write",
        "issues": "write",
        "checks": "write",
        "discussions": "write",
        "merge_queues": "read",
        "members": "read",
        "email_addresses": "read",
    }
    assert set(manifest["default_events"]) == {
        *("pull_request", "issue_comment", "push", "check_run", "check_suite"),
        *("merge_group", "release", "repository", "issues", "discussion", "discussion_comment"),
        "milestone",
    }
    assert manifest["hook_attributes"]["url"] == "https://potluck.example/webhooks/github"
    assert manifest["redirect_url"] == "https://potluck.example/setup/callback"
    assert manifest["callback_urls"] == ["https://potluck.example/sign-in/callback"]
    assert manifest["request_oauth_on_install"] is False
    assert manifest["public"] is False


def test_the_page_explains_every_permission_that_it_asks_for(site: Flask) -> None:
    page = opened(site).get("/setup").text

    names = ("Metadata", "Contents", "Pull requests", "Issues", "Checks", "Merge queues")
    for name in (*names, "Members", "Email addresses"):
        assert f"<span>{name}</span>" in page


def test_only_this_form_may_leave_the_site_and_only_for_github(site: Flask) -> None:
    client = opened(site)

    policy = client.get("/setup").headers["Content-Security-Policy"]

    assert "form-action 'self' https://github.com;" in policy
    assert "github" not in client.get("/").headers["Content-Security-Policy"]
    assert client.get("/setup").headers["Cache-Control"] == "no-store"


def test_an_organisation_can_own_the_app_and_open_it_to_everybody(site: Flask) -> None:
    action, manifest = form(opened(site), "/setup?organization=acme-corp&public=yes")

    assert action.startswith("https://github.com/organizations/acme-corp/settings/apps/new?state=")
    assert manifest["public"] is True


@pytest.mark.parametrize("name", ["../../evil", "a b", "-acme", "a" * 40, "x/../y", "acmé"])
def test_a_name_that_no_organisation_can_have_changes_nothing(site: Flask, name: str) -> None:
    client = opened(site)

    page = client.get("/setup", query_string={"organization": name}).text

    assert "GitHub has no such name" in page
    assert 'action="https://github.com/settings/apps/new?state=' in page


def test_an_enterprise_server_is_asked_at_its_own_address(tmp_path: Path) -> None:
    server = {"GITHUB_API_URL": "https://github.acme.example/api/v3"}
    client = opened(make(tmp_path, PUBLIC | server))

    assert form(client)[0].startswith("https://github.acme.example/settings/apps/new?state=")
    policy = client.get("/setup").headers["Content-Security-Policy"]
    assert "form-action 'self' https://github.acme.example;" in policy


def test_the_way_out_of_the_sandbox_leads_to_the_real_github(tmp_path: Path) -> None:
    sandbox = "http://127.0.0.1:9"
    given = {"POTLUCK_SANDBOX_URL": sandbox, "POTLUCK_SANDBOX_API_URL": f"{sandbox}/api/v3"}
    site = make(tmp_path, live(PUBLIC | given))
    settings = site.extensions["potluck"].settings

    assert settings.github.api_url == f"{sandbox}/api/v3"
    assert form(opened(site))[0].startswith("https://github.com/settings/apps/new?state=")


def test_addresses_come_from_the_settings_and_never_from_the_request(site: Flask) -> None:
    page = site.test_client().get(
        "/setup", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )

    assert "evil.example" not in page.text


def test_from_a_local_address_no_app_can_be_asked_of_github(site: Flask, tmp_path: Path) -> None:
    local = make(tmp_path / "local").test_client().get("/setup").text

    for words in ("GitHub cannot reach this site yet", "Set <code>PUBLIC_URL</code>"):
        assert words in local
        assert words not in opened(site).get("/setup").text
    assert 'name="manifest"' not in local


def test_a_github_on_this_machine_takes_a_local_address(tmp_path: Path) -> None:
    near = make(tmp_path, {"GITHUB_API_URL": "http://127.0.0.1:9/api/v3"})

    assert form(near.test_client())[0].startswith("http://127.0.0.1:9/settings/apps/new?state=")
