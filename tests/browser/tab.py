"""A tab of the tests' one browser: on any screen, in any language, with and without scripts.

A profile of its own for each test, or even for each screen, costs Chromium most of a second; a
tab that turns to another screen costs almost nothing.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, CDPSession, Page, Response, ViewportSize

SIZES = {"phone": (390, 844), "narrow": (320, 640), "desktop": (1280, 800)}
Screen = tuple[str, str, str]
"""Size, colours and language."""

PHONE: Screen = ("phone", "dark", "fr")
DESKTOP: Screen = ("desktop", "light", "en")
NARROW: Screen = ("narrow", "light", "fr")


class Tab:
    """One tab, and what its page asked for and told on the console since it was opened."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        """Use `Chromium.tab` instead."""
        self.page = page
        self.asked: list[str] = []
        self.told: list[str] = []
        self._session = session
        self._set: tuple[str, str, bool] | None = None
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.told.append(message.text))

    def go(
        self, address: str, screen: Screen = DESKTOP, *, javascript: bool = True
    ) -> Response | None:
        """Open an address on a screen, and give the answer; what was open in this tab gives way."""
        size, scheme, language = screen
        self.fit(size)
        if (scheme, language, javascript) != self._set:
            self._set = scheme, language, javascript
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            self.page.set_extra_http_headers({"Accept-Language": language})
            self._session.send("Emulation.setScriptExecutionDisabled", {"value": not javascript})
        return self.page.goto(address)

    def fit(self, size: str) -> None:
        """Take on the size of a screen, with the page that is open."""
        width, height = SIZES[size]
        wanted = ViewportSize(width=width, height=height)
        if self.page.viewport_size != wanted:
            self.page.set_viewport_size(wanted)


class Chromium:
    """The browser, with the one profile of all tests of a process."""

    def __init__(self, browser: Browser) -> None:
        """Take over a browser that was just started."""
        self._browser = browser
        self._profile = browser.new_context(reduced_motion="reduce")
        # Playwright leaves its loop running in this thread, where other tests run theirs.
        self._loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)

    @contextmanager
    def tab(self) -> Iterator[Tab]:
        """Open a tab, without cookies and without pages kept from before."""
        asyncio._set_running_loop(self._loop)
        try:
            self._profile.clear_cookies()
            page = self._profile.new_page()
            try:
                session = self._profile.new_cdp_session(page)
                session.send("Network.clearBrowserCache")
                yield Tab(page, session)
            finally:
                page.close()
        finally:
            asyncio._set_running_loop(None)

    def close(self) -> None:
        """End the browser."""
        asyncio._set_running_loop(self._loop)
        self._browser.close()
