"""Appeals, members, the mailbox and the letters themselves in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bot import running
from bot.app import create_app
from bot.mail import outgoing, writing
from bot.mail.outgoing import ToAddress
from bot.mail.tables import mail
from core.money import Money
from tests.browser.seat import Seat, broken, overflow, tab_to
from tests.browser.tab import DESKTOP, NARROW, PHONE, Tab
from tests.post_office import MailHouse
from tests.scenarios.asked.test_appeals import GARDEN, give, switch_on
from tests.visitor import Visitor

PAGES = (
    f"{GARDEN}/appeals/winter",
    f"{GARDEN}/members",
    f"{GARDEN}/fund?membership=patron",
    f"{GARDEN}/fund",
    "/sandbox/mail",
    "/sandbox/mail/1",
)


def written(house: MailHouse) -> writing.Letter:
    """Write a letter that one can do without, and give it as it reads in French."""
    facts = {
        "project": "potluck-sandbox/garden",
        "what": "Tell me when <frost> is near #1",
        "page": "/you",
        "amount": Money(3000, "EUR"),
        "until": house.now,
    }
    with house.app.write() as connection:
        to, more = ToAddress("bo@example.org"), {"key": "k", "now": house.now, "language": "fr"}
        outgoing.send(connection, to, "lapsing", facts, **more)
        row = connection.execute(select(mail).where(mail.c.letter == "lapsing")).one()
    return writing.letter(row, house.url)


@pytest.fixture
def house(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[MailHouse]:
    running.register_handlers()
    with MailHouse.open(sqlite_databases, tmp_path) as opened:
        opened.connect()
        sandbox = replace(opened.settings, sandbox_url="http://127.0.0.1:1/")
        opened.pages = create_app(sandbox, opened.app, opened.inbox, opened.clock)
        yield opened


def test_who_is_asked_finds_their_way_on_every_screen(house: MailHouse, tab: Tab) -> None:
    switch_on(house)
    with Visitor(house) as bo, Visitor(house) as cy:
        give(house, bo, "?appeal=winter", amount="own", own="45")
        give(house, bo, "?membership=friend", amount="10.00", name="Bo", public="yes")
        letter = written(house)
        seat = Seat(tab, cy)
        for path in PAGES:
            page = seat(path, PHONE)
            assert not broken(page), path
            assert overflow(page) <= 0, path
        assert not broken(seat(PAGES[0], DESKTOP))
        page = seat(f"{GARDEN}/", NARROW, javascript=False)
        assert overflow(page) <= 0
        tab_to(page, page.locator("#later-winter button"))
        page.keyboard.press("Enter")
        expect(page.locator("#ask-winter")).to_have_count(0)

        assert not broken(seat(letter.stop.removeprefix(house.url), PHONE))
        page.goto("about:blank")
        tab.asked.clear()
        page.set_content(letter.html)
        assert not broken(page)
        assert page.locator("html").get_attribute("lang") == "fr"
        assert overflow(page) <= 0
        assert tab.asked == []
