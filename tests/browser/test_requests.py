"""The pages of requests in a real browser: accessible, whole on every screen, by keyboard alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot import running
from tests.browser.test_pages import RULES, overflow
from tests.browser.test_signing import tab_to
from tests.browser.test_you import LOOKS, NARROW, opened
from tests.house import House
from tests.scenarios.roadmap import HOME, close, join, switch_on, wish
from tests.visitor import Visitor

PROJECT = "/potluck-sandbox/garden/"
CHECKED = (HOME, f"{HOME}/61", f"{HOME}/new")
ALL = (*CHECKED, PROJECT, f"{HOME}?q=nothing", f"{HOME}/63", f"{HOME}/64", f"{HOME}/61/people")
STORY = "We swap beans every spring, and I never know who has which. A list would save an evening."


@pytest.fixture
def cookies(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[list[dict[str, str]]]:
    """Ada's session in a garden whose people ask for a lot."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as ada:
        switch_on(house)
        seeds = wish(house, 61, "Exchange seeds with other gardens", 37)
        wish(house, 62, "Say when to water the beds, by the weather of the week", 12)
        join(house, wish(house, 63, "Swap seeds between neighbours", 4), seeds)
        close(house, wish(house, 64, "A bench in the shade", 9, origin="pushed"))
        wish(house, 65, "Wheel" + "barrow" * 40, 3, origin="co_created")
        ada.sign_in(house.garden.ada)
        ada.submit(f"{HOME}/61", {"words": STORY}, "story-form")
        ada.submit(f"{HOME}/61", {"value": "4"}, "rating-form")
        yield [
            {"name": one.name, "value": one.value or "", "url": house.url}
            for one in ada.http.cookies.jar
        ]


@pytest.fixture
def contexts() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_no_rule_of_accessibility_is_broken_on_any_screen(
    contexts: ExitStack, browser: Browser, cookies: list[dict[str, str]]
) -> None:
    for look in LOOKS:
        page = opened(contexts, browser, cookies, look)
        for path in CHECKED if look is LOOKS[0] else ALL:
            page.goto(path)
            expect(page.locator("h1")).to_have_count(1)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, (path, look, found.generate_report())


def test_nothing_reaches_beyond_the_edge_of_the_narrowest_screen(
    contexts: ExitStack, browser: Browser, cookies: list[dict[str, str]]
) -> None:
    page = opened(contexts, browser, cookies, NARROW)
    for path in ALL:
        page.goto(path)
        assert overflow(page) <= 0, path


def test_somebody_looks_for_similar_ones_and_votes_by_keyboard_alone(
    contexts: ExitStack, browser: Browser, cookies: list[dict[str, str]]
) -> None:
    page = opened(contexts, browser, cookies)
    page.goto(HOME)
    tab_to(page, page.get_by_role("link", name="Ask for something"))
    page.keyboard.press("Enter")
    _type(page, "What do you need", "Exchanging seed between gardens")
    _type(page, "I would use it for", "I have too many beans.")
    tab_to(page, page.get_by_role("button", name="Look for similar ones"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Did somebody ask for this already?")).to_be_visible()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    tab_to(page, page.get_by_role("link", name="Exchange seeds with other gardens"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="I want this too"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your vote is in")).to_be_visible()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def _type(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(words)
