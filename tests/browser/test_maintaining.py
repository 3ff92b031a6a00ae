"""The maintainers' pages in a real browser: accessible, whole on every screen, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.house import House
from tests.scenarios.agreement import mine
from tests.scenarios.importing import grow_old, lite, plain, send
from tests.scenarios.maintaining import BASE, signed
from tests.visitor import Visitor

PAGES = (
    *("/signers", "/publish", "/tokens", "/hooks", "/pull-requests", ""),
    *("/import", "/import/1", "/chain", "/agreements", "/waivers", "/companies", "/papers"),
)
LONG = "a-login-that-is-quite-long-for-a-phone"


@pytest.fixture
def open_as(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """The garden's maintainer, signed in, where three people signed and one pull request waits."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as mara:
        mine(house)
        signed(house, "grace", "gracie", LONG, withdrawn=(1001,))
        mara.sign_in(house.garden.mara)
        grow_old(house)
        send(mara, lite(house, house.garden.ada))
        send(mara, plain(house, "bo", "nobody-bears-this"))
        yield Seat(tab, mara)


def test_no_page_breaks_a_rule_of_accessibility_or_reaches_beyond_the_edge(
    open_as: Seat,
) -> None:
    for look in (PHONE, DESKTOP):
        for path in ("/api", *(BASE + one for one in PAGES)):
            page = open_as(path, look)
            assert not (found := broken(page)), (look, path, found)
            assert "`" not in page.locator("main").inner_text(), path
            assert overflow(page) <= 0, (look, path)
            assert narrow_overflow(page) <= 0, (look, path)


def test_a_signer_is_found_by_keyboard_alone(open_as: Seat) -> None:
    page = open_as(f"{BASE}/signers")
    tab_to(page, page.locator("#who"))
    page.keyboard.type("gracie")
    page.keyboard.press("Enter")

    expect(page.get_by_role("rowheader")).to_have_count(1)
    expect(page.get_by_role("cell", name="withdrawn")).to_be_visible()
    expect(page.locator("#who")).to_have_value("gracie")


def test_a_text_is_tried_by_keyboard_alone(open_as: Seat) -> None:
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
