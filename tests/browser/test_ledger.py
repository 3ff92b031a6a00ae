"""The pages of the books in a real browser: accessible, whole on every screen, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.seat import broken, narrow_overflow, overflow, tab_to
from tests.browser.site import served
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.scenarios.money import story

PAGES = (story.HOME, f"{story.HOME}?currency=EUR&kind=gift", "/acme/bare/ledger", "/reserves")

CHECKED = (story.HOME, "/reserves")


@pytest.fixture
def url(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[str]:
    """Serve a project with money."""
    with story.site(sqlite_databases, tmp_path) as site, served(site) as address:
        yield address


def test_no_rule_of_accessibility_is_broken_and_nothing_reaches_beyond_the_edge(
    tab: Tab, url: str
) -> None:
    for screen in (PHONE, DESKTOP):
        for path in PAGES:
            tab.go(url + path, screen)
            page = tab.page
            page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
            expect(page.locator("h1")).to_have_count(1)
            assert overflow(page) <= 0, (path, screen)
            if path in CHECKED:
                assert not (found := broken(page)), (path, screen, found)
            assert narrow_overflow(page) <= 0, (path, screen)


def test_somebody_finds_and_opens_a_movement_by_keyboard_without_javascript(
    tab: Tab, url: str
) -> None:
    tab.go(url + story.HOME, javascript=False)
    page = tab.page
    tab_to(page, page.get_by_label("What"))
    page.keyboard.type("Awarded")
    tab_to(page, page.get_by_role("button", name="Show", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only part of the movements is shown.")).to_be_visible()
    summary = page.locator("summary", has_text="Movement 14")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Owed to @ada")).to_be_visible()
