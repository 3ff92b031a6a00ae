"""Waivers from outside: who may give one, for what, and what it leaves behind."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot import people
from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from licensing.chain import verify_export
from licensing.exports import export_chain
from licensing.proof import verify_chain
from licensing.waivers import waiver
from tests.house import House
from tests.scenarios.agreement import add, conclusion, fork_of, offer, replay, sign, writes

STRANGER = ("Kim", "kim@nowhere.example")
REASON = "One typo in a comment, @ada | nothing more."


def stuck(house: House, *more: object) -> PullRequest:
    """A pull request of Ada, who has signed, with a commit that nobody can be found for."""
    ada = house.garden.ada
    sign(house, ada)
    pull = offer(house, ada, {"author": STRANGER}, *more)
    house.settle()
    assert conclusion(house, pull) == "action_required"
    return pull


def say(house: House, pull: PullRequest, body: str, who: str = "mara") -> None:
    house.world.comment(pull, getattr(house.garden, who), body)
    house.settle()


def given(house: House) -> list[tuple[str, int, str]]:
    with house.app.read() as connection:
        rows = connection.execute(select(waiver.c.sha, waiver.c.actor_id, waiver.c.reason))
        return [tuple(row) for row in rows]


def test_a_maintainer_waives_one_commit_by_name_and_with_a_reason(house: House) -> None:
    pull = stuck(house)
    sha = pull.head_sha
    say(house, pull, f"/waive {sha[:7]} {REASON}")

    assert conclusion(house, pull) == "success"
    assert given(house) == [(sha, house.garden.mara.id, REASON)]
    summary = house.check(pull).summary or ""
    assert "waived by [mara]" in summary
    assert "One typo in a comment, @ada ¦ nothing more." in summary
    assert f"you have waived the commit {sha[:7]}" in house.comments(pull)[-1]
    with house.app.read() as connection:
        assert verify_chain(connection) == ()
        assert verify_export(export_chain(connection)) == ()


def test_a_waiver_holds_for_this_commit_only(house: House) -> None:
    pull = stuck(house)
    say(house, pull, f"/waive {pull.head_sha} {REASON}")
    ada = house.garden.ada
    fork = fork_of(house, ada)
    add(house, fork, pull.head_ref, author=STRANGER)
    house.world.push(fork, pull.head_ref, ada)
    house.settle()

    assert conclusion(house, pull) == "action_required"
    say(house, pull, f"/waive {pull.head_sha} {REASON}")
    assert conclusion(house, pull) == "success"


def test_the_first_digits_never_mean_a_commit_that_came_after_them(house: House) -> None:
    pull = stuck(house)
    say(house, pull, "Hm.")
    late = list(house.sandbox.hooks.attempts)[-1].delivery
    house.advance(timedelta(seconds=5))
    fork = fork_of(house, house.garden.ada)
    add(house, fork, pull.head_ref, author=STRANGER)
    house.world.push(fork, pull.head_ref, house.garden.ada)
    house.settle()
    # GitHub tells of it only now, though it was said before the push: seven digits are soon found.
    said = f"/waive {pull.head_sha[:7]} {REASON}".encode()
    house.deliver(late.event.name, json.loads(late.body.replace(b"Hm.", said)))
    house.settle()

    assert (given(house), conclusion(house, pull)) == ([], "action_required")
    assert "the pull request has just changed" in house.comments(pull)[-1]


def test_nobody_else_waives_anything(house: House) -> None:
    pull = stuck(house)
    for role in ("none", "pull", "triage", "push"):
        if role != "none":
            house.world.collaborate(house.garden.repo, house.garden.ada, role)
        say(house, pull, f"/waive {pull.head_sha} {REASON} {role}", "ada")

        assert (conclusion(house, pull), given(house)) == ("action_required", [])
        assert "`/waive` is for maintainers" in house.comments(pull)[-1]


def test_a_role_that_github_does_not_tell_is_no_role(house: House) -> None:
    pull = stuck(house)
    for how in (failures.status(502), failures.status(422)):
        failure = house.sandbox.fail("GET", r"/collaborators/", how, times=9)
        say(house, pull, f"/waive {pull.head_sha} {REASON}")
        assert "GitHub did not say whether you maintain" in house.comments(pull)[-1]
        failure.times = 0

    assert (conclusion(house, pull), given(house)) == ("action_required", [])


def test_what_cannot_be_waived_is_answered(house: House) -> None:
    pull = stuck(house, {"author": house.garden.ada})
    signed = pull.head_sha
    (bare,) = house.garden.repo.objects.commits[signed].parents
    for words, answer in (
        ("", "say which commit and why"),
        (f" {bare} too short", "say which commit and why"),
        (f" {bare} " + "x" * 301, "say which commit and why"),
        (" @ada because of a typo", "say which commit and why"),
        (" abcdef0 because of a typo", "is not one commit of this pull request"),
        (f" {signed} because of a typo", "nobody waits because of the commit"),
    ):
        say(house, pull, f"/waive{words}")
        assert answer in house.comments(pull)[-1]

    assert (conclusion(house, pull), given(house)) == ("action_required", [])


def test_a_quoted_or_edited_waiver_waives_nothing(house: House) -> None:
    pull = stuck(house)
    say(house, pull, f"> /waive {pull.head_sha} {REASON}")
    comment = house.world.comment(pull, house.garden.mara, "Hm.")
    house.world.edit_comment(comment, house.garden.ada, f"/waive {pull.head_sha} {REASON}")
    house.settle()

    assert (conclusion(house, pull), given(house)) == ("action_required", [])


def test_a_replayed_waiver_changes_nothing_and_the_database_guards_it(house: House) -> None:
    pull = stuck(house)
    say(house, pull, f"/waive {pull.head_sha} {REASON}")
    said = house.comments(pull)
    with house.calls() as seen:
        replay(house, 7)

    assert (len(given(house)), house.comments(pull), writes(seen)) == (1, said, [])
    with pytest.raises(DBAPIError), house.app.write() as connection:
        connection.execute(waiver.delete())


def test_a_name_that_was_forgotten_is_asked_for_again(house: House) -> None:
    pull = stuck(house)
    say(house, pull, f"/waive {pull.head_sha} {REASON}")
    with house.app.write() as connection:
        connection.execute(people.account.delete())
    house.world.rename_account(house.garden.mara, "mara-the-maintainer")
    house.world.rerequest_check(house.check(pull), house.garden.ada)
    house.settle()

    assert "waived by [mara-the-maintainer]" in (house.check(pull).summary or "")
