"""Signing on the page in a real browser: accessible in every state, and by keyboard alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot import running
from tests.browser.conftest import SIZES
from tests.browser.test_pages import RULES, overflow
from tests.house import House
from tests.scenarios.agreement import set_rules
from tests.scenarios.page_signing import AGREED, PAGE
from tests.visitor import Visitor

OLD = "# Our agreement\n\n1. You wrote it.\n2. We may use it for ever.\n"
FIELDS = (
    "[[agreement.fields]]",
    'name = "city"',
    'label = "City"',
    "[[agreement.fields]]",
    'name = "shirt"',
    'label = "Shirt"',
    'kind = "choice"',
    'choices = ["S", "M"]',
    "required = false",
)
LOOKS = [("phone", "dark"), ("desktop", "light")]


@pytest.fixture
def cookies(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[list[dict[str, str]]]:
    """Ada's session on a site where she signed an earlier version and is asked for more."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as ada:
        set_rules(house, 'version = "1.5"', **{"CLA.md": OLD})
        house.settle()
        ada.fill_in(ada.sign_in(house.garden.ada, after=PAGE), AGREED, form="sign")
        text = OLD.replace("for ever", "for a year")
        set_rules(house, 'version = "2.0"', *FIELDS, **{"CLA.md": text})
        house.settle()
        ada.sign_in(house.garden.ada, addresses=True)
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
    size: str = "desktop",
    scheme: str = "light",
    *,
    javascript: bool = True,
) -> Page:
    """The signing page, as Ada sees it."""
    width, height = SIZES[size]
    context: BrowserContext = contexts.enter_context(
        browser.new_context(
            base_url=cookies[0]["url"],
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=javascript,
        )
    )
    context.add_cookies(cookies)  # type: ignore[arg-type] # plain dictionaries
    page = context.new_page()
    page.goto(PAGE)
    return page


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the keyboard is on `target`."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_no_rule_of_accessibility_is_broken_with_and_without_mistakes(
    contexts: ExitStack, browser: Browser, cookies: list[dict[str, str]], size: str, scheme: str
) -> None:
    page = opened(contexts, browser, cookies, size, scheme)
    expect(page.get_by_role("heading", name="What changed from 1.5 to 2.0")).to_be_visible()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()

    page.get_by_role("button", name="Sign version 2.0").click()
    expect(page.get_by_text("Nothing is signed yet").first).to_be_visible()
    found = Axe().run(page, options=RULES)

    assert found.violations_count == 0, found.generate_report()
    assert overflow(page) <= 0


def test_somebody_signs_by_keyboard_alone_and_without_scripts(
    contexts: ExitStack, browser: Browser, cookies: list[dict[str, str]]
) -> None:
    page = opened(contexts, browser, cookies, javascript=False)
    tab_to(page, page.get_by_role("link", name="Go to the form"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("City"))
    page.keyboard.type("Bern")
    tab_to(page, page.get_by_label("I have read version 2.0"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Sign version 2.0"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="You have signed. Thank you!")).to_be_visible()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
