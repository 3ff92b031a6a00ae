"""The board in a real browser: accessible, whole on every screen, moved by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.browser.seat import Seat, broken, narrow_overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.house import House
from tests.scenarios.asking import ask, steer
from tests.scenarios.board.table import click, later
from tests.visitor import Visitor

PROJECT = "/potluck-sandbox/garden/"
BOARD = f"{PROJECT}roadmap"
WHY = f"{PROJECT}requests/1/why"
ALL = (BOARD, f"{BOARD}?stage=asked", f"{BOARD}/figures", WHY, PROJECT)
TITLES = (
    ("Tell me when frost is near", "in_progress", "Three gardens froze last spring."),
    ("Print a plan of the beds", "shipped", ""),
    ("Days until harvest for beans", "planned", "It is half done."),
    ("Water the beds at night, when nothing dries them, by the weather of the week", "", ""),
    ("Robots" + "everywhere" * 12, "declined", "This stays a garden."),
    *((f"A wish of spring, number {number}", "", "") for number in range(7)),
)


@pytest.fixture
def mara(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """A maintainer's session in a garden whose requests have come a way."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        steer(house)
        for at, (title, to, words) in enumerate(TITLES):
            issue = ask(house, house.garden.ada if at % 2 else house.garden.mara, title)
            later(house)
            if to:
                click(house, issue, to, f"t{at}", words)
        visitor.sign_in(house.garden.mara)
        yield Seat(tab, visitor)


def test_the_board_is_accessible_and_fits_every_screen(mara: Seat) -> None:
    for look in (PHONE, DESKTOP):
        for path in ALL:
            page = mara(path, look)
            expect(page.locator("h1")).to_have_count(1)
            assert not (found := broken(page)), (path, look, found)
            assert narrow_overflow(page) <= 0, (path, look)


def test_stages_stand_side_by_side_where_there_is_room_and_an_item_moves_by_keyboard(
    mara: Seat,
) -> None:
    tops = {}
    for look in (PHONE, DESKTOP):
        columns = mara(BOARD, look, javascript=False).locator(".board-column")
        expect(columns).to_have_count(5)
        boxes = [columns.nth(at).bounding_box() or {} for at in range(5)]
        tops[look] = {round(box["y"]) for box in boxes}
    assert (len(tops[PHONE]), len(tops[DESKTOP])) == (5, 1)

    page = mara(BOARD, DESKTOP, javascript=False)
    card = page.locator("#item-3")
    tab_to(page, card.locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, card.get_by_label("Move to"))
    page.keyboard.press("S")
    tab_to(page, card.get_by_label("Because…"))
    page.keyboard.type("It is ripe.")
    page.keyboard.press("Enter")
    expect(page.locator(".notice-title")).to_have_text("It is moved. GitHub shows it in a moment.")
    shipped = page.locator("section", has=page.get_by_role("heading", name="Shipped"))
    expect(shipped.locator("#item-3")).to_contain_text("Decided by mara")
    page = mara(f"{PROJECT}requests/3/why")
    expect(page.locator("blockquote").first).to_have_text("It is ripe.")
