"""What has shipped, what was learned and who contributed, in a real browser: for everybody, by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from bot.credits import store as credits_store
from bot.credits.kinds import KINDS
from bot.credits.store import Given
from core.github import Account
from tests.browser.seat import Seat, broken, narrow_overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.house import House
from tests.scenarios.asking import ask, person, say, steer
from tests.visitor import Visitor

HOME = "/potluck-sandbox/garden"
SHIPPED = f"{HOME}/requests/1"
PAGES = (
    SHIPPED,
    f"{HOME}/learned",
    f"{HOME}/contributors",
    f"{HOME}/contributors?kind=userTesting",
    f"{HOME}/maintain/credits",
    "/you",
)
WHY = "It waters everything but the pots behind the shed, which the hose does not reach."
LEARNED = (
    "Valves **freeze**. We now say so in the guide:\n\n- empty them in October\n- keep the caps"
)


def furnish(house: House, mara: Visitor) -> None:
    """Let something ship, be answered and learned from, and let many people be credited."""
    steer(house, "votes_per_person = 0")
    garden, issue = house.garden, ask(house, house.garden.mara, "Water the beds by the hour")
    mara.sign_in(garden.mara)
    mara.submit(SHIPPED, form="vote-form")
    for number in range(6):
        house.world.comment(issue, person(house, number), "/vote")
    house.settle()
    house.world.close(issue, garden.mara, "completed")
    house.settle()
    for number, words in enumerate(("no, " + WHY, "no", "no it is loud", "yes", "partly")):
        say(house, issue, person(house, number), f"/works {words}")
    mara.submit(SHIPPED, {"words": LEARNED}, "learned-project")
    mara.submit(SHIPPED, {"words": "I can sleep until nine."}, "learned-asker")
    with house.app.write() as connection:
        for place, kind in enumerate(KINDS):
            who = Account(70_000 + place % 9, f"gardener-with-a-long-name-{place % 9}")
            made = Given(
                garden.repo.id,
                who.id,
                kind.key,
                "given",
                "issues/1",
                f"comment:{place}",
                house.now,
            )
            credits_store.give(connection, made, who, house.now)


@pytest.fixture
def mara(tab: Tab, sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Seat]:
    """The maintainer's session, who asked for it too."""
    running.register_handlers()
    with House.open(sqlite_databases, tmp_path) as house, Visitor(house) as visitor:
        furnish(house, visitor)
        yield Seat(tab, visitor)


def test_everybody_can_read_and_use_what_closes_the_loop(mara: Seat) -> None:
    for look in (PHONE, DESKTOP):
        for path in PAGES:
            page = mara(path, look)
            expect(page.locator("h1")).to_have_count(1)
            assert not (found := broken(page)), (path, look, found)
            assert narrow_overflow(page) <= 0, (path, look)

    page = mara(SHIPPED)
    tab_to(page, page.get_by_label("A word on why, if you like"), most=90)
    page.keyboard.type("It does, since the new hose.")
    tab_to(page, page.get_by_role("button", name="Yes, it does my job"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, your answer is kept.")).to_be_visible()
    expect(page.get_by_text("It does, since the new hose.").first).to_be_visible()
    assert not (found := broken(page)), found
