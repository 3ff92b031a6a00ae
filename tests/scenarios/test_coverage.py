"""What is merged gets its rows in the coverage ledger: every commit, every holder, however it lands."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from bot.sandbox import failures
from licensing import coverage, signing, store
from licensing.proof import verify_chain
from tests.house import House
from tests.scenarios.agreement import (
    Made,
    fork_of,
    hidden,
    mine,
    offer,
    push_files,
    reads,
    replay,
    set_rules,
    sign,
    signers,
)
from tests.scenarios.merging import land, ledger, told


def compared(seen: Iterable[Any]) -> int:
    """How often commits were asked for."""
    return sum("/compare/" in call.path for call in reads(seen))


def test_each_commit_and_holder_has_a_row_however_it_lands(house: House) -> None:
    garden = house.garden
    sign(house, garden.ada)
    commits: list[Made] = [
        {"author": garden.ada},
        {"author": garden.ada, "co_authors": (hidden(garden.bo),)},
    ]
    for method in ("merge", "squash", "rebase"):
        pull = offer(house, garden.ada, *commits)
        house.settle()
        tip = land(house, pull, method)
        assert told(house, pull) == [
            (garden.ada.id, "author", "signature"),
            (garden.ada.id, "author", "signature"),
            (garden.bo.id, "co-author", "missing"),
        ]
        first, second, third = ledger(house, number=pull.number)
        assert {one.merge_sha for one in (first, second, third)} == {tip}
        assert second.sha == third.sha == pull.head_sha
        assert (first.version, first.method) == ("1.0", "comment")
        assert (third.version, third.evidence) == ("1.0", None)
        before = garden.repo.objects.commits[tip].parents[0] if method == "rebase" else tip
        assert (first.landed_sha, second.landed_sha) == (before, tip)


def test_what_was_judged_on_the_tip_it_lands_on_is_not_read_again(house: House) -> None:
    sign(house, house.garden.ada)
    pull = mine(house)
    with house.calls() as seen:
        land(house, pull, "squash")

    assert compared(seen) == 0
    assert told(house, pull) == [(house.garden.ada.id, "author", "signature")]


def test_another_tip_is_read_once(house: House) -> None:
    sign(house, house.garden.ada)
    pull = mine(house)
    push_files(house, {"other.txt": "On.\n"})
    house.settle()
    with house.calls() as seen:
        land(house, pull)

    assert compared(seen) == 1
    assert told(house, pull) == [(house.garden.ada.id, "author", "signature")]


def test_a_commit_that_was_merged_with_another_pull_request_is_not_covered_twice(
    house: House,
) -> None:
    ada, fork = house.garden.ada, fork_of(house, house.garden.ada)
    sign(house, ada)
    first = mine(house)
    house.world.branch(fork, "stacked", first.head_sha)
    house.world.commit(fork, "stacked", message="More", author=ada, files={"more.txt": "1\n"})
    second = house.world.open_pull_request(house.garden.repo, ada, "stacked", head_repo=fork)
    house.settle()
    land(house, first)
    land(house, second)

    assert len(ledger(house, sha=first.head_sha)) == 1
    assert [one.sha for one in ledger(house, number=second.number)] == [second.head_sha]


def test_exemptions_and_strangers_have_rows_of_their_own(house: House) -> None:
    garden, world = house.garden, house.world
    set_rules(house, f"exempt_users = [{garden.chen.id}]", 'exempt_bots = ["helper[bot]"]')
    helper = world.account("helper[bot]", "Bot")
    house.settle()
    listed = offer(house, garden.chen, {"author": garden.chen})
    bots = offer(house, helper, {"author": helper})
    nobody = offer(house, garden.chen, {"author": ("Nobody", "nobody@example.org")})
    house.settle()
    for pull in (listed, bots, nobody):
        land(house, pull, "squash")

    assert told(house, listed) == [(garden.chen.id, "author", "listed")]
    assert told(house, bots) == [(helper.id, "author", "bot")]
    assert told(house, nobody) == [(None, "author", "missing")]
    assert [one.problem for one in ledger(house, number=nobody.number)] == ["unlinked"]


def test_a_waived_commit_names_the_waiver(house: House) -> None:
    garden = house.garden
    sign(house, garden.ada)
    pull = offer(house, garden.ada, {"author": ("Nobody", "nobody@example.org")})
    house.settle()
    house.world.comment(pull, garden.mara, f"/waive {pull.head_sha[:9]} A typo that anybody mends")
    house.settle()
    land(house, pull, "squash")

    (row,) = ledger(house, number=pull.number)
    assert (row.holder_id, row.rule, row.method) == (None, "waiver", "comment")
    assert row.evidence is not None
    with house.app.read() as connection:
        assert verify_chain(connection) == ()


def test_sign_offs_take_the_place_of_signatures(house: House) -> None:
    ada = house.garden.ada
    set_rules(house, 'mode = "dco"', 'version = "2.0"')
    house.settle()
    line = f"Signed-off-by: {ada.name} <{min(ada.emails)}>"
    commits: list[Made] = [{"author": ada, "message": f"One\n\n{line}"}, {"author": ada}]
    pull = offer(house, ada, *commits)
    house.settle()
    land(house, pull, "squash")

    assert [rule for _who, _role, rule in told(house, pull)] == ["sign_off", "missing"]


def test_a_withdrawal_takes_nothing_from_what_was_merged_before_it(house: House) -> None:
    ada = house.garden.ada
    sign(house, ada)
    before, after = mine(house), mine(house)
    land(house, before)
    house.advance(timedelta(minutes=1))
    with house.app.write() as connection:
        in_force = store.agreement_in_force(connection, house.garden.repo.id)
        assert in_force is not None
        act = signing.Withdrawal(ada.id, ada.id, "I leave", house.now)
        assert signing.withdraw(connection, in_force.agreement_id, act, house.now)
    house.advance(timedelta(minutes=1))
    land(house, after)

    assert told(house, before) == [(ada.id, "author", "signature")]
    assert told(house, after) == [(ada.id, "author", "missing")]


def test_where_nobody_is_asked_everybody_is_still_named(house: House) -> None:
    set_rules(house, 'mode = "off"')
    house.settle()
    pull = mine(house)
    land(house, pull)

    (row,) = ledger(house, number=pull.number)
    assert (row.holder_id, row.rule, row.version) == (house.garden.ada.id, "not_asked", None)


def test_a_signature_heard_of_late_counts_from_when_it_was_given(house: House) -> None:
    garden = house.garden
    early, late = mine(house), mine(house)
    house.sandbox.hooks.drop()
    house.world.comment(early, garden.ada, "/sign")
    house.settle()
    lost = house.sandbox.hooks.attempts[-1]
    land(house, late)
    assert told(house, late) == [(garden.ada.id, "author", "missing")]

    house.sandbox.hooks.redeliver(lost)
    house.settle()

    assert told(house, late) == [(garden.ada.id, "author", "signature")]
    with house.app.read() as connection:
        written = connection.scalar(select(func.count()).select_from(coverage.coverage))
    assert written == 2


def test_a_signature_after_the_merge_does_not_change_what_was_merged(house: House) -> None:
    garden = house.garden
    pull = mine(house)
    land(house, pull)
    house.advance(timedelta(seconds=1))
    house.world.comment(pull, garden.ada, "/sign")
    house.settle()

    assert told(house, pull) == [(garden.ada.id, "author", "missing")]
    again = mine(house)
    land(house, again)
    assert told(house, again) == [(garden.ada.id, "author", "signature")]


def test_a_co_author_may_still_sign_where_it_was_merged_without_them(house: House) -> None:
    garden = house.garden
    sign(house, garden.ada)
    made = {"author": garden.ada, "co_authors": (hidden(garden.bo),)}
    pull = offer(house, garden.ada, made)
    house.settle()
    land(house, pull)
    house.advance(timedelta(seconds=1))
    house.world.comment(pull, garden.bo, "/sign")
    house.settle()

    assert garden.bo.id in signers(house)


def test_hearing_it_all_again_writes_nothing(house: House) -> None:
    sign(house, house.garden.ada)
    land(house, mine(house), "squash")
    before = ledger(house)
    replay(house, seed=3)

    assert ledger(house) == before
    with house.app.read() as connection:
        written = connection.scalar(select(func.count()).select_from(coverage.coverage))
    assert written == len(before) == 1


def test_a_merge_that_github_does_not_show_is_read_later(house: House) -> None:
    ada = house.garden.ada
    sign(house, ada)
    pull = mine(house)
    push_files(house, {"other.txt": "On.\n"})
    house.settle()
    house.sandbox.fail("GET", "/compare/", failures.truncated(), times=2)
    land(house, pull)

    assert told(house, pull) == [(ada.id, "author", "signature")]


def test_a_merge_that_nobody_told_us_of_is_found_by_the_daily_sweep(house: House) -> None:
    ada = house.garden.ada
    sign(house, ada)
    pull = mine(house)
    house.sandbox.hooks.lose(2)
    land(house, pull, "squash")
    assert told(house, pull) == []

    house.tick("sweep_checks")
    house.settle()

    assert told(house, pull) == [(ada.id, "author", "signature")]


def test_a_merge_that_could_not_be_read_is_read_by_the_daily_sweep(house: House) -> None:
    ada = house.garden.ada
    sign(house, ada)
    pull = mine(house)
    push_files(house, {"other.txt": "On.\n"})
    house.settle()
    failure = house.sandbox.fail("GET", "/compare/", failures.truncated(), times=1_000)
    land(house, pull)
    assert told(house, pull) == []
    failure.times = 0

    house.tick("sweep_checks")
    house.settle()

    assert told(house, pull) == [(ada.id, "author", "signature")]


def test_the_database_refuses_changes(house: House) -> None:
    sign(house, house.garden.ada)
    land(house, mine(house))
    for table in ("coverage", "landing", "landed_commits"):
        for statement in (f"UPDATE {table} SET number = 1", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append-only"), house.app.write() as connection:
                connection.execute(text(statement))
