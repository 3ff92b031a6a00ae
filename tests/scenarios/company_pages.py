"""Bar signs for its people: what managers and employees do on the pages, in short words."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.sandbox.records import Account, PullRequest
from licensing.chain import verify_export
from licensing.companies.tables import company_listing
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.house import House
from tests.scenarios.agreement import mine
from tests.visitor import Visitor

PAGE = "/potluck-sandbox/garden/cla/company"
SIGNS = {"name": "Bar Ltd", "title": "CTO", "authority": "yes", "agree": "yes"}


@pytest.fixture
def bo(house: House) -> Iterator[Visitor]:
    """Bo manages Bar, and has a verified address there."""
    house.world.add_email(house.garden.bo, "Bo@Bar.com")
    with Visitor(house) as somebody:
        yield somebody


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


@pytest.fixture
def pull(house: House) -> PullRequest:
    return mine(house)


def signed(house: House, bo: Visitor, **more: str) -> str:
    """Let Bo sign for Bar; gives the address of its page."""
    page = bo.sign_in(house.garden.bo, addresses=True, after=PAGE)
    done = bo.fill_in(page, {"address": "bo@bar.com", **SIGNS, **more}, form="company")
    assert done.status_code == 200, done.text
    assert done.url.path.startswith(f"{PAGE}/")
    return done.url.path


def listed(bo: Visitor, here: str, rule: str, who: str, **more: str) -> None:
    answer = bo.submit(here, {"rule": rule, "who": who, **more}, form="add")
    assert answer.status_code == 200, answer.text


def joined(somebody: Visitor, who: Account, here: str, *, covered: bool = True) -> None:
    page = somebody.get(f"{here}/join")
    if page.url.path == "/login/oauth/authorize":
        page = somebody.agree(page, who)
    answer = somebody.fill_in(page, form="join")
    assert answer.status_code == 200
    assert ("This company covers you" in answer.text) is covered


def ended(bo: Visitor, here: str, number: int, **more: str) -> None:
    answer = bo.submit(f"{here}/end/{number}", {"reason": "left", **more}, form="end")
    assert answer.status_code == 200, answer.text


def listings(house: House, rule: str) -> list[int]:
    with house.app.read() as connection:
        rows = connection.scalars(
            select(company_listing.c.sequence)
            .where(company_listing.c.rule == rule)
            .order_by(company_listing.c.sequence)
        )
        return list(rows)


def whole(house: House) -> bool:
    with house.app.read() as connection:
        return verify_chain(connection) == () and verify_export(export_chain(connection)) == ()
