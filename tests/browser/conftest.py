"""A real browser and the sites that it looks at; skipped where there is no Chromium."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.site import live, make, served
from tests.browser.tab import Chromium, Tab
from tests.prepare import browser as installed_browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Look = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Start Chromium, or skip: one for all tests of this process."""
    path = installed_browser()
    if path is None:
        pytest.skip("no Chromium was found; install the package `chromium`")
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        chromium = Chromium(started)
        stack.callback(chromium.close)
        yield chromium


@pytest.fixture
def tab(chromium: Chromium) -> Iterator[Tab]:
    """Give a new tab of a browser that remembers nothing of the tests before."""
    with chromium.tab() as tab:
        yield tab


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give the addresses of a sandbox, a live site, one that others reach, and one near its GitHub."""
    folder = tmp_path_factory.mktemp("sites")
    with ExitStack() as stack:
        made = {
            "sandbox": make(folder / "sandbox", {"POTLUCK_SANDBOX_URL": "http://127.0.0.1:9"}),
            "live": make(folder / "live", live(), app_slug=lambda: "potluck-acme"),
            "public": make(folder / "public", {"HOST": "::"}),
            "near": make(folder / "near", {"GITHUB_API_URL": "http://127.0.0.1:9/api/v3"}),
        }
        yield {name: stack.enter_context(served(site)) for name, site in made.items()}


@pytest.fixture
def look(tab: Tab, sites: dict[str, str]) -> Look:
    """Give a function that opens a page of a site as somebody with that screen and language sees it."""

    def open_page(
        site: str,
        path: str,
        size: str = "desktop",
        language: str = "en",
        scheme: str = "light",
        javascript: bool = True,
    ) -> Page:
        tab.go(sites[site] + path, (size, scheme, language), javascript=javascript)
        return tab.page

    return open_page
