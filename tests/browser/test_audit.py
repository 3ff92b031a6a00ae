"""The page of the audit in a real browser: accessible, whole, by keyboard, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot import running
from tests.browser.seat import Seat, broken, narrow_overflow, overflow, tab_to
from tests.browser.tab import DESKTOP, PHONE, Tab
from tests.scenarios.agreement import offer, push_files, sign
from tests.scenarios.audit.served import BASE, LICENCE, OFFERED, Looks
from tests.scenarios.merging import land
from tests.visitor import Visitor

PAGE = "/potluck-sandbox/garden/audit"
WAIVED = '[[waiver]]\nperson = "ada@typo.example"\nreason = "one word in the README"\n'
BY = 'steward = "Stella"\nreason = "it is in the minutes"\n'


@pytest.fixture
def looked(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Looks]:
    """A house with a release that may be sold, and a tip that may not because of several people."""
    running.register_handlers()
    with Looks.open(sqlite_databases, tmp_path) as house:
        garden = house.garden
        house.record(BY + OFFERED + LICENCE + house.owned() + WAIVED)
        push_files(house, {".github/potluck.toml": BASE})
        house.settle()
        house.world.publish_release(garden.repo, garden.mara, "v1.0")
        sign(house, garden.chen)
        deep = "src/a_rather_long_folder_name/and_a_long_file_name_in_it.py"
        files = {deep: "".join(f"line_{number} = 1\n" for number in range(30))}
        for author in (("Chen Wei", "chen@old.example"), garden.bo):
            pull = offer(house, garden.chen, {"author": author, "files": files})
            house.settle()
            land(house, pull)
            files = {"tests/test_it.py": "a = 1\nb = 2\n"}
        yield house


def test_the_answer_is_accessible_and_whole_and_a_maintainer_says_who_is_who_by_keyboard(
    tab: Tab, looked: Looks
) -> None:
    with Visitor(looked) as mara:
        mara.sign_in(looked.garden.mara)
        seat = Seat(tab, mara)
        line = f"{PAGE}/line?path=tests/test_it.py&line=1&of=tip"
        for path in (PAGE, f"{PAGE}?of=tip", line, f"{PAGE}/statements"):
            for screen in (PHONE, DESKTOP):
                page = seat(path, screen)
                page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
                assert overflow(page) <= 0, (path, screen)
                assert not (found := broken(page)), (path, screen, found)
                assert narrow_overflow(page) <= 0, (path, screen)

        page = seat(f"{PAGE}?of=tip", javascript=False)
        expect(page.get_by_role("heading", name="May it be sold now?")).to_be_visible()
        tab_to(page, page.get_by_label("How do you know?"))
        page.keyboard.type("I have known Chen for years")
        tab_to(page, page.get_by_role("button", name="The same person"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("I have known Chen for years")).to_be_visible()
        looked.settle()
        page = seat(f"{PAGE}?of=tip", javascript=False)
        expect(page.get_by_text("chen@old.example")).to_have_count(1)
