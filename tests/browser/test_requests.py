"""The pages of requests in a real browser: accessible, whole on every screen, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot import running
from tests.browser.seat import Seat, broken, overflow, tab_to
from tests.browser.tab import DESKTOP, NARROW, PHONE, Tab
from tests.house import House
from tests.scenarios.roadmap import HOME, close, join, switch_on, wish
from tests.visitor import Visitor

PROJECT = "/potluck-sandbox/garden/"
CHECKED = (HOME, f"{HOME}/61", f"{HOME}/new", f"{HOME}/mine", f"{HOME}/ranking", "/you")
ALL = (*CHECKED, PROJECT, f"{HOME}?q=nothing", f"{HOME}/63", f"{HOME}/64", f"{HOME}/61/people")
STORY = "We swap beans every spring, and I never know who has which. A list would save an evening."


@pytest.fixture
def ada(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """Ada's session in a garden whose people ask for a lot."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        switch_on(house)
        seeds = wish(house, 61, "Exchange seeds with other gardens", 37)
        wish(house, 62, "Say when to water the beds, by the weather of the week", 12)
        join(house, wish(house, 63, "Swap seeds between neighbours", 4), seeds)
        close(house, wish(house, 64, "A bench in the shade", 9, origin="pushed"))
        wish(house, 65, "Wheel" + "barrow" * 40, 3, origin="co_created")
        visitor.sign_in(house.garden.ada)
        visitor.submit(f"{HOME}/61", {"words": STORY}, "story-form")
        visitor.submit(f"{HOME}/61", {"value": "4"}, "rating-form")
        for number in (62, 65):
            visitor.submit(f"{HOME}/{number}", {}, "vote-form")
        visitor.submit(f"{HOME}/mine", {"place-65": "1", "place-62": "1"}, "order-form")
        house.settle()
        yield Seat(tab, visitor)


def test_every_page_is_accessible_and_whole_on_every_screen(ada: Seat) -> None:
    for look in (PHONE, DESKTOP):
        for path in CHECKED if look is PHONE else ALL:
            page = ada(path, look)
            expect(page.locator("h1")).to_have_count(1)
            assert not (found := broken(page)), (path, look, found)
    for path in ALL:
        assert overflow(ada(path, NARROW)) <= 0, path


def test_somebody_looks_for_similar_ones_and_votes_by_keyboard_alone(
    ada: Seat,
) -> None:
    page = ada(HOME)
    tab_to(page, page.get_by_role("link", name="Ask for something"))
    page.keyboard.press("Enter")
    _type(page, "What do you need", "Exchanging seed between gardens")
    # While typing already, and read out politely; the form shows it to browsers without scripts.
    now = page.locator("#similar-now").get_by_role("link")
    expect(now.first).to_have_text("Exchange seeds with other gardens")
    assert not (found := broken(page)), found
    _type(page, "I would use it for", "I have too many beans.")
    tab_to(page, page.get_by_role("button", name="Look for similar ones"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Did somebody ask for this already?")).to_be_visible()
    assert not (found := broken(page)), found
    tab_to(page, page.get_by_role("link", name="Exchange seeds with other gardens"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="I want this too"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your vote is in")).to_be_visible()
    assert not (found := broken(page)), found


def _type(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(words)


def test_somebody_puts_what_they_voted_for_in_order_by_keyboard_alone(
    ada: Seat,
) -> None:
    page = ada(f"{HOME}/mine")
    first = page.locator(".order-line").first
    expect(first).to_contain_text("Say when to water")
    tab_to(page, first.get_by_role("button", name="Move down"))
    page.keyboard.press("Enter")
    expect(page.locator(".order-line").last).to_contain_text("Say when to water")
    expect(page.get_by_role("button", name="Move down").last).to_be_focused()
    tab_to(page, page.get_by_label("Place of Say when to water"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write a whole number up to 999")).to_be_visible()
    assert not (found := broken(page)), found
