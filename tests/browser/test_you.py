"""One's own pages in a real browser: accessible, whole on every screen, by keyboard alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot import running
from tests.browser.conftest import SIZES
from tests.browser.test_pages import RULES, overflow
from tests.browser.test_signing import tab_to
from tests.house import House
from tests.scenarios.agreement import mine, set_rules, sign
from tests.scenarios.page_signing import AGREED, PAGE, link_of
from tests.visitor import Visitor

ALL = (
    "/you",
    "/you/signatures/1/withdraw",
    "/you/signatures/2/withdraw",
    "/you/erase",
    "/privacy",
)
LOOKS = [("phone", "dark", "fr"), ("desktop", "light", "en")]
NARROW = ("narrow", "light", "fr")


@pytest.fixture
def cookies(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[list[dict[str, str]]]:
    """Ada's session where she withdrew once, signed again and for Bo, and is asked for more."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as ada:
        sign(house, house.garden.ada)
        ada.sign_in(house.garden.ada)
        ada.submit("/you/signatures/1/withdraw", form="withdraw")
        house.advance(timedelta(minutes=1))
        ada.submit(PAGE, AGREED, form="sign")
        told = AGREED | {"guardian": "yes"}
        ada.submit(link_of(house, house.garden.bo), told, form="sign")
        set_rules(house, 'version = "2.0"', **{"CLA.md": "# New\n\n1. Other words.\n"})
        mine(house)
        yield [
            {"name": one.name, "value": one.value or "", "url": house.url}
            for one in ada.http.cookies.jar
        ]


@pytest.fixture
def contexts() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def opened(
    contexts: ExitStack,
    browser: Browser,
    cookies: list[dict[str, str]],
    look: tuple[str, str, str] = LOOKS[1],
) -> Page:
    """Ada's own page, without scripts of anybody but the checker."""
    size, scheme, language = look
    width, height = SIZES[size]
    context = contexts.enter_context(
        browser.new_context(
            base_url=cookies[0]["url"],
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
        )
    )
    context.add_cookies(cookies)  # type: ignore[arg-type] # plain dictionaries
    page = context.new_page()
    page.goto("/you")
    return page


def test_no_rule_of_accessibility_is_broken_on_any_screen(
    contexts: ExitStack, browser: Browser, cookies: list[dict[str, str]]
) -> None:
    for look in LOOKS:
        page = opened(contexts, browser, cookies, look)
        assert page.locator("article.card").count() == 4
        for path in ALL:
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


def test_somebody_withdraws_and_is_told_a_slip_by_keyboard_alone(
    contexts: ExitStack, browser: Browser, cookies: list[dict[str, str]]
) -> None:
    page = opened(contexts, browser, cookies)
    tab_to(page, page.get_by_role("link", name="Withdraw").last)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Why?"))
    page.keyboard.type("I signed")
    tab_to(page, page.get_by_role("button", name="Withdraw for the future"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have withdrawn")).to_be_visible()

    page.goto("/you/erase")
    tab_to(page, page.get_by_label("To confirm it, type your login"))
    page.keyboard.type("eve")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Type your login, ada.")).to_be_visible()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
