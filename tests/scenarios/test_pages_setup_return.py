"""Coming back from GitHub with a code: once, within the hour, and only who asked."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bot.setup import setup_code
from core.github import Refused, Unavailable
from tests.browser.setting_up import PUBLIC, GitHub, come_back, opened, state, stored, unlock
from tests.browser.site import NOW, SECRET_KEY, live, make


@pytest.fixture
def github() -> GitHub:
    return GitHub()


@pytest.fixture
def site(tmp_path: Path, github: GitHub) -> Flask:
    return make(tmp_path, PUBLIC, exchange=github.exchange)


def test_coming_back_stores_the_credentials_and_shows_the_next_step(
    site: Flask, github: GitHub
) -> None:
    client = opened(site)

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
    client = opened(make(tmp_path, PUBLIC, exchange=github.exchange))
    given = state(client)

    assert come_back(client, given) == 502
    assert come_back(client, given) == 400
    assert github.asked == ["c0de"]


def test_a_state_belongs_to_the_session_that_asked(site: Flask, github: GitHub) -> None:
    asked, other = opened(site), opened(site)
    state(other)

    assert come_back(other, state(asked)) == 400
    assert github.asked == []
    assert stored(site) is None


@pytest.mark.parametrize("given", ["", "guess", "ü", "a" * 4000])
def test_a_guessed_state_is_refused(site: Flask, github: GitHub, given: str) -> None:
    client = opened(site)
    state(client)

    assert come_back(client, given) == 400
    assert github.asked == []


@pytest.mark.parametrize("code", ["", "../../user", "a b", "a?x=1", "a" * 201])
def test_a_code_that_is_none_never_reaches_github(site: Flask, github: GitHub, code: str) -> None:
    client = opened(site)

    assert come_back(client, state(client), code) == 400
    assert github.asked == []


@pytest.mark.parametrize(("minutes", "status"), [(59, 303), (61, 400)])
def test_a_state_is_good_for_an_hour(
    tmp_path: Path, github: GitHub, minutes: int, status: int
) -> None:
    now = NOW

    def clock() -> Any:
        return now

    client = opened(make(tmp_path, PUBLIC, exchange=github.exchange, clock=clock))
    given = state(client)
    now = NOW + timedelta(minutes=minutes)

    assert come_back(client, given) == status


def test_two_tabs_do_not_take_each_others_state(site: Flask) -> None:
    client = opened(site)
    first = state(client)
    state(client)

    assert come_back(client, first) == 303


@pytest.mark.parametrize("error", [Refused("404"), Unavailable("no answer")])
def test_when_github_gives_no_credentials_the_page_says_what_to_do(
    tmp_path: Path, error: Exception
) -> None:
    site = make(tmp_path, PUBLIC, exchange=GitHub(error).exchange)
    client = opened(site)
    answer = client.get("/setup/callback", query_string={"code": "c0de", "state": state(client)})

    assert answer.status_code == 502
    assert "Delete that App in its settings on GitHub" in answer.text
    assert stored(site) is None


def test_whoever_is_second_replaces_nothing(site: Flask, github: GitHub) -> None:
    first, second = opened(site), opened(site)
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
    assert "require the check <code>potluck/cla</code>" in page
    assert "<form" not in page


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
