"""A real browser and the sites that it looks at; skipped where there is no Chromium."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.site import live, make, served
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
SIZES = {"phone": (390, 844), "narrow": (320, 640), "desktop": (1280, 800)}

Look = Callable[..., Page]


# Playwright keeps an event loop running in this thread as long as it lives: one module at a time.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium, or skip."""
    path = installed_browser()
    if path is None:
        pytest.skip("no Chromium was found; install the package `chromium`")
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=path, args=ARGUMENTS)) as browser,
    ):
        yield browser


@pytest.fixture(scope="module")
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
def look(browser: Browser, sites: dict[str, str]) -> Iterator[Look]:
    """Give a function that opens a page of a site as somebody with that screen and language sees it."""
    with ExitStack() as stack:

        def open_page(
            site: str,
            path: str,
            size: str = "desktop",
            language: str = "en",
            scheme: str = "light",
            javascript: bool = True,
        ) -> Page:
            width, height = SIZES[size]
            context = stack.enter_context(
                browser.new_context(
                    base_url=sites[site],
                    viewport={"width": width, "height": height},
                    locale=language,
                    color_scheme="dark" if scheme == "dark" else "light",
                    java_script_enabled=javascript,
                    reduced_motion="reduce",
                )
            )
            page = context.new_page()
            page.goto(path)
            return page

        yield open_page
