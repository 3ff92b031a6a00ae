"""The pages of companies in a real browser: accessible in every state, and nothing overflows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from bot import running
from tests.browser.conftest import SIZES
from tests.browser.test_pages import RULES, overflow
from tests.house import House
from tests.scenarios.company_pages import PAGE, joined, listed, listings, signed
from tests.visitor import Visitor

LOOKS = [("phone", "dark"), ("desktop", "light")]


@pytest.fixture
def places(
    sqlite_databases: tuple[str, str], tmp_path: Path
) -> Iterator[tuple[list[dict[str, str]], tuple[str, ...]]]:
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
        cookies = [
            {"name": one.name, "value": one.value or "", "url": house.url}
            for one in bo.http.cookies.jar
        ]
        ending = f"{here}/end/{listings(house, 'domain')[0]}?person={house.garden.ada.id}"
        yield cookies, (PAGE, here, ending, f"{here}/join")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_is_accessible_and_fits(
    browser: Browser,
    places: tuple[list[dict[str, str]], tuple[str, ...]],
    size: str,
    scheme: str,
) -> None:
    cookies, paths = places
    width, height = SIZES[size]
    with browser.new_context(
        base_url=cookies[0]["url"],
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:
        context.add_cookies(cookies)  # type: ignore[arg-type] # plain dictionaries
        page = context.new_page()
        for path in paths:
            page.goto(path)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, (path, found.generate_report())
            assert overflow(page) <= 0, path
