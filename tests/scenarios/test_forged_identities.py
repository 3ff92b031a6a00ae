"""Forged identities: every way we know to pass somebody's work for another's; none turns green.

Mallory has signed and opens the pull requests; what she brings is Carol's, who has not, or
nobody's that can be named.
"""

import pytest

from tests.house import House
from tests.scenarios.agreement import conclusion, conclusions, offer, signers
from tests.scenarios.forged_pulls import (
    buried,
    forged_commits,
    forged_merges,
    passes_elsewhere,
    through,
)
from tests.scenarios.forgeries import Cast


@pytest.fixture
def cast(house: House) -> Cast:
    return Cast(house)


def test_no_forged_commit_passes_here_and_many_do_by_the_rules_of_another_tool(cast: Cast) -> None:
    house = cast.house
    pulls = forged_commits(cast)
    house.settle()

    assert len(pulls) >= 30
    assert through(conclusions(house, pulls)) == set()
    elsewhere = {label for label, pull in pulls.items() if passes_elsewhere(cast, pull)}
    assert len(elsewhere) >= 20
    assert {"a bot's name", "committed by a signer", "an unsigned co-author"} < elsewhere
    assert "an unsigned author among signed ones" not in elsewhere


def test_no_merge_commit_hides_anything(cast: Cast) -> None:
    pulls = forged_merges(cast)
    cast.house.settle()

    assert through(conclusions(cast.house, pulls)) == set()


def test_an_unsigned_opener_is_asked_for_the_work_of_signers(cast: Cast) -> None:
    pull = offer(cast.house, cast.carol, {"author": cast.mallory}, {"author": cast.mara})
    cast.house.settle()

    assert conclusion(cast.house, pull) == "action_required"


def test_an_unlisted_bot_that_opens_is_stopped(cast: Cast) -> None:
    evil = cast.house.world.account("evil[bot]", "Bot")
    pull = offer(cast.house, evil, {"author": evil, "verified": True})
    cast.house.settle()

    assert conclusion(cast.house, pull) == "action_required"


def test_a_listed_bot_that_opens_covers_nobody_else(cast: Cast) -> None:
    pull = offer(cast.house, cast.dependabot, {"author": cast.dependabot}, {"author": cast.carol})
    cast.house.settle()

    assert conclusion(cast.house, pull) == "action_required"


def test_another_bot_that_takes_an_exempt_login_is_not_exempt(cast: Cast) -> None:
    house, world = cast.house, cast.house.world
    honest = offer(house, cast.dependabot, {"author": cast.dependabot})
    house.settle()
    world.rename_account(cast.dependabot, "renamed[bot]")
    usurper = world.account("dependabot[bot]", "Bot")
    forged = offer(house, usurper, {"author": usurper})
    renamed = offer(house, cast.dependabot, {"author": cast.dependabot})
    house.settle()

    assert conclusion(house, honest) == "success"
    assert conclusion(house, forged) == "action_required"
    assert conclusion(house, renamed) == "success"


def test_whoever_takes_a_signers_login_has_not_signed(cast: Cast) -> None:
    house, world = cast.house, cast.house.world
    world.rename_account(cast.mallory, "mallory-married")
    heir = world.account("mallory")
    forged = offer(house, heir, {"author": heir})
    honest = offer(house, cast.mallory, {"author": cast.mallory})
    house.settle()

    assert conclusion(house, forged) == "action_required"
    assert conclusion(house, honest) == "success"


def test_nobody_signs_for_somebody_else(cast: Cast) -> None:
    house, world = cast.house, cast.house.world
    pull = offer(house, cast.carol, {"author": cast.carol})
    house.settle()
    before = signers(house)
    for person in (cast.mara, cast.mallory, world.account("passer-by"), cast.helper):
        world.comment(pull, person, "/sign")
    house.settle()

    assert signers(house) == before
    assert conclusion(house, pull) == "action_required"


def test_words_put_into_somebodys_mouth_do_not_sign(cast: Cast) -> None:
    house, world = cast.house, cast.house.world
    pull = offer(house, cast.carol, {"author": cast.carol})
    comment = world.comment(pull, cast.carol, "What is this?")
    house.settle()
    world.edit_comment(comment, cast.mara, "/sign")
    house.settle()

    assert cast.carol.id not in signers(house)
    assert conclusion(house, pull) == "action_required"


def test_the_251st_commit_counts_as_much_as_the_first(cast: Cast) -> None:
    pull = buried(cast)
    cast.house.settle()

    assert passes_elsewhere(cast, pull), "it reads one page of a hundred"

    assert conclusion(cast.house, pull) == "action_required"


def test_a_pull_request_cannot_change_the_rules_for_itself(cast: Cast) -> None:
    off = '[agreement]\nmode = "off"\n'
    exempt = f"[agreement]\nexempt_users = [{cast.carol.id}]\n"
    pulls = [
        offer(
            cast.house,
            cast.carol,
            {"author": cast.carol, "files": {".github/potluck.toml": text}},
        )
        for text in (off, exempt)
    ]
    cast.house.settle()

    assert [conclusion(cast.house, pull) for pull in pulls] == ["action_required"] * 2
