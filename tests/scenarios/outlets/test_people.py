"""A person's page: only what is public anyhow, under their number, hidden when they say so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot import people
from bot.credits import store
from bot.credits.store import Given
from bot.roadmap import store as roadmap
from bot.roadmap import votes
from bot.roadmap.rules import Act
from bot.roadmap.store import Request
from core.github import Account
from tests.house import House
from tests.scenarios.agreement import set_rules, sign, signers
from tests.scenarios.outlets.table import moved
from tests.scenarios.roadmap import HOME, switch_on, told, wish
from tests.visitor import Visitor

STORY = "I swap beans <b>every</b> spring."


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    """Ada, who asked for one thing, voted for another, told a story and was credited."""
    house.settle()
    switch_on(house)
    who = Account(house.garden.ada.id, "ada")
    seeds = wish(house, 7, "Exchange seeds", 1, author=who)
    wish(house, 8, "A bench in the shade", 2)
    moved(house, seeds, "planned")
    with house.app.write() as connection:
        for at, kind in enumerate(("code", "doc", "doc")):
            evidence = f"{kind}-{at}"
            given = Given(
                house.garden.repo.id, who.id, kind, "given", "pull/3", evidence, house.now
            )
            store.give(connection, given, who, house.now)
    with Visitor(house) as visitor:
        visitor.sign_in(house.garden.ada)
        visitor.submit(f"{HOME}/8", form=f"{HOME}/8/vote")
        visitor.submit(f"{HOME}/8", {"words": STORY}, "story-form")
        visitor.submit(f"{HOME}/8", {"value": "5"}, "rating-form")
        yield visitor


def test_a_page_brings_together_what_is_public_and_follows_the_number(
    house: House, ada: Visitor
) -> None:
    number = house.garden.ada.id
    with Visitor(house) as stranger:
        found = stranger.get(f"/@{number}")
        page = found.text
        assert found.url.path == f"/@{number}/ada"
        assert found.headers["x-robots-tag"] == "noindex, nofollow"
        for words in ("Exchange seeds", "A bench in the shade", "&lt;b&gt;every&lt;/b&gt;"):
            assert words in page
        assert "Documentation" in page
        assert "× 2" in page
        assert stranger.get("/@77").status_code == 404
        assert stranger.get(f"/@{number}/somebody-else").url.path == f"/@{number}/ada"
        assert stranger.get("/@99999999999999999999").status_code == 404

        renamed = Account(number, "ada-married")
        with house.app.write() as connection:
            people.note(connection, number, renamed, house.now)
        assert stranger.get(f"/@{number}/ada").url.path == f"/@{number}/ada-married"

        house.world.set_private(house.garden.repo, private=True)
        house.settle()
        assert stranger.get(f"/@{number}").status_code == 404


def test_whoever_hides_their_page_is_alone_with_it_and_erasing_hides_it(
    house: House, ada: Visitor
) -> None:
    number = house.garden.ada.id
    assert "Others see this page too" in ada.get(f"/@{number}").text
    with Visitor(house) as stranger:
        ada.submit("/you", form="public-page-form")
        assert "Only you see this page" in ada.get(f"/@{number}").text
        hidden = stranger.get(f"/@{number}")
        assert hidden.status_code == 404
        assert hidden.text.replace(str(number), "77") == stranger.get("/@77").text
        assert stranger.get(f"{HOME}/8").status_code == 200

        ada.submit("/you", form="public-page-form")
        assert stranger.get(f"/@{number}").status_code == 200
        assert ada.post("/you/public-page", {"choice": "hide"}).status_code == 400

        ada.submit("/you/erase", {"confirm": house.garden.ada.login}, "erase")
        assert stranger.get(f"/@{number}").status_code == 404
        assert "Exchange seeds" in stranger.get(HOME).text


def test_only_votes_that_count_are_shown_and_nothing_that_was_signed_or_rated(
    house: House, ada: Visitor
) -> None:
    set_rules(house, 'mode = "cla"')
    house.settle()
    sign(house, house.garden.ada)
    assert signers(house) == [house.garden.ada.id]
    with house.app.write() as connection:
        for number in (20, 21, 22):
            asked = wish_in(connection, house, number)
            at = house.now + timedelta(minutes=number)
            act = Act(house.garden.ada.id, "cast", "for", "web", f"{number}", at)
            votes.cast(connection, asked, act, 3, house.now)
    with Visitor(house) as stranger:
        page = stranger.get(f"/@{house.garden.ada.id}").text
    assert "CLA" not in page
    assert "Cannot do without" not in page
    assert "Wish 20" in page
    assert "Wish 21" in page
    assert "Wish 22" not in page


def wish_in(connection: Connection, house: House, number: int) -> Request:
    """Put a request on the table within a transaction."""
    return roadmap.note(connection, told(house, number, f"Wish {number}"), "label", "asked")
