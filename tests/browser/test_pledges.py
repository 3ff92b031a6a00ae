"""The pages of promises in a real browser: accessible, whole, by keyboard and without scripts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from bot.sandbox.records import Issue
from tests.bank import BankHouse
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.scenarios.asking import ask, say
from tests.scenarios.pledges.promising import (
    ASKS,
    GARDEN,
    campaign,
    garden,
    pass_time,
    promise,
)
from tests.visitor import Visitor

WIDGETS = [f"{GARDEN}/fund/widget", f"{GARDEN}/requests/2/fund/widget?theme=dark"]
PAGES = [f"{GARDEN}/pledge?request=1", f"{GARDEN}/requests/1/campaign", f"{GARDEN}/requests/1"]
MILESTONE = [f"{GARDEN}/milestones", f"{GARDEN}/milestones/1", f"{GARDEN}/milestones/1/campaign"]
TITLE = "Everything that has to be done before it snows"
CALL = "/intend\nneed: a bench\ntest: two can sit on it\nbudget: 20-400 EUR\nuntil: 14d"
FRESH = f"{GARDEN}/pledge?request=2&amount=own&own=12.50"


@pytest.fixture
def mara(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """Mara's session in a garden where a campaign met its goal, and a card asks for its holder."""
    running.register_handlers()
    with BankHouse.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        assert isinstance(house, BankHouse)
        house.bank = BankHouse._next_bank
        house.bank.hooks.url = f"{house.url}/webhooks/stripe"
        issue = garden(house)
        other = ask(house, house.garden.ada, "A bench in the shade")
        campaign(house, issue, "100", 5)
        campaign(house, other, "200", 9)
        promise(house, issue, "60")
        asked = promise(house, issue, "40", ASKS)
        saved = promise(house, other, "35")
        pass_time(house, timedelta(days=5))
        MILESTONE[3:] = [planned(house, other)]
        visitor.sign_in(house.garden.mara)
        made = {"name": "Acme", "limit": "500", "currency": "EUR"}
        team = visitor.submit("/you/organisations", made, "make").url.path
        PAGES[3:] = [*WIDGETS, FRESH, house_path(asked), house_path(saved), team]
        yield Seat(tab, visitor)


def planned(house: BankHouse, wanted: Issue) -> str:
    """Put a request and one that is done into a milestone, and have an offer made for the first."""
    world, people = house.world, house.garden
    world.open_milestone(people.repo, people.mara, TITLE)
    done = world.open_issue(people.repo, people.bo, "A " + "long" * 20, labels=["request"])
    for one in (done, wanted):
        world.set_milestone(one, people.mara, TITLE)
    world.close(done, people.mara)
    world.comment(wanted, people.ada, CALL)
    say(house, wanted, people.bo, "/bid 280 EUR 8d of oak, " + "with a back" * 20)
    return f"{GARDEN}/pledge?request={wanted.number}&offer={people.bo.id}"


def house_path(address: str) -> str:
    """Give the path of an address."""
    return address[address.index(GARDEN) :]


def test_no_rule_of_accessibility_is_broken_and_nothing_reaches_beyond_the_edge(
    mara: Seat,
) -> None:
    for look, paths in ((PHONE, [*PAGES, *MILESTONE]), (DESKTOP, PAGES)):
        for path in paths:
            page = mara(path, look)
            expect(page.locator("h1")).to_have_count(1)
            assert not (found := broken(page)), (path, look, found)
            assert overflow(page) <= 0, (path, look)
            assert narrow_overflow(page) <= 0, (path, look)
    page = mara(MILESTONE[1])
    tab_to(page, page.get_by_role("link", name="Promise for this"))
    page.keyboard.press("Enter")
    expect(page.locator("#short")).to_contain_text("When a maintainer accepts the work")
    page = mara(f"{GARDEN}/pledge?request=2", ("desktop", "light", "fr"))
    tops = page.locator(".tabs li").evaluate_all("all => all.map(one => one.offsetTop)")
    assert (len(tops) > 6, len(set(tops))) == (True, 1), "the tabs stand in one row in French, too"
    own = page.get_by_label("Un autre montant, en EUR")
    expect(own).to_be_hidden()
    page.get_by_role("radio", name="Un autre montant").check()
    own.fill("abc")
    own.press("Enter")
    wrong = page.locator("#amount-error")
    expect(wrong).to_contain_text("12,50")
    assert wrong.locator("svg").evaluate("it => it.clientWidth") < 30, "a sign, and no poster"
    expect(page.get_by_label("Un autre montant, en EUR")).to_have_attribute("aria-invalid", "true")
    assert not (found := broken(page)), found
    page = mara(FRESH, javascript=False)
    tab_to(page, page.get_by_role("button", name="Save my card and promise"))
    page.keyboard.press("Enter")
    expect(page).to_have_title("Pay")
