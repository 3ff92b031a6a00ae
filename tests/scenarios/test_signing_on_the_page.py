"""Signing on the page: what is shown is what is signed, once, by the person to whom it was shown."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.sandbox.records import PullRequest
from licensing.chain import sha256, verify_export
from licensing.proof import export_chain, verify_chain
from licensing.tables import record, signature
from tests.house import House
from tests.scenarios.agreement import conclusion, content, mine, set_rules, signers
from tests.visitor import Visitor

PAGE = "/potluck-sandbox/garden/cla/sign"
AGREED = {"agree": "yes"}


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


def whole(house: House) -> bool:
    """Say whether the register and its export verify."""
    with house.app.read() as connection:
        return verify_chain(connection) == () and verify_export(export_chain(connection)) == ()


def test_signing_on_the_page_turns_the_check_green(house: House, ada: Visitor) -> None:
    pull = mine(house)
    page = ada.sign_in(house.garden.ada, after=f"{PAGE}?pull={pull.number}")
    assert page.status_code == 200
    assert "You wrote what you contribute" in page.text
    assert sha256(content(house, "CLA.md")) in page.text

    done = ada.fill_in(page, AGREED, form="sign")

    assert done.status_code == 200
    assert "You have signed. Thank you!" in done.text
    assert f"/potluck-sandbox/garden/pull/{pull.number}" in done.text
    house.settle()
    assert conclusion(house, pull) == "success"
    assert signers(house) == [house.garden.ada.id]
    assert whole(house)
    assert "No pull request waits for this signature" in ada.get(PAGE).text
