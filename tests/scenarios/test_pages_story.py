"""The pages of a story that was really played, on both databases."""

import hashlib
import re

from bot.sandbox.records import PullRequest
from bot.sandbox.seed import AGREEMENT
from tests.house import House

GARDEN = "/potluck-sandbox/garden"


def words(house: House, path: str) -> str:
    page = house.pages.test_client().get(GARDEN + path).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def proposed(house: House) -> PullRequest:
    pull = house.propose(house.garden.ada, title="Rakes", co_authors=[house.garden.chen])
    house.settle()
    return pull


def test_the_project_page_follows_a_pull_request_until_all_have_signed(house: House) -> None:
    pull = proposed(house)
    assert "Waits for signatures ada has to sign chen has to sign" in words(house, "/")

    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    assert "Waits for signatures chen has to sign" in words(house, "/")

    house.world.comment(pull, house.garden.chen, "/sign")
    house.settle()
    page = words(house, "/")
    assert "All signed" in page
    assert "has to sign" not in page


def test_what_the_agreement_page_shows_is_what_was_signed(house: House) -> None:
    pull = proposed(house)
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()

    page = words(house, "/cla")
    raw = house.pages.test_client().get(f"{GARDEN}/cla/1.0.md").data

    assert raw == AGREEMENT.encode()
    assert hashlib.sha256(raw).hexdigest() in page
    assert "1 person" in page


def test_a_repository_that_becomes_private_is_gone_from_every_page(house: House) -> None:
    proposed(house)
    client = house.pages.test_client()
    assert client.get(f"{GARDEN}/").status_code == 200

    house.world.set_private(house.garden.repo, private=True)
    house.settle()

    for path in ("/", "/cla", "/cla/1.0.md"):
        assert client.get(GARDEN + path).status_code == 404
    assert "garden" not in client.get("/").text
