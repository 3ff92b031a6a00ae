"""Somebody's seat before a real browser: pages on any screen, held against what all pages must keep."""

from contextlib import ExitStack
from types import TracebackType

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import SIZES
from tests.visitor import Visitor

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
Screen = tuple[str, str, str]
"""Size, colours and language."""

PHONE: Screen = ("phone", "dark", "fr")
DESKTOP: Screen = ("desktop", "light", "en")
NARROW: Screen = ("narrow", "light", "fr")


class Seat:
    """Opens pages with the session of a visitor who signed in; each page has cookies of its own."""

    def __init__(self, browser: Browser, somebody: Visitor) -> None:
        self._browser = browser
        self._url = somebody.house.url
        self._cookies = [
            {"name": one.name, "value": one.value or "", "url": self._url}
            for one in somebody.http.cookies.jar
        ]
        self._open = ExitStack()

    def __enter__(self) -> "Seat":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def __call__(self, path: str, screen: Screen = DESKTOP, *, javascript: bool = True) -> Page:
        """Open a page of the site on a screen."""
        size, scheme, language = screen
        width, height = SIZES[size]
        context = self._open.enter_context(
            self._browser.new_context(
                base_url=self._url,
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                locale=language,
                java_script_enabled=javascript,
            )
        )
        context.add_cookies(self._cookies)  # type: ignore[arg-type] # plain dictionaries
        page = context.new_page()
        page.goto(path)
        return page


def broken(page: Page) -> str:
    """Say which rules of accessibility the page breaks; empty where it breaks none."""
    found = Axe().run(page, options=RULES)
    return found.generate_report() if found.violations_count else ""


def overflow(page: Page) -> int:
    """Give by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the keyboard is on `target`."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")
