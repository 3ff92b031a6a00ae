"""What can happen to a pull request itself, and what the check says after it."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bot.sandbox import failures
from tests.house import House, Restless
from tests.scenarios.agreement import (
    add,
    conclusion,
    hidden,
    mine,
    offer,
    sign,
)


def test_a_push_of_somebody_else_turns_it_red_again(house: House) -> None:
    sign(house, house.garden.ada)
    pull = mine(house)
    assert conclusion(house, pull) == "success"
    house.world.push_to(pull, author=house.garden.ada, co_authors=(hidden(house.garden.chen),))
    house.settle()

    assert conclusion(house, pull) == "action_required"
    assert "@chen" in house.comments(pull)[0]


def test_a_force_push_that_takes_somebody_out_turns_it_green(house: House) -> None:
    sign(house, house.garden.ada)
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    first = pull.head_sha
    house.world.push_to(pull, author=house.garden.chen)
    house.settle()
    assert conclusion(house, pull) == "action_required"
    house.world.force_push(pull, first)
    house.settle()

    assert conclusion(house, pull) == "success"
    assert "Thank you" in house.comments(pull)[0]


def test_another_base_is_judged_against_that_base(house: House) -> None:
    sign(house, house.garden.ada)
    world, repo = house.world, house.garden.repo
    world.branch(repo, "next", "main")
    add(house, repo, "next", author=house.garden.chen)
    world.branch(repo, "topic", "next")
    add(house, repo, "topic", author=house.garden.ada)
    pull = world.open_pull_request(repo, house.garden.ada, "topic")
    house.settle()
    assert conclusion(house, pull) == "action_required"
    world.edit_base(pull, house.garden.ada, "next")
    house.settle()

    assert conclusion(house, pull) == "success"


def test_closed_without_merging_and_reopened_it_still_works(house: House) -> None:
    pull = mine(house)
    house.world.close(pull, house.garden.mara)
    house.settle()
    house.world.reopen(pull, house.garden.ada)
    house.settle()
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()

    assert conclusion(house, pull) == "success"
    assert len(house.comments(pull)) == 1


def test_a_new_title_or_leaving_the_draft_asks_github_nothing(house: House) -> None:
    pull = mine(house)
    with house.calls() as seen:
        house.world.edit_title(pull, house.garden.ada, "Better")
        house.world.set_draft(pull, house.garden.ada, draft=False)
        house.settle()

    assert list(seen) == []


def test_a_pull_request_without_commits_of_its_own_is_neutral(house: House) -> None:
    world, repo = house.world, house.garden.repo
    world.branch(repo, "empty", "main")
    pull = world.open_pull_request(repo, house.garden.ada, "empty")
    house.settle()

    assert conclusion(house, pull) == "neutral"
    assert house.comments(pull) == []


@pytest.mark.parametrize(
    "how",
    [
        failures.truncated(),
        failures.emptied(),
        failures.drifting(),
        failures.malformed(),
        failures.status(502),
        failures.status(404),
        failures.reset(),
    ],
    ids=["truncated", "emptied", "drifting", "malformed", "502", "404", "reset"],
)
def test_what_cannot_be_read_in_full_is_never_a_success(house: House, how: failures.How) -> None:
    sign(house, house.garden.ada)
    house.sandbox.fail("GET", "/compare/", how, times=3)
    pull = offer(
        house, house.garden.ada, {"author": house.garden.ada}, {"author": house.garden.ada}
    )
    with suppress(Restless):
        house.settle(timedelta(seconds=20))

    assert {run.conclusion for run in house.checks(pull)} <= {"failure"}
    house.settle()
    assert conclusion(house, pull) == "success"


def test_many_pages_with_one_repeated_are_never_a_success(house: House) -> None:
    sign(house, house.garden.ada)
    house.sandbox.fail("GET", "/compare/", failures.repeated(), times=1_000)
    ada = house.garden.ada
    commits = [{"author": ada, "files": {"one.txt": f"{number}\n"}} for number in range(120)]
    pull = offer(house, ada, *commits)
    house.settle()

    assert conclusion(house, pull) == "failure"
    assert "a part of it is never enough" in (house.check(pull).summary or "")


def test_a_green_check_stays_while_github_cannot_be_asked_again(house: House) -> None:
    sign(house, house.garden.ada)
    pull = mine(house)
    house.sandbox.fail("GET", "/compare/", failures.truncated(), times=1)
    house.world.comment(pull, house.garden.ada, "/recheck")
    house.settle()

    assert [run.conclusion for run in house.checks(pull)] == ["success"]


def test_a_pull_request_from_before_us_is_judged_without_a_word(house: House) -> None:
    world, garden = house.world, house.garden
    files = {"CLA.md": "# Agreement\n", ".github/potluck.toml": "[agreement]\n"}
    repo = world.repository(garden.organization, "shed", files=files)
    pull = world.propose(repo, garden.ada, {"a.txt": "a\n"})
    house.advance(timedelta(days=1))
    world.add_repositories(garden.installation, repo)
    house.settle()
    assert conclusion(house, pull) == "action_required"
    assert house.comments(pull) == []
    world.push_to(pull)
    house.settle()
    assert house.comments(pull) == []
    world.comment(pull, garden.ada, "/recheck")
    house.settle()

    assert any("@ada" in said for said in house.comments(pull))
