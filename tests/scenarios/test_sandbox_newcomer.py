"""What a newcomer tries in the sandbox: what counts as done, and how an unknown author is mended."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.sandbox.acts import STRANGER
from tests.economy import PLAIN
from tests.house import House
from tests.scenarios.agreement import mine, offer, sign

HOME = "/potluck-sandbox/garden"
DONE = 'class="tag good">done'


@pytest.fixture
def browser(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=house.sandbox.web_url, follow_redirects=True, verify=PLAIN
    ) as client:
        yield client


def ticks(browser: httpx.Client, pull: Any) -> int:
    """Count how many of the three things are called done beside this pull request."""
    page = browser.get(f"{HOME}/pull/{pull.number}").text
    return 3 if "All three are done" in page else page.count(DONE)


def test_only_what_the_check_takes_for_a_signature_is_called_done(
    house: House, browser: httpx.Client
) -> None:
    ada = house.garden.ada
    pull = mine(house)
    for refused in ("/sign 9.9", "I agree", "please /sign this"):
        house.world.comment(pull, ada, refused)
        house.settle()
        assert ticks(browser, pull) == 1

    house.world.comment(pull, ada, "/sign")
    house.settle()
    assert ticks(browser, pull) == 3


def test_one_signature_of_two_is_called_done_before_the_check_is_green(
    house: House, browser: httpx.Client
) -> None:
    ada, bo = house.garden.ada, house.garden.bo
    pull = offer(house, ada, {"author": ada, "co_authors": [bo]})
    house.settle()
    assert ticks(browser, pull) == 1

    house.world.comment(pull, bo, "/sign")
    house.settle()
    assert ticks(browser, pull) == 2


def test_what_is_done_on_one_pull_request_is_not_done_on_another(
    house: House, browser: httpx.Client
) -> None:
    sign(house, house.garden.ada)
    done = mine(house)
    other = house.propose(house.garden.bo)
    house.settle()

    assert (ticks(browser, done), ticks(browser, other)) == (3, 1)
    assert "All three are done" in browser.get(f"{HOME}/pulls").text


def test_an_unknown_author_becomes_known_by_adding_the_address(
    house: House, browser: httpx.Client
) -> None:
    ada = house.garden.ada
    sign(house, ada)
    pull = offer(house, ada, {"author": STRANGER})
    house.settle()
    assert house.check(pull).title == "1 author cannot be identified"
    assert f"{house.sandbox.web_url}/settings/emails" in (house.check(pull).summary or "")

    page = browser.get("/settings/emails").text
    assert "<code>ada@example.com</code>" in page
    assert "belong to nobody carry: <code>root@localhost</code>" in page
    added = browser.post("/settings/emails", data={"email": " root@localhost "}).text
    assert "<li><code>root@localhost</code></li>" in added
    assert "belong to nobody" not in added

    house.world.comment(pull, ada, "/recheck")
    house.settle()
    assert house.check(pull).conclusion == "success"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "That is no e-mail address."),
        ("a b@example.com", "That is no e-mail address."),
        ("a@b@example.com", "That is no e-mail address."),
        ("BO@example.com", "An account has this address already."),
        ("9+x@users.noreply.github.com", "GitHub gives such addresses itself."),
    ],
)
def test_an_address_that_cannot_be_anybodys_is_not_added(
    house: House, browser: httpx.Client, address: str, words: str
) -> None:
    answer = browser.post("/settings/emails", data={"email": address})

    assert answer.status_code == 422
    assert words in answer.text
    assert house.garden.ada.emails == {"ada@example.com"}
