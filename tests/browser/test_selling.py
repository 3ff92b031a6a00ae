"""The pages of buying and sharing in a real browser: accessible, whole, by keyboard, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.bank import BankHouse
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.scenarios.agreement import push_files
from tests.scenarios.selling import BUY, RULES, buy, open_shop
from tests.scenarios.selling.test_sharing import PAGE, SHARING, credit, share
from tests.visitor import Visitor


@pytest.fixture
def shop(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[BankHouse]:
    """A garden that sells, with a rule of sharing and somebody to share with."""
    running.register_handlers()
    rules = RULES.replace("[[selling.products]]", SHARING + "\n[[selling.products]]", 1)
    with BankHouse.open(sqlite_databases, tmp_path) as house:
        house.connect()
        open_shop(house, rules)
        credit(house, house.garden.ada.id, "code", "pull/1", house.garden.mara.id)
        yield house


def test_a_licence_is_bought_by_keyboard_and_all_pages_are_accessible_and_whole(
    tab: Tab, shop: BankHouse
) -> None:
    with Visitor(shop) as somebody:
        seat = Seat(tab, somebody)
        page = seat(f"{BUY}/pro", javascript=False)
        tab_to(page, page.get_by_label("Seats"))
        page.keyboard.type("2")
        tab_to(page, page.get_by_label("Who holds the licence").first)
        page.keyboard.type("Acme Ltd")
        tab_to(page, page.get_by_label("I have read the licence").first)
        page.keyboard.press("Space")
        tab_to(page, page.get_by_role("button", name="Go on"))
        page.keyboard.press("Enter")
        # Chromium goes on to the bank only where the policy of the page names it.
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.url.startswith(shop.bank.url)

        bought = buy(shop, somebody).removeprefix(shop.settings.public_url)
        somebody.sign_in(shop.garden.bo)
        share(shop, 75)
        # Another rule is to come.
        later = RULES.replace("[[selling.products]]", SHARING + "\n[[selling.products]]", 1)
        push_files(shop, {".github/potluck.toml": later.replace("= 60", "= 1")})
        shop.settle()
        for path in (BUY, f"{BUY}/pro", f"{BUY}/own", bought, PAGE, "/you/licences"):
            for screen in (DESKTOP, PHONE):
                page = seat(path, screen)
                page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
                assert overflow(page) <= 0, (path, screen)
            assert not (found := broken(page)), (path, found)
            assert narrow_overflow(page) <= 0, path
