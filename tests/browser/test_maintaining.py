"""The maintainers' pages in a real browser: accessible, whole on every screen, by keyboard alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot import running
from tests.browser.conftest import SIZES
from tests.browser.test_pages import RULES, overflow
from tests.browser.test_signing import tab_to
from tests.house import House
from tests.scenarios.agreement import mine
from tests.scenarios.maintaining import BASE, signed
from tests.visitor import Visitor

PAGES = ("/signers", "/publish", "/tokens", "/hooks", "/pull-requests", "")
LOOKS = [("phone", "dark", "fr"), ("desktop", "light", "en"), ("narrow", "light", "fr")]
LONG = "a-login-that-is-quite-long-for-a-phone"


@pytest.fixture
def open_as(
    browser: Browser, sqlite_databases: tuple[str, str], tmp_path: Path
) -> Iterator["Opened"]:
    """The garden's maintainer, signed in, where three people signed and one pull request waits."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as mara:
        mine(house)
        signed(house, "grace", "gracie", LONG, withdrawn=(1001,))
        mara.sign_in(house.garden.mara)
        with ExitStack() as stack:
            yield Opened(browser, house, mara, stack)


class Opened:
    """Opens pages as somebody with that screen, scheme and language sees them."""

    def __init__(self, browser: Browser, house: House, mara: Visitor, stack: ExitStack) -> None:
        self.browser, self.house, self.mara, self.stack = browser, house, mara, stack

    def __call__(self, path: str, look: tuple[str, str, str] = LOOKS[1]) -> Page:
        size, scheme, language = look
        width, height = SIZES[size]
        context = self.stack.enter_context(
            self.browser.new_context(
                base_url=self.house.url,
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                locale=language,
            )
        )
        context.add_cookies(
            [
                {"name": one.name, "value": one.value or "", "url": self.house.url}
                for one in self.mara.http.cookies.jar
            ]
        )
        page = context.new_page()
        page.goto(path)
        return page


def test_no_page_breaks_a_rule_of_accessibility_or_reaches_beyond_the_edge(
    open_as: Opened,
) -> None:
    for look in LOOKS:
        page = open_as("/api", look)
        for path in ("/api", *(BASE + one for one in PAGES)):
            page.goto(path)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, (look, path, found.generate_report())
            assert overflow(page) <= 0, (look, path)


def test_a_signer_is_found_by_keyboard_alone(open_as: Opened) -> None:
    page = open_as(f"{BASE}/signers")
    tab_to(page, page.locator("#who"))
    page.keyboard.type("gracie")
    page.keyboard.press("Enter")

    expect(page.get_by_role("rowheader")).to_have_count(1)
    expect(page.get_by_role("cell", name="withdrawn")).to_be_visible()
    expect(page.locator("#who")).to_have_value("gracie")


def test_a_text_is_tried_by_keyboard_alone(open_as: Opened) -> None:
    page = open_as(f"{BASE}/publish")
    tab_to(page, page.locator("[value=minor]"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.locator("#text"))
    page.keyboard.press("Control+End")
    page.keyboard.type("One more sentence.")
    tab_to(page, page.get_by_role("button", name="Show what would happen"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("If this became version 2.0")).to_be_visible()
    expect(page.get_by_text("2 people would be asked again")).to_be_visible()
    expect(page.locator("ins").first).to_contain_text("One more sentence.")
