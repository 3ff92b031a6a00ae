"""The lease protocol, as laws: nothing is lost, nobody shares a row or an entity, old fences fail."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import Column, MetaData, Table, event, insert, select

from core.db import Database
from core.queue import (
    BIG_ID,
    LEASE,
    MOST_ATTEMPTS,
    Claim,
    Finish,
    Queue,
    backoff,
    queue_columns,
    queue_indexes,
)

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)

tables = MetaData()
errand = Table("errand", tables, Column("id", BIG_ID, primary_key=True), *queue_columns())
queue_indexes(errand)


class Errands:
    """One queue in memory, and what somebody may do with it."""

    def __init__(self) -> None:
        self.database = Database("sqlite://")
        tables.create_all(self.database.engine)
        self.queue = Queue(errand)
        self.now = START
        self.dice = random.Random(1)

    def put(self, entity: str | None = None, count: int = 1) -> None:
        with self.database.write() as connection:
            values = {"state": "due", "entity": entity, "due_at": self.now}
            connection.execute(insert(errand), [values] * count)

    def claim(self, most: int = 10, owner: str = "me") -> tuple[Claim, ...]:
        with self.database.write() as connection:
            return self.queue.claim(connection, owner, self.now, most)

    def finish(self, claim: Claim, state: str = "done") -> bool:
        with self.database.write() as connection:
            return self.queue.finish(connection, self.now, Finish(claim, state))

    def fail(self, claim: Claim, error: str = "no luck") -> str:
        with self.database.write() as connection:
            return self.queue.fail(connection, claim, self.now, error, self.dice)

    def states(self) -> dict[int, str]:
        with self.database.read() as connection:
            rows = connection.execute(select(errand.c.id, errand.c.state))
            return {row.id: row.state for row in rows}

    def wait(self, span: timedelta) -> None:
        self.now += span


@pytest.fixture
def errands() -> Iterator[Errands]:
    made = Errands()
    yield made
    made.database.close()


def test_the_oldest_comes_first_and_one_of_each_entity(errands: Errands) -> None:
    errands.put("a")
    errands.put("a")
    errands.put("b")
    errands.put(None, count=2)

    assert [claim.id for claim in errands.claim()] == [1, 3, 4, 5]
    assert errands.claim() == ()


def test_a_crowd_of_one_entity_does_not_hide_the_others(errands: Errands) -> None:
    errands.put("crowd", count=500)
    errands.put("other")

    assert [claim.entity for claim in errands.claim(most=4)] == ["crowd", "other"]


def test_a_successor_follows_when_its_entity_is_free(errands: Errands) -> None:
    errands.put("a", count=2)
    (first,) = errands.claim()
    assert errands.finish(first)

    assert [claim.id for claim in errands.claim()] == [2]


def test_a_failed_row_waits_and_does_not_block_its_successors(errands: Errands) -> None:
    errands.put("a", count=2)
    (first,) = errands.claim()
    errands.dice = random.Random(3)
    assert errands.fail(first) == "due"

    assert [claim.id for claim in errands.claim()] == [2]


def test_a_row_is_dead_after_its_last_attempt_and_retry_gives_it_all_of_them_again(
    errands: Errands,
) -> None:
    errands.put()
    outcomes = []
    while claims := errands.claim():
        outcomes.append(errands.fail(claims[0]))
        errands.wait(timedelta(hours=3))

    assert outcomes == ["due"] * (MOST_ATTEMPTS - 1) + ["dead"]
    with errands.database.write() as connection:
        assert errands.queue.retry(connection, 1, errands.now)
        assert not errands.queue.retry(connection, 1, errands.now)
    assert errands.claim()[0].attempts == 1


def test_a_lease_that_ran_out_goes_to_somebody_else_and_the_first_is_refused(
    errands: Errands,
) -> None:
    errands.put("a")
    (late,) = errands.claim(owner="late")
    errands.wait(LEASE)
    (second,) = errands.claim(owner="second")

    assert not errands.finish(late)
    assert errands.fail(late) == "lost"
    assert errands.finish(second)
    assert errands.states() == {1: "done"}


def test_a_renewed_lease_is_not_taken(errands: Errands) -> None:
    errands.put()
    claims = errands.claim()
    errands.wait(LEASE / 2)
    with errands.database.write() as connection:
        errands.queue.renew(connection, claims, errands.now)
        assert errands.queue.holds(connection, claims[0])
    errands.wait(LEASE / 2)

    assert errands.claim() == ()
    assert errands.finish(claims[0])


def test_what_ends_its_workers_comes_alone_and_is_given_up_in_the_end(errands: Errands) -> None:
    errands.put(count=3)
    assert len(errands.claim()) == 3  # and the worker ends
    errands.wait(LEASE)
    assert len(errands.claim()) == 3  # that may happen once
    errands.wait(LEASE)
    batches = []
    while claims := errands.claim():
        batches.append([claim.id for claim in claims])
        if claims[0].id == 2:
            errands.wait(LEASE)  # the culprit ends its worker every time
        else:
            errands.finish(claims[0])

    assert all(len(batch) == 1 for batch in batches)
    assert errands.states() == {1: "done", 2: "dead", 3: "done"}


def test_postponing_costs_no_attempt(errands: Errands) -> None:
    errands.put()
    for _ in range(3 * MOST_ATTEMPTS):
        (claim,) = errands.claim()
        assert claim.attempts == 1
        with errands.database.write() as connection:
            until = errands.now + SECOND
            assert errands.queue.postpone(connection, claim, until, "not now")
        assert errands.claim() == ()
        errands.wait(SECOND)


def test_eight_attempts_spread_over_less_than_seven_hours() -> None:
    class Longest(random.Random):
        def random(self) -> float:
            return 1.0

    waits = [backoff(attempt, Longest()) for attempt in range(1, MOST_ATTEMPTS)]

    assert timedelta(hours=6) < sum(waits, timedelta()) < timedelta(hours=7)


def plans(errands: Errands) -> str:
    """Let a claim run, and give SQLite's plans for what it asked."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        if sql.startswith("SELECT"):
            asked.append((sql, values))

    event.listen(errands.database.engine, "before_cursor_execute", note)
    errands.claim()
    event.remove(errands.database.engine, "before_cursor_execute", note)
    with errands.database.read() as connection:
        rows = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
            for sql, values in asked
        ]
    return "\n".join(str(row) for row in rows)


def test_a_claim_looks_at_unfinished_rows_only(errands: Errands) -> None:
    """However much history there is, both halves of a claim are answered from partial indexes."""
    found = plans(errands)

    for index in ("ix_errand_due", "uq_errand_entity_running", "ix_errand_leased"):
        assert index in found
    assert "SCAN" not in found
    # Only the few rows whose lease ran out are sorted.
    assert found.count("TEMP B-TREE") == 1


class Laws(RuleBasedStateMachine):
    """Workers claim, finish, fail, crash and come back late, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.errands = Errands()
        self.held: list[Claim] = []
        self.finished: set[int] = set()

    @rule(entity=st.sampled_from([None, "a", "b", "c"]))
    def put(self, entity: str | None) -> None:
        self.errands.put(entity)

    @rule(most=st.integers(1, 5))
    def claim(self, most: int) -> None:
        live = [claim for claim in self.held if claim.leased_until > self.errands.now]
        for claim in self.errands.claim(most):
            assert claim.id not in self.finished
            assert claim.id not in {other.id for other in live}
            if claim.entity:
                assert claim.entity not in {other.entity for other in live}
            live.append(claim)
            self.held.append(claim)

    @rule(data=st.data(), how=st.sampled_from(["finish", "fail", "crash", "postpone"]))
    def end(self, data: st.DataObject, how: str) -> None:
        if not self.held:
            return
        claim = self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))
        newest = claim.fence == max(
            [claim.fence, *(other.fence for other in self.held if other.id == claim.id)]
        )
        if how == "finish" and self.errands.finish(claim):
            assert newest
            assert claim.id not in self.finished
            self.finished.add(claim.id)
        elif how == "fail" and self.errands.fail(claim) == "dead":
            self.finished.add(claim.id)
        elif how == "postpone":
            with self.errands.database.write() as connection:
                until = self.errands.now + SECOND
                self.errands.queue.postpone(connection, claim, until, "later")

    @rule(seconds=st.sampled_from([1, 59, 60, 3600]))
    def wait(self, seconds: int) -> None:
        self.errands.wait(seconds * SECOND)

    @invariant()
    def every_row_is_somewhere(self) -> None:
        for row_id, state in self.errands.states().items():
            assert state in ("due", "running", "done", "dead")
            if row_id in self.finished:
                assert state in ("done", "dead")

    def teardown(self) -> None:
        for _ in range(200):
            self.errands.wait(timedelta(hours=2))
            claims = self.errands.claim()
            for claim in claims:
                assert self.errands.finish(claim)
            if not claims:
                break
        assert set(self.errands.states().values()) <= {"done", "dead"}
        self.errands.database.close()


Laws.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestLaws = Laws.TestCase
