"""Signing on the page in a real browser: accessible in every state, and by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.browser.seat import Seat, broken, overflow, tab_to
from tests.browser.tab import Screen, Tab
from tests.house import House
from tests.scenarios.agreement import set_rules
from tests.scenarios.page_signing import AGREED, PAGE
from tests.visitor import Visitor

OLD = "# Our agreement\n\n1. You wrote it.\n2. We may use it for ever.\n"
FIELDS = (
    "[[agreement.fields]]",
    'name = "city"',
    'label = "City"',
    "[[agreement.fields]]",
    'name = "shirt"',
    'label = "Shirt"',
    'kind = "choice"',
    'choices = ["S", "M"]',
    "required = false",
)
SCREENS: list[Screen] = [("phone", "dark", "en"), ("desktop", "light", "en")]


@pytest.fixture
def ada(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """Ada's session on a site where she signed an earlier version and is asked for more."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        set_rules(house, 'version = "1.5"', **{"CLA.md": OLD})
        house.settle()
        visitor.fill_in(visitor.sign_in(house.garden.ada, after=PAGE), AGREED, form="sign")
        text = OLD.replace("for ever", "for a year")
        set_rules(house, 'version = "2.0"', *FIELDS, **{"CLA.md": text})
        house.settle()
        visitor.sign_in(house.garden.ada, addresses=True)
        yield Seat(tab, visitor)


@pytest.mark.parametrize("screen", SCREENS)
def test_no_rule_of_accessibility_is_broken_with_and_without_mistakes(
    ada: Seat, screen: Screen
) -> None:
    page = ada(PAGE, screen)
    expect(page.get_by_role("heading", name="What changed from 1.5 to 2.0")).to_be_visible()
    assert not (found := broken(page)), found

    page.get_by_role("button", name="Sign version 2.0").click()
    expect(page.get_by_text("Nothing is signed yet").first).to_be_visible()
    assert not (found := broken(page)), found
    assert overflow(page) <= 0


def test_somebody_signs_by_keyboard_alone_and_without_scripts(
    ada: Seat,
) -> None:
    page = ada(PAGE, javascript=False)
    tab_to(page, page.get_by_role("link", name="Go to the form"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("City"))
    page.keyboard.type("Bern")
    tab_to(page, page.get_by_label("I have read version 2.0"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Sign version 2.0"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="You have signed. Thank you!")).to_be_visible()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
