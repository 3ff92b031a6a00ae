"""Forged identities: every way we know to pass somebody's work for another's; none turns green.

Mallory has signed and opens the pull requests; what she brings is Carol's, who has not, or
nobody's that can be named.
"""

from collections.abc import Callable

import pytest

from bot.sandbox.records import Repository
from tests.house import House
from tests.scenarios.agreement import (
    add,
    conclusion,
    conclusions,
    fork_of,
    offer,
    push_files,
    signers,
)
from tests.scenarios.forgeries import Cast, authors, bots, co_authors, trailers


@pytest.fixture
def cast(house: House) -> Cast:
    return Cast(house)


def test_no_forged_commit_passes(cast: Cast) -> None:
    house = cast.house
    attempts = authors(cast) | bots(cast) | co_authors(cast) | trailers(cast)
    pulls = {label: offer(house, cast.mallory, *made) for label, made in attempts.items()}
    house.settle()

    assert len(attempts) >= 30
    assert {
        label for label, said in conclusions(house, pulls).items() if said != "action_required"
    } == set()


def test_no_merge_commit_hides_anything(cast: Cast) -> None:
    house, repo = cast.house, cast.house.garden.repo
    fork = fork_of(house, cast.mallory)
    before = repo.branches["main"]
    tip = push_files(house, {"brought.txt": "The base goes on.\n"})
    pulls = {}
    for number, (label, merge) in enumerate(MERGES.items()):
        branch = f"merge-{number}"
        house.world.branch(fork, branch, before)
        add(house, fork, branch, author=cast.mallory)
        merge(cast, fork, branch, tip)
        pulls[label] = house.world.open_pull_request(repo, cast.mallory, branch, head_repo=fork)
    house.settle()

    found = conclusions(house, pulls)
    assert {label for label, said in found.items() if said != "action_required"} == set()


def smuggle(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    files = {"smuggled.py": "print('mine')\n"}
    cast.house.world.merge_commit(fork, branch, tip, author=cast.carol, files=files)


def alter(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    files = {"brought.txt": "The base goes elsewhere.\n"}
    cast.house.world.merge_commit(fork, branch, tip, author=cast.carol, files=files)


def bring_history(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    cast.house.world.branch(fork, "hers", tip)
    hers = add(cast.house, fork, "hers", author=cast.carol)
    cast.house.world.merge_commit(fork, branch, hers, author=cast.mallory)


def octopus(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    cast.house.world.branch(fork, "other", tip)
    other = add(cast.house, fork, "other", author=cast.mallory)
    parents = (fork.branches[branch], tip, other)
    add(cast.house, fork, branch, author=cast.carol, parents=parents)


def rewind(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    """A merge whose two parents both lie on the base: all of it is its author's."""
    old = fork.objects.commits[tip].parents[0]
    add(cast.house, fork, branch, author=cast.carol, parents=(tip, old))


MERGES: dict[str, Callable[[Cast, Repository, str, str], None]] = {
    "a file of its own": smuggle,
    "another content for what the base brings": alter,
    "the history of somebody else": bring_history,
    "more than two parents": octopus,
    "no parent of the pull request's own": rewind,
}


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
    commits = [{"author": cast.mallory, "files": {"one.txt": f"{n}\n"}} for n in range(250)]
    pull = offer(cast.house, cast.mallory, *commits, {"author": cast.carol})
    cast.house.settle()

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
