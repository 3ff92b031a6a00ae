"""The pages of the books in a real browser: accessible, whole on every screen, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SIZES
from tests.browser.seat import broken, overflow, tab_to
from tests.browser.site import served
from tests.scenarios.money import story

PAGES = (story.HOME, f"{story.HOME}?currency=EUR&kind=gift", "/acme/bare/ledger", "/reserves")

CHECKED = (story.HOME, "/reserves")


@pytest.fixture
def url(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[str]:
    """Serve a project with money."""
    with story.site(sqlite_databases, tmp_path) as site, served(site) as address:
        yield address


def test_no_rule_of_accessibility_is_broken_and_nothing_reaches_beyond_the_edge(
    browser: Browser, url: str
) -> None:
    for size, scheme, language in (
        ("phone", "dark", "fr"),
        ("desktop", "light", "en"),
        ("narrow", "light", "fr"),
    ):
        width, height = SIZES[size]
        with browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
        ) as context:
            page = context.new_page()
            for path in PAGES:
                page.goto(path)
                page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
                expect(page.locator("h1")).to_have_count(1)
                assert overflow(page) <= 0, (path, size)
                if path in CHECKED and size != "narrow":
                    assert not (found := broken(page)), (path, size, found)


def test_somebody_finds_and_opens_a_movement_by_keyboard_without_javascript(
    browser: Browser, url: str
) -> None:
    with browser.new_context(base_url=url, java_script_enabled=False, locale="en") as context:
        page = context.new_page()
        page.goto(story.HOME)
        tab_to(page, page.get_by_label("What"))
        page.keyboard.type("Awarded")
        tab_to(page, page.get_by_role("button", name="Show", exact=True))
        page.keyboard.press("Enter")
        expect(page.get_by_text("Only part of the movements is shown.")).to_be_visible()
        summary = page.locator("summary", has_text="Movement 14")
        tab_to(page, summary)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Owed to @ada")).to_be_visible()
