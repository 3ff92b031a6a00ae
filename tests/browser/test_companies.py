"""The pages of companies in a real browser: accessible in every state, and nothing overflows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import running
from tests.browser.seat import Seat, broken, overflow
from tests.browser.tab import Screen, Tab
from tests.house import House
from tests.scenarios.company_pages import PAGE, joined, listed, listings, signed
from tests.visitor import Visitor

SCREENS: list[Screen] = [("phone", "dark", "en"), ("desktop", "light", "en")]


@pytest.fixture
def places(
    tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path
) -> Iterator[tuple[Seat, tuple[str, ...]]]:
    """Bo's session, and the pages that he sees as manager of Bar."""
    running.register_handlers()
    with (
        House.open(sqlite_databases, tmp_path) as house,
        Visitor(house) as bo,
        Visitor(house) as ada,
    ):
        house.settle()
        house.world.add_email(house.garden.bo, "bo@bar.com")
        here = signed(house, bo)
        for rule, who in (("person", "ada"), ("domain", "*.bar.com"), ("person", "bo")):
            listed(bo, here, rule, who)
        ada.sign_in(house.garden.ada)
        joined(ada, house.garden.ada, here)
        ending = f"{here}/end/{listings(house, 'domain')[0]}?person={house.garden.ada.id}"
        yield Seat(tab, bo), (PAGE, here, ending, f"{here}/join")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_accessible_and_fits(
    places: tuple[Seat, tuple[str, ...]], screen: Screen
) -> None:
    bo, paths = places
    for path in paths:
        page = bo(path, screen)
        assert not (found := broken(page)), (path, found)
        assert overflow(page) <= 0, path
