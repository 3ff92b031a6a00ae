"""Signing in with GitHub: who somebody is, for how long, and what no forged answer brings about."""

from collections.abc import Iterator

import pytest

from tests.house import House
from tests.visitor import Visitor


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


def test_somebody_signs_in_sees_their_name_and_signs_out(house: House, visitor: Visitor) -> None:
    house.settle()
    assert "Sign in" in visitor.get("/").text

    page = visitor.sign_in(house.garden.ada, after="/potluck-sandbox/garden/?page=1")

    assert page.status_code == 200
    assert page.url.path == "/potluck-sandbox/garden/"
    assert "Your page, </span><bdi>ada</bdi>" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "Your page" not in visitor.sign_out().text
