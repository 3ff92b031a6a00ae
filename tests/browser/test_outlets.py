"""What shipped, a person's page, what to paste and the widget in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from bot import running
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.house import House
from tests.scenarios.outlets.table import MARA, PROJECT, moved
from tests.scenarios.roadmap import HOME, switch_on, wish
from tests.visitor import Visitor

PAGES = (
    f"{PROJECT}/changelog",
    f"{PROJECT}/maintain/share",
    f"{PROJECT}/widget",
    f"/@{MARA.id}/{MARA.login}",
)


@contextmanager
def elsewhere(html: str) -> Iterator[str]:
    """Serve a page from another site; one that is made up would be kept away from this machine."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def mara(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """A maintainer's session in a garden where some of what was asked for has shipped."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        house.settle()
        switch_on(house)
        wish(house, 61, "Exchange seeds with other gardens", 37)
        wish(house, 62, "Wheel" + "barrow" * 40, 12, author=MARA)
        bench = wish(house, 63, "A bench in the shade", 9, origin="pushed", author=MARA)
        moved(house, bench, "in_progress", "claimed")
        moved(house, bench, "shipped")
        visitor.sign_in(house.garden.mara)
        yield Seat(tab, visitor)


def test_every_page_is_accessible_and_whole_on_every_screen(mara: Seat) -> None:
    for look in (PHONE, DESKTOP):
        for path in PAGES:
            page = mara(path, look)
            expect(page.locator("h1")).to_have_count(1)
            assert overflow(page) <= 0, (path, look)
            assert not (found := broken(page)), (path, look, found)
            assert narrow_overflow(page) <= 0, (path, look)


def test_the_widget_shows_in_a_frame_of_another_site_and_other_pages_do_not(mara: Seat) -> None:
    page = mara("/healthz")
    base = page.url.removesuffix("/healthz")
    frames = f'<iframe id="widget" src="{base}{PROJECT}/widget"></iframe>'
    frames += f'<iframe id="list" src="{base}{HOME}"></iframe>'
    with elsewhere(frames) as address:
        page.goto(address)
        widget = page.frame_locator("#widget")
        expect(widget.get_by_role("link", name="Exchange seeds")).to_be_visible()
        expect(page.frame_locator("#list").get_by_role("link", name="Exchange")).to_have_count(0)


def test_somebody_finds_their_way_to_a_feed_by_keyboard(mara: Seat) -> None:
    page = mara(HOME)
    tab_to(page, page.get_by_role("link", name="What shipped"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="A bench in the shade")).to_be_visible()
    feed = page.get_by_role("link", name="Everything that moves on the roadmap")
    tab_to(page, feed)
    assert str(feed.get_attribute("href")).endswith("/roadmap/feed.atom")
