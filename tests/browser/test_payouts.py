"""The pages of those who are paid in a real browser: accessible, whole, by keyboard and without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.bank import BankHouse
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.scenarios.asking import ask, say
from tests.scenarios.payouts.paying import accept, join, sweep
from tests.scenarios.pledges.promising import GARDEN, garden, promise
from tests.visitor import Visitor

PAGES = (
    "/you/payouts",
    f"{GARDEN}/requests/1/split",
    f"{GARDEN}/requests/2/split",
    f"{GARDEN}/requests/2",
    f"{GARDEN}/requests/1/campaign",
    f"{GARDEN}/ledger",
)


@pytest.fixture
def mara(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """Mara's session in a garden where one share of hers waits, and another was said twice."""
    running.register_handlers()
    with BankHouse.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        assert isinstance(house, BankHouse)
        house.connect()
        issue, own, ada = garden(house), house.garden.mara, house.garden.ada
        say(house, issue, own, f"/split @{own.login} 60 @{ada.login} 40")
        promise(house, issue, "60", giver=own)
        accept(house, issue)
        join(house, ada)
        sweep(house)
        other = ask(house, ada, "A bench in the shade")
        for words in (f"@{ada.login} 1", f"@{ada.login} 2 @{own.login} 1 because I help"):
            say(house, other, own, f"/split {words}")
        visitor.sign_in(own)
        yield Seat(tab, visitor)


def test_no_rule_of_accessibility_is_broken_and_nothing_reaches_beyond_the_edge(
    mara: Seat,
) -> None:
    for look in (PHONE, DESKTOP):
        for path in PAGES:
            page = mara(path, look)
            expect(page.locator("h1")).to_have_count(1)
            assert not (found := broken(page)), (path, look, found)
            assert overflow(page) <= 0, (path, look)
            assert narrow_overflow(page) <= 0, (path, look)
    page = mara(PAGES[0], javascript=False)
    page.get_by_label("The country of your bank").select_option("FR")
    tab_to(page, page.get_by_role("button", name="Make an account"))
    page.keyboard.press("Enter")
    expect(page).to_have_title("Be paid")
    page = mara(PAGES[2])
    page.get_by_label("People, each with a number").fill("@nobody")
    tab_to(page, page.get_by_role("button", name="Write it down"))
    page.keyboard.press("Enter")
    expect(page.locator("#say-error")).to_contain_text("one person a line")
    assert not (found := broken(page)), found
