"""Somebody's seat before a real browser: pages on any screen, held against what all pages must keep."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Locator, Page, ViewportSize

from tests.browser.tab import DESKTOP, SIZES, Screen, Tab
from tests.visitor import Visitor

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # Only a rule that is still an experiment reads the style sheets anew.
    "preload": False,
}


class Seat:
    """Opens pages with the session of a visitor who signed in, in the one tab of a test."""

    def __init__(self, tab: Tab, somebody: Visitor) -> None:
        self._tab = tab
        self._url = somebody.house.url
        cookies = [
            {"name": one.name, "value": one.value or "", "url": self._url}
            for one in somebody.http.cookies.jar
        ]
        tab.page.context.add_cookies(cookies)  # type: ignore[arg-type] # plain dictionaries

    def __call__(self, path: str, screen: Screen = DESKTOP, *, javascript: bool = True) -> Page:
        """Open a page of the site on a screen; it must be there."""
        answer = self._tab.go(self._url + path, screen, javascript=javascript)
        assert answer is not None
        assert answer.ok, (path, answer.status)
        return self._tab.page


def broken(page: Page) -> str:
    """Say which rules of accessibility the page breaks; empty where it breaks none."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "rules => axe.run(rules).then(({violations}) => ({violations}))",
        RULES,
    )
    return AxeResults(found).generate_report() if found["violations"] else ""


def overflow(page: Page) -> int:
    """Give by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def narrow_overflow(page: Page) -> int:
    """Give by how many pixels an open page is wider than the narrowest screen; leaves it there."""
    width, height = SIZES["narrow"]
    page.set_viewport_size(ViewportSize(width=width, height=height))
    return overflow(page)


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the keyboard is on `target`."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")
