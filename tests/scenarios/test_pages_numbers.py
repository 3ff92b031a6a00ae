"""Numbers that no database holds, in every place of an address that takes one."""

from collections.abc import Iterator

import pytest

from tests.house import House
from tests.visitor import Visitor

HERE = "/potluck-sandbox/garden/cla"
BIG = 10**29
ADDRESSES = (
    (200, f"{HERE}/sign?pull={{}}"),
    (404, f"{HERE}/company/{{}}"),
    (404, f"{HERE}/company/{{}}/join"),
    (404, f"{HERE}/company/1/end/{{}}"),
    (200, f"{HERE}/company?renew={{}}"),
    (404, "/you/signatures/{}/withdraw"),
    (404, "/you/receipts/{}.pdf"),
    (200, "/you?withdrawn={}"),
    (404, f"{HERE}/{{}}.0"),
    (404, f"{HERE}/changes/1.0...{{}}.0"),
)


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    house.settle()
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.ada)
        yield somebody


def test_what_no_database_holds_is_not_there_and_no_failure_of_ours(ada: Visitor) -> None:
    wrong = [
        (status, answer.status_code, address.format(number))
        for number in (2**31, 2**63, BIG)
        for status, address in ADDRESSES
        if (answer := ada.get(address.format(number))).status_code != status
    ]

    assert wrong == []
    assert ada.get("/potluck-sandbox/a%00b/cla").status_code == 404
    assert ada.get(f"{HERE}/sign?minor=%00").status_code == 422
