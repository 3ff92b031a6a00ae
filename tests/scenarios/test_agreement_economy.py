"""How little we ask of GitHub: at most three calls for a verdict, and no write when nothing changed."""

from datetime import timedelta

from sqlalchemy import delete

from bot import policies
from tests.house import House
from tests.scenarios.agreement import (
    add,
    conclusion,
    fork_of,
    hidden,
    mine,
    offer,
    push_files,
    reads,
    set_rules,
    sign,
    writes,
)


def forget_rules(house: House) -> None:
    """Begin as if nobody had ever looked at the rules."""
    house.settle()
    with house.app.write() as connection:
        connection.execute(delete(policies.policy))


def test_cold_a_verdict_takes_three_calls(house: House) -> None:
    forget_rules(house)
    with house.calls() as seen:
        pull = mine(house)

    assert [call.path.split("/")[4] for call in reads(seen)] == ["contents", "contents", "compare"]
    assert conclusion(house, pull) == "action_required"


def test_warm_a_verdict_takes_one_call(house: House) -> None:
    mine(house)
    with house.calls() as seen:
        commits = [{"author": house.garden.ada}] * 40
        pull = offer(house, house.garden.ada, *commits)
        house.settle()

    assert len(reads(seen)) == 1
    assert len(writes(seen)) == 2
    assert conclusion(house, pull) == "action_required"


def test_a_signature_takes_one_call_and_two_writes(house: House) -> None:
    pull = mine(house)
    with house.calls() as seen:
        house.world.comment(pull, house.garden.ada, "/sign")
        house.settle()

    assert len(reads(seen)) == 1
    assert len(writes(seen)) == 2


def test_somebody_who_has_signed_costs_one_read_and_one_write(house: House) -> None:
    sign(house, house.garden.ada)
    with house.calls() as seen:
        mine(house)

    assert (len(reads(seen)), len(writes(seen))) == (1, 1)


def test_beyond_a_hundred_commits_it_takes_one_call_and_the_pages(house: House) -> None:
    sign(house, house.garden.ada)
    ada = house.garden.ada
    commits = [{"author": ada, "files": {"one.txt": f"{number}\n"}} for number in range(250)]
    with house.calls() as seen:
        pull = offer(house, ada, *commits)
        house.settle()

    assert len(reads(seen)) == 3
    assert conclusion(house, pull) == "success"


def test_co_authors_are_looked_up_once(house: House) -> None:
    house.settle()
    garden = house.garden
    made = {"author": garden.ada, "co_authors": (hidden(garden.bo), hidden(garden.chen))}
    with house.calls() as first:
        offer(house, garden.ada, made)
        house.settle()
    with house.calls() as second:
        offer(house, garden.ada, made)
        house.settle()

    assert len(reads(first)) == 3
    assert len(reads(second)) == 1


def test_no_pass_takes_more_than_three_calls_however_many_co_authors_there_are(
    house: House,
) -> None:
    people = [house.world.account(f"friend-{number}") for number in range(5)]
    forget_rules(house)
    made = {"author": house.garden.ada, "co_authors": tuple(map(hidden, people))}
    with house.calls() as seen:
        pull = offer(house, house.garden.ada, made)
        house.settle()

    compared = [place for place, call in enumerate(reads(seen)) if "/compare/" in call.path]
    assert len(reads(seen)) <= 3 * len(compared)
    assert all(f"@friend-{number}" in house.comments(pull)[0] for number in range(5))
    assert len(house.comments(pull)) == 1


def test_a_merge_is_looked_into_once_and_only_if_it_matters(house: House) -> None:
    sign(house, house.garden.ada)
    fork = fork_of(house, house.garden.ada)
    house.world.branch(fork, "updated", house.garden.repo.branches["main"])
    add(house, fork, "updated", author=house.garden.ada)
    tip = push_files(house, {"base.txt": "On.\n"})
    house.world.merge_commit(fork, "updated", tip, author=house.garden.mara)
    house.settle()
    with house.calls() as first:
        pull = house.world.open_pull_request(
            house.garden.repo, house.garden.ada, "updated", head_repo=fork
        )
        house.settle()
    with house.calls() as second:
        house.world.push_to(pull)
        house.settle()

    assert (len(reads(first)), len(reads(second))) == (3, 1)
    assert conclusion(house, pull) == "success"


def test_rules_are_asked_for_again_after_a_day_and_cost_nothing_if_unchanged(
    house: House,
) -> None:
    pull = mine(house)
    house.advance(timedelta(hours=25))
    with house.calls() as seen:
        house.world.push_to(pull)
        house.settle()

    assert [call.status for call in reads(seen)] == [304, 304, 200]
    assert conclusion(house, pull) == "action_required"


def test_rules_that_changed_unheard_of_are_found_within_a_day(house: House) -> None:
    pull, other = mine(house), mine(house)
    house.sandbox.hooks.lose(1)
    set_rules(house, 'version = "2.0"', **{"CLA.md": "# Anew\n"})
    house.settle()
    assert "version 1.0" in house.comments(pull)[0]
    house.advance(timedelta(hours=25))
    house.world.push_to(pull)
    house.settle()

    assert "version 2.0" in house.comments(pull)[0]
    assert "version 2.0" in house.comments(other)[0]


def test_what_is_said_already_is_not_said_again(house: House) -> None:
    pull = mine(house)
    with house.calls() as seen:
        for _ in range(3):
            house.world.edit_base(pull, house.garden.ada, "main")
            house.tick("sweep_checks")
            house.settle()

    assert writes(seen) == []
