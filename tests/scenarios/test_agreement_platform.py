"""The merge queue, “Re-run”, commands, and the daily look: always judged anew, never guessed."""

from datetime import timedelta

import pytest

from tests.house import House
from tests.scenarios.agreement import (
    conclusion,
    mine,
    offer,
    sign,
    signers,
    writes,
)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merge_group_is_judged_by_its_own_pull_request(house: House, method: str) -> None:
    sign(house, house.garden.ada)
    green, red = mine(house), offer(house, house.garden.bo, {"author": house.garden.bo})
    house.settle()
    good = house.world.enqueue(green, house.garden.mara, method)
    bad = house.world.enqueue(red, house.garden.mara, method)
    house.settle()

    assert house.check(green, good.head_sha).conclusion == "success"
    assert house.check(red, bad.head_sha).conclusion == "action_required"


def test_a_title_with_another_number_misleads_nobody(house: House) -> None:
    sign(house, house.garden.ada)
    first = mine(house)
    forged = offer(
        house,
        house.garden.bo,
        {"author": house.garden.bo, "message": f"Innocent (#{first.number})"},
    )
    house.settle()
    group = house.world.enqueue(forged, house.garden.mara, "rebase")
    house.settle()

    assert house.check(forged, group.head_sha).conclusion == "action_required"


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("refs/heads/gh-readonly-queue/main/pr-x-1", "does not say which pull request"),
        ("refs/heads/main", "does not say which pull request"),
        ("refs/heads/gh-readonly-queue/other/pr-1-abc", "does not say which pull request"),
        ("refs/heads/gh-readonly-queue/main/pr-999-abc", "cannot be read"),
        ("gh-readonly-queue/main/pr-0-abc", "does not say which pull request"),
    ],
)
def test_a_group_that_cannot_be_placed_fails_with_words(
    house: House, ref: str, words: str
) -> None:
    pull = mine(house)
    group = house.world.enqueue(pull, house.garden.mara)
    told = [it for it in house.sandbox.hooks.waiting if it.event.name == "merge_group"]
    house.sandbox.hooks._queue.clear()
    payload = told[0].event.payload
    payload["merge_group"]["head_ref"] = ref
    house.deliver("merge_group", payload)
    house.settle()

    run = house.check(pull, group.head_sha)
    assert run.conclusion == "failure"
    assert words in (run.summary or "")


def test_rerun_looks_again_and_writes_even_the_same(house: House) -> None:
    pull = mine(house)
    with house.calls() as seen:
        house.world.rerequest_check(house.check(pull), house.garden.mara)
        house.settle()

    assert conclusion(house, pull) == "action_required"
    assert [call.method for call in writes(seen)] == ["PATCH"]


def test_rerun_of_the_whole_suite_looks_again(house: House) -> None:
    sign(house, house.garden.ada)
    pull = mine(house)
    app = house.check(pull).app
    house.world.rerequest_suite(house.garden.repo, pull.head_sha, app, house.garden.mara)
    house.settle()

    assert conclusion(house, pull) == "success"


def test_rerun_on_a_commit_that_was_replaced_is_neutral(house: House) -> None:
    pull = mine(house)
    old = house.check(pull)
    house.world.push_to(pull)
    house.settle()
    house.world.rerequest_check(old, house.garden.mara)
    house.settle()

    assert house.check(pull, old.head_sha).conclusion == "neutral"
    assert conclusion(house, pull) == "action_required"


def test_rerun_on_a_merge_group_judges_the_group_again(house: House) -> None:
    pull = mine(house)
    group = house.world.enqueue(pull, house.garden.mara)
    house.settle()
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    run = house.check(pull, group.head_sha)
    assert run.conclusion == "action_required"
    house.world.rerequest_check(run, house.garden.mara)
    house.settle()

    assert house.check(pull, group.head_sha).conclusion == "success"


def test_another_apps_check_is_not_ours_to_repeat(house: House) -> None:
    pull = mine(house)
    run = house.check(pull)
    run.name = "build"
    with house.calls() as seen:
        house.world.rerequest_check(run, house.garden.mara)
        house.settle()

    assert list(seen) == []


def test_recheck_is_for_those_concerned(house: House) -> None:
    pull = mine(house)
    house.world.comment(pull, house.garden.ada, "/recheck")
    house.settle()
    assert "I am looking at this pull request again" in house.comments(pull)[1]
    house.world.comment(pull, house.garden.mara, "/recheck")
    house.settle()
    assert "I am looking" in house.comments(pull)[2]
    house.world.comment(pull, house.garden.bo, "/recheck")
    house.settle()
    assert "is for the people who wrote this" in house.comments(pull)[3]


def test_recheck_finds_an_address_that_was_linked_meanwhile(house: House) -> None:
    sign(house, house.garden.ada)
    address = "ada@home.example"
    pull = offer(house, house.garden.ada, {"author": ("Ada", address)})
    house.settle()
    assert conclusion(house, pull) == "action_required"
    house.garden.ada.emails.add(address)
    house.world.comment(pull, house.garden.ada, "/recheck")
    house.settle()

    assert conclusion(house, pull) == "success"


def test_recheck_on_a_closed_pull_request_or_by_a_bot_is_ignored(house: House) -> None:
    pull = mine(house)
    said = house.comments(pull)
    house.world.comment(pull, house.garden.dependabot, "/recheck")
    house.world.close(pull, house.garden.ada)
    house.settle()
    with house.calls() as seen:
        house.world.comment(pull, house.garden.ada, "/recheck")
        house.settle()

    assert list(seen) == []
    assert house.comments(pull) == said


def test_help_lists_every_command_once(house: House) -> None:
    pull = mine(house)
    for _ in range(2):
        house.world.comment(pull, house.garden.bo, "/help")
        house.settle()

    assert len(house.comments(pull)) == 2
    assert all(f"`/{name}`" in house.comments(pull)[1] for name in ("help", "recheck", "sign"))


def test_one_refused_line_does_not_stop_the_others(house: House) -> None:
    pull = mine(house)
    house.world.comment(pull, house.garden.ada, "/hlep\n/recheck\n/sign 1.0")
    house.settle()

    assert signers(house) == [house.garden.ada.id]
    assert "Did you mean `/help`?" in house.comments(pull)[1]
    assert "I am looking" in house.comments(pull)[1]


def test_commands_in_code_and_quotes_are_not_heard(house: House) -> None:
    pull = mine(house)
    with house.calls() as seen:
        house.world.comment(pull, house.garden.ada, "> /help\n\n```\n/recheck\n```\nSee `/help`.")
        house.settle()

    assert list(seen) == []


def test_the_daily_look_finds_what_github_never_told_us(house: House) -> None:
    house.settle()
    house.sandbox.hooks.lose(1)
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    house.settle()
    assert conclusion(house, pull) is None
    house.tick("sweep_checks")
    house.settle()

    assert conclusion(house, pull) == "action_required"
    with house.calls() as seen:
        house.advance(timedelta(hours=1))
        house.tick("sweep_checks")
        house.settle()
    assert writes(seen) == []
    assert not [call for call in seen if "/compare/" in call.path]
