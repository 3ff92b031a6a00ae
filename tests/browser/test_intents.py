"""The pages of calls, contests and claims in a real browser: accessible, whole, by keyboard."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.house import House
from tests.scenarios.asking import ask, say, steer
from tests.visitor import Visitor

HOME = "/potluck-sandbox/garden"
CALL = (
    "/intend\nneed: Water the beds by the clock, also when nobody is there for a week in July\n"
    "test: I set six, and at six the water runs for ten minutes\nbudget: 200-400 EUR\n"
    "until: 10d\nlicence: MIT\nchoice: backers"
)
PAGES = (
    f"{HOME}/calls",
    f"{HOME}/calls?state=decided",
    f"{HOME}/requests/1/intent",
    f"{HOME}/requests/2/intent",
    f"{HOME}/requests/3/intent",
    f"{HOME}/requests/1",
    "/you/answers",
)


@pytest.fixture
def mara(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """Mara's session in a garden with a call, a contest that is voted on, and a claim."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        steer(house)
        garden = house.garden
        beds = ask(house, garden.ada, "Water the beds by the clock")
        sign = ask(house, garden.chen, "A sign for the gate")
        bench = ask(house, garden.chen, "A bench in the shade")
        say(house, sign, garden.mara, "/contest until 1d a basket of beans")
        say(house, sign, garden.bo, "/submit https://example.org/a-sketch-of-the-sign\nin oak")
        say(house, sign, garden.ada, "/submit painted on slate")
        house.advance(timedelta(days=1, minutes=5))
        house.tick("sweep_intents")
        house.settle()
        say(house, beds, garden.ada, CALL)
        say(house, beds, garden.bo, "/bid 300 EUR 10d a clock, a valve, and tests for both")
        say(house, beds, garden.chen, "/bid 450 EUR 3d " + "everything" * 30)
        say(house, beds, garden.ada, CALL + "\nuntil: 12d")
        say(house, bench, garden.bo, "/claim")
        visitor.sign_in(garden.mara)
        words = "The clock works. " * 5 + "w" * 300
        visitor.submit(f"{HOME}/requests/1", {"words": words}, "update-form")
        visitor.submit("/you/answers", {"topics": "watering, bench"}, f"agree-{garden.repo.id}")
        yield Seat(tab, visitor)


def test_no_rule_of_accessibility_is_broken_and_nothing_reaches_beyond_the_edge(
    mara: Seat,
) -> None:
    for look in (PHONE, DESKTOP):
        for path in PAGES:
            page = mara(path, look)
            for summary in page.locator("main summary").all():
                summary.click()
            expect(page.locator("h1")).to_have_count(1)
            assert not (found := broken(page)), (path, look, found)
            assert overflow(page) <= 0, (path, look)
            assert narrow_overflow(page) <= 0, (path, look)


def test_somebody_votes_and_offers_by_keyboard_alone_and_without_javascript(mara: Seat) -> None:
    page = mara(f"{HOME}/requests/2/intent", javascript=True)
    tab_to(page, page.get_by_label("bo is fine with me"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="This is my vote"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your choice is kept.")).to_be_visible()
    page = mara(f"{HOME}/requests/1/intent", javascript=False)
    for label, words in (("Price", "250 EUR"), ("Days", "4"), ("What you would do", "By hand")):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="Make this offer").click()
    expect(page.get_by_text("Your offer stands.")).to_be_visible()
