"""The pages of licences and releases in a real browser: accessible, whole, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from bot.policy import PATH
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.house import House
from tests.scenarios.licences.test_releases import BUSL, STATES, publish, put
from tests.scenarios.licences.test_seats_and_files import PRO, issue, text_of
from tests.visitor import Visitor

RELEASES = "/potluck-sandbox/garden/releases"
VERIFY = "/potluck-sandbox/garden/licences/verify"


@pytest.fixture
def shop(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[House]:
    """A house whose garden sold a licence and released two versions."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house:
        house.settle()
        publish(house, "v0.9")
        put(house, {PATH: BUSL, "LICENSE": STATES})
        publish(house, "v1.0")
        yield house


def test_a_file_is_tried_by_keyboard_without_javascript_and_all_is_accessible_and_whole(
    tab: Tab, shop: House
) -> None:
    text = text_of(shop, issue(shop))
    with Visitor(shop) as anybody:
        seat = Seat(tab, anybody)
        for path in (RELEASES, VERIFY):
            for screen in (PHONE, DESKTOP):
                page = seat(path, screen)
                page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
                assert overflow(page) <= 0, (path, screen)
                assert not (found := broken(page)), (path, screen, found)
                assert narrow_overflow(page) <= 0, (path, screen)

        page = seat(VERIFY, javascript=False)
        tab_to(page, page.get_by_label("Product", exact=True))
        page.keyboard.type(PRO)
        page.get_by_label("The licence file").fill(text)
        tab_to(page, page.get_by_role("button", name="Check it"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("The licence holds.")).to_be_visible()
        assert overflow(page) <= 0
