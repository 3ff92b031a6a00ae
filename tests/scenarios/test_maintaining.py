"""The maintainers' pages: what stands there, for those who maintain, and a 404 for all others."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from licensing import signing, store
from licensing.signing import Act, Withdrawal
from tests.house import House
from tests.visitor import Visitor

BASE = "/potluck-sandbox/garden/maintain"
SECTIONS = (
    "",
    "/signers",
    "/signers.csv",
    "/pull-requests",
    "/companies",
    "/waivers",
    "/agreements",
    "/publish",
    "/chain",
    "/tokens",
)


@pytest.fixture
def mara(house: House) -> Iterator[Visitor]:
    """The garden's maintainer, signed in."""
    house.settle()
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.mara)
        yield somebody


def signed(house: House, *logins: str, withdrawn: tuple[int, ...] = ()) -> None:
    """Let people with these logins sign, numbered from 1000; some of them withdraw."""
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        for number, login in enumerate(logins, 1000):
            at = house.now + timedelta(minutes=number - 1000)
            act = Act(version, house.garden.repo.id, number, login, at, comment_id=number)
            signing.sign(connection, act, house.now)
        for number in withdrawn:
            left = Withdrawal(number, number, "I leave.", house.now)
            signing.withdraw(connection, version.agreement_id, left, house.now)


def test_pages_open_to_maintainers_and_to_nobody_else(house: House, mara: Visitor) -> None:
    signed(house, "ada")
    for section in SECTIONS:
        assert mara.get(BASE + section).status_code == 200, section
    assert 'href="/potluck-sandbox/garden/maintain"' in mara.get("/potluck-sandbox/garden/").text
    with Visitor(house) as stranger:
        assert "For maintainers" not in stranger.get("/potluck-sandbox/garden/").text
        for section in SECTIONS:
            assert stranger.get(BASE + section, follow=False).status_code == 303, section
        stranger.sign_in(house.garden.ada)
        for section in SECTIONS:
            assert stranger.get(BASE + section).status_code == 404, section
            unknown = f"/potluck-sandbox/nothing/maintain{section}"
            assert mara.get(unknown).status_code == 404, section


def test_forms_need_the_token_of_their_page(house: House, mara: Visitor) -> None:
    for section in ("/publish", "/tokens", "/tokens/revoke"):
        assert mara.post(BASE + section, {"name": "x"}).status_code == 400, section
