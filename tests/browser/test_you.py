"""One's own pages in a real browser: accessible, whole on every screen, by keyboard alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.browser.seat import Seat, broken, narrow_overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.house import House
from tests.scenarios.agreement import mine, set_rules, sign
from tests.scenarios.page_signing import AGREED, PAGE, link_of
from tests.visitor import Visitor

ALL = (
    "/you",
    "/you/signatures/1/withdraw",
    "/you/signatures/2/withdraw",
    "/you/erase",
    "/privacy",
)


@pytest.fixture
def ada(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """Ada's session where she withdrew once, signed again and for Bo, and is asked for more."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        sign(house, house.garden.ada)
        visitor.sign_in(house.garden.ada)
        visitor.submit("/you/signatures/1/withdraw", form="withdraw")
        house.advance(timedelta(minutes=1))
        visitor.submit(PAGE, AGREED, form="sign")
        told = AGREED | {"guardian": "yes"}
        visitor.submit(link_of(house, house.garden.bo), told, form="sign")
        set_rules(house, 'version = "2.0"', **{"CLA.md": "# New\n\n1. Other words.\n"})
        mine(house)
        yield Seat(tab, visitor)


def test_every_page_is_accessible_and_whole_on_every_screen(ada: Seat) -> None:
    for look in (PHONE, DESKTOP):
        for path in ALL:
            page = ada(path, look)
            assert path != "/you" or page.locator("article.card").count() == 4
            expect(page.locator("h1")).to_have_count(1)
            assert not (found := broken(page)), (path, look, found)
            assert narrow_overflow(page) <= 0, (path, look)


def test_somebody_withdraws_and_is_told_a_slip_by_keyboard_alone(
    ada: Seat,
) -> None:
    page = ada("/you")
    tab_to(page, page.get_by_role("link", name="Withdraw").last)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Why?"))
    page.keyboard.type("I signed")
    tab_to(page, page.get_by_role("button", name="Withdraw for the future"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have withdrawn")).to_be_visible()

    page = ada("/you/erase")
    tab_to(page, page.get_by_label("To confirm it, type your login"))
    page.keyboard.type("eve")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Type your login, ada.")).to_be_visible()
    assert not (found := broken(page)), found
