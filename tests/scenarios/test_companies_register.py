"""The register of companies by itself: who is covered when, what an end touches, and the proof."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from licensing.bases import bases
from licensing.chain import verify_export
from licensing.companies import acts, reading
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.scenarios.company_register import ADA, BO, DAY, MARA, ORG, Register, register

__all__ = ["register"]


def test_a_listed_person_is_covered_once_they_acknowledged(register: Register) -> None:
    register.add()
    assert not register.covers()

    assert register.join() == "done"
    assert register.join() == "already"

    basis = register.basis()
    assert basis
    assert (basis.rule, basis.company, basis.version) == ("company", "Bar", "1.0")
    assert not register.covers(BO)
    assert register.join(BO) == "refused"


def test_dates_are_half_open_instants(register: Register) -> None:
    register.add(begins=DAY, ends=2 * DAY)
    assert register.join() == "done"
    start = register.now

    for passed, covered in (
        (timedelta(0), False),
        (DAY - timedelta(microseconds=1), False),
        (DAY, True),
        (2 * DAY - timedelta(microseconds=1), True),
        (2 * DAY, False),
    ):
        register.now = start + passed
        assert register.covers() is covered, passed


def test_an_end_is_dated_and_touches_nothing_else(register: Register) -> None:
    by_id, by_domain = register.add(), register.add("domain", None, "bar.com")
    register.join(domains=("bar.com",))

    assert register.end(by_id, after=DAY).outcome == "done"
    assert register.end(by_id, after=DAY).outcome == "already"
    register.now += DAY
    assert register.covers()  # by the other listing

    register.end(by_domain, reason="moved")
    assert not register.covers()
    with register.database.read() as connection:
        listed = reading.listings(connection, register.version.agreement_id, register.number)
    ended = {one.number: one.ends for one in listed if one.ends}
    assert {it: ends[0].reason for it, ends in ended.items()} == {
        by_id: "left",
        by_domain: "moved",
    }
    assert ended[by_id][0].ends_at == register.now
    assert ended[by_id][0].actor_id == MARA


def test_what_is_dated_back_changes_nothing_that_was_merged(register: Register) -> None:
    start = register.now
    register.now += DAY
    listing = register.add(begins=-2 * DAY)
    register.now += DAY
    register.join()
    register.now += DAY
    register.end(listing, after=-3 * DAY)

    for day, covered in ((0, False), (1, False), (2, True), (3, False)):
        register.now = start + day * DAY
        assert register.covers() is covered, day


def test_an_entry_dated_back_does_not_reach_before_it_was_written(register: Register) -> None:
    register.add(ends=DAY)
    register.join(domains=("bar.com",))
    start = register.now
    register.now += 3 * DAY
    register.add("domain", None, "bar.com", begins=-3 * DAY)

    for day, covered in ((0, True), (2, False), (3, True)):
        register.now = start + day * DAY
        assert register.covers() is covered, day


def test_a_signature_of_ones_own_outlives_the_listing(register: Register) -> None:
    listing = register.add()
    register.join()
    register.sign_alone()

    assert getattr(register.basis(), "rule", None) == "signature"
    register.end(listing)
    assert getattr(register.basis(), "rule", None) == "signature"


def test_one_person_can_be_taken_out_of_a_rule_for_many(register: Register) -> None:
    rule = register.add("domain", None, "bar.com")
    for who in (ADA, BO):
        assert register.join(who, domains=("bar.com",)) == "done"

    register.end(rule, person=ADA)

    assert not register.covers(ADA)
    assert register.covers(BO)
    # GitHub goes on calling the address verified: that brings nobody back.
    assert register.join(ADA, domains=("bar.com",)) == "refused"
    register.add()
    assert register.covers(ADA)  # who was listed by number and has acknowledged before


def test_who_left_the_team_may_come_back_to_it(register: Register) -> None:
    team = register.add("team", ORG, "bar/staff")
    assert register.join() == "refused"
    assert register.join(teams=(team,)) == "done"
    assert register.covers()

    register.end(team, person=ADA, actor=None, reason="not_in_team")
    assert not register.covers()

    assert register.join(teams=(team,)) == "done"
    assert register.covers()


def test_a_new_major_asks_company_and_person_again(register: Register) -> None:
    register.add()
    register.join()
    register.publish("1.1")
    assert register.covers()

    register.publish("2.0")
    assert not register.covers()
    assert register.join() == "refused"

    assert register.sign(number=register.number).outcome == "done"
    assert register.sign(number=register.number).outcome == "already"
    assert not register.covers()
    assert register.join() == "done"
    assert register.covers()


def test_a_second_manager_takes_it_on_and_the_last_one_stays(register: Register) -> None:
    def acting() -> frozenset[int]:
        with register.database.read() as connection:
            found = reading.find(connection, register.version.agreement_id, register.number)
            assert found
            return reading.acting(connection, found, register.now)

    founding = register.number + 1
    assert acting() == {MARA}
    assert register.end(founding).outcome == "refused"

    second = register.add("manager", BO)
    assert acting() == {MARA}
    assert register.join(ADA, role="manager") == "refused"
    assert register.join(BO, role="manager") == "done"
    assert acting() == {MARA, BO}
    assert not register.covers(BO)

    assert register.end(founding).outcome == "done"
    assert acting() == {BO}
    assert register.end(second, actor=BO).outcome == "refused"


def test_signing_and_listing_twice_is_one_record_each(register: Register) -> None:
    assert register.sign() == acts.Done("already", register.number)
    assert register.add() == register.add()
    assert register.sign("Bar Two").outcome == "done"


def test_the_cost_is_the_same_for_one_person_and_for_many(register: Register) -> None:
    register.add()
    register.join()
    register.add("domain", None, "*.bar.com")
    register.join(BO, domains=("x.bar.com",))
    counts = []
    for people in ({ADA}, {ADA, BO, *range(1, 80)}):
        with register.queries() as seen, register.database.read() as connection:
            found = bases(connection, register.version, people, register.now)
        counts.append(sum(one.lstrip().startswith("SELECT") for one in seen))
        assert found.keys() == people & {ADA, BO}
    assert counts == [4, 4]


def test_chain_rows_and_export_hold_and_one_altered_row_is_found(register: Register) -> None:
    listing = register.add()
    register.join(domains=("bar.com",))
    register.end(listing)
    with register.database.read() as connection:
        assert verify_chain(connection) == ()
        data = export_chain(connection)
    assert verify_export(data) == ()
    assert "mara@bar.com" not in str(data)
    assert "CTO" not in str(data)

    tables = ("company", "company_listing", "company_listing_end", "acknowledgement")
    for table in tables:
        with pytest.raises(DBAPIError), register.database.write() as connection:
            connection.execute(text(f"DELETE FROM {table}"))
    with register.database.write() as connection:
        _lift_guard(connection, "company_listing")
        connection.execute(
            text("UPDATE company_listing SET github_id = 666 WHERE rule = 'person'")
        )
        (problem,) = verify_chain(connection)
    assert f"record {listing} and its row differ in github_id" in problem


def _lift_guard(connection: Connection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DROP TRIGGER {table}_no_update"))
    else:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
