"""The first pages, from outside: what they say, and to whom they say nothing."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from bot import pages
from licensing import store, waiting
from licensing.versions import AgreementVersion
from tests.browser.site import (
    ADA,
    BARE,
    HIDDEN,
    KETTLE,
    MARY,
    NOW,
    PHRASE,
    TEXT,
    judge,
    live,
    make,
    propose,
    publish,
)

SANDBOX = {"POTLUCK_SANDBOX_URL": "http://127.0.0.1:9"}


@pytest.fixture
def sandbox(tmp_path: Path) -> FlaskClient:
    return make(tmp_path, SANDBOX).test_client()


@pytest.fixture
def kettle(tmp_path: Path) -> Flask:
    return make(tmp_path, live(), app_slug=lambda: "potluck-acme")


def words(page: str) -> str:
    """Give what a person reads, without the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_the_front_page_of_a_sandbox_says_so_and_gives_three_things_to_try(
    sandbox: FlaskClient,
) -> None:
    page = sandbox.get("/").text

    assert "This is a sandbox." in words(page)
    for step in ("Open a pull request", "Sign by a comment", "See the check turn green"):
        assert step in words(page)
    assert 'href="http://127.0.0.1:9"' in page
    for variable in ("GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"):
        assert variable in page


def test_the_front_page_speaks_to_maintainers_contributors_and_backers(kettle: Flask) -> None:
    page = words(kettle.test_client().get("/").text)

    assert "You maintain a project" in page
    assert "You contribute code" in page
    assert "You back a project" in page
    assert "This is a sandbox" not in page


def test_the_front_page_of_a_live_site_lists_public_projects_and_the_install_link(
    kettle: Flask,
) -> None:
    page = kettle.test_client().get("/").text

    assert 'href="/acme/kettle/"' in page
    assert f'href="/{BARE.name}/"' in page
    assert "hidden" not in words(page)
    assert 'href="https://github.com/apps/potluck-acme/installations/new"' in page


def test_an_enterprise_server_has_its_own_install_link() -> None:
    server = "https://github.acme.example"

    assert pages.install_url(server, "p") == f"{server}/github-apps/p/installations/new"
    assert pages.install_url(server, None) is None


@pytest.mark.parametrize("path", ["/", "/cla", "/cla/1.0.md"])
def test_a_private_repository_and_an_unknown_one_are_the_same_404(
    kettle: Flask, path: str
) -> None:
    client = kettle.test_client()

    private = client.get(f"/{HIDDEN.name}{path}")
    unknown = client.get(f"/nobody/nothing{path}")

    assert (private.status_code, unknown.status_code) == (404, 404)
    assert private.text.replace(HIDDEN.name, "") == unknown.text.replace("nobody/nothing", "")


def test_a_project_shows_its_agreement_and_its_open_pull_requests(kettle: Flask) -> None:
    page = words(kettle.test_client().get("/acme/kettle/").text)

    assert "Version 1.0 Signed by 12" in page
    for opener in ("ada", "grace", "mary"):
        assert f"by {opener}" in page


def test_a_pull_request_says_what_it_waits_for(kettle: Flask) -> None:
    page = words(kettle.test_client().get("/acme/kettle/").text)

    assert (
        "#41 by ada Waits for signatures ada has to sign eve has to sign"
        " 2 other people have to sign"
        " 1 author cannot be identified" in page
    )
    assert "#42 by a-login-that-is-quite-long-for-a-phone All signed" in page
    assert "#43 by grace Could not be checked" in page
    assert "#44 by mary Nothing to sign" in page
    assert "#45 by ada Not looked at yet" in page
    assert "Waits for signatures mary has to sign" in page
    assert "Author unknown" not in page
    assert "whose-name-we-never-heard" not in page


def test_where_only_an_author_is_unknown_no_signature_is_waited_for(kettle: Flask) -> None:
    with kettle.extensions["potluck"].app.write() as connection:
        propose(connection, 50, MARY, NOW)
        judge(connection, 50, "action_required", (), ("unlinked",))

    page = words(kettle.test_client().get("/acme/kettle/").text)

    assert "#50 by mary Author unknown 1 author cannot be identified" in page


def test_in_another_language_than_the_bots_the_project_says_which_that_is(kettle: Flask) -> None:
    french = {"Accept-Language": "fr"}
    line = "la langue du fichier de règles du projet (English)"

    for path in ("/acme/kettle/", "/acme/kettle/cla"):
        assert line in words(kettle.test_client().get(path, headers=french).text)
        assert "the bot speaks" not in kettle.test_client().get(path).text


def test_a_sandboxs_project_without_pull_requests_leads_to_the_sandbox(
    sandbox: FlaskClient,
) -> None:
    page = sandbox.get(f"/{BARE.name}/").text

    assert re.search(r'href="http://127.0.0.1:9">\s*Open one in the sandbox', page)


def test_a_live_project_without_pull_requests_leads_to_no_sandbox(kettle: Flask) -> None:
    assert "in the sandbox" not in kettle.test_client().get(f"/{BARE.name}/").text


def test_a_judgement_of_older_commits_says_nothing_about_newer_ones(kettle: Flask) -> None:
    with kettle.extensions["potluck"].app.write() as connection:
        connection.execute(update(waiting.verdict).values(head_sha="0" * 40))

    page = words(kettle.test_client().get("/acme/kettle/").text)

    assert page.count("Not looked at yet") == 6
    assert "has to sign" not in page


def test_many_pull_requests_are_shown_page_by_page(kettle: Flask) -> None:
    with kettle.extensions["potluck"].app.write() as connection:
        for number in range(100, 160):
            propose(connection, number, ADA, NOW)
    client = kettle.test_client()

    first, last = client.get("/acme/kettle/").text, client.get("/acme/kettle/?page=3").text

    assert first.count("<article") == 30
    assert last.count("<article") == 6
    assert 'href="?page=2"' in first
    for beyond in ("4", "-1", "x", "9" * 30):
        assert client.get(f"/acme/kettle/?page={beyond}").status_code == 200


def test_a_project_without_an_agreement_says_that_nobody_is_asked(kettle: Flask) -> None:
    client = kettle.test_client()

    assert (
        "None is in force here, so nobody has to sign anything."
        in client.get(f"/{BARE.name}/").text
    )
    assert "No agreement is in force" in client.get(f"/{BARE.name}/cla").text


def test_a_project_answers_to_its_name_in_any_case(kettle: Flask) -> None:
    assert "acme/kettle" in kettle.test_client().get("/Acme/KETTLE/cla").text


def test_the_agreement_page_says_what_is_signed_and_how(kettle: Flask) -> None:
    page = kettle.test_client().get("/acme/kettle/cla").text

    assert '<span class="say">/sign 1.0</span>' in page
    assert PHRASE in page
    assert "12 people" in page
    assert hashlib.sha256(TEXT).hexdigest() in page
    assert "http://127.0.0.1:8000/acme/kettle/cla/1.0.md" in page
    assert "You keep the copyright in your contributions." in page


@pytest.mark.parametrize(("version", "content"), [("1.0", TEXT), ("0.9", TEXT[:400])])
def test_every_version_can_be_downloaded_byte_for_byte(
    kettle: Flask, version: str, content: bytes
) -> None:
    answer = kettle.test_client().get(f"/acme/kettle/cla/{version}.md")

    assert answer.data == content
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="cla-{version}.md"'


@pytest.mark.parametrize("version", ["2.0", "1", "../1.0", "1.0.md", "%0d%0aX: y"])
def test_a_version_that_never_was_is_not_found(kettle: Flask, version: str) -> None:
    assert kettle.test_client().get(f"/acme/kettle/cla/{version}.md").status_code == 404


def test_a_retired_agreement_is_shown_no_more_but_its_bytes_stay(kettle: Flask) -> None:
    with kettle.extensions["potluck"].app.write() as connection:
        store.retire(connection, KETTLE.id)
    client = kettle.test_client()

    assert "No agreement is in force" in client.get("/acme/kettle/cla").text
    assert client.get("/acme/kettle/cla/1.0.md").data == TEXT


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [("cla", "keeps their rights"), ("caa", "hands the rights"), ("dco", "certificate of origin")],
)
def test_the_page_says_what_kind_of_agreement_it_is(
    kettle: Flask, monkeypatch: pytest.MonkeyPatch, mode: str, sentence: str
) -> None:
    in_force: Callable[..., AgreementVersion | None] = store.agreement_in_force

    def of_this_mode(*given: object) -> AgreementVersion:
        found = in_force(*given)
        assert found is not None
        return replace(found, mode=mode)

    monkeypatch.setattr(store, "agreement_in_force", of_this_mode)

    assert sentence in words(kettle.test_client().get("/acme/kettle/cla").text)


def test_bytes_that_are_no_text_are_shown_as_far_as_they_go(kettle: Flask) -> None:
    publish(kettle.extensions["potluck"].app, BARE, "1.0", b"# Terms \xff\xfe\n", NOW)
    client = kettle.test_client()

    assert client.get(f"/{BARE.name}/cla").status_code == 200
    assert client.get(f"/{BARE.name}/cla/1.0.md").data == b"# Terms \xff\xfe\n"


def test_the_style_guide_shows_every_component(sandbox: FlaskClient) -> None:
    page = sandbox.get("/styleguide").text

    for name in ("page-header", "button", "pill", "place", "card", "table", "notice", "field"):
        assert f'id="{name}"' in page
    for name in ("facts", "code", "steps", "timeline", "chart", "pagination", "empty"):
        assert f'id="{name}"' in page
