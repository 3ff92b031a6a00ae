"""The schedule: however many lead, each slot has one task, and a change of leader loses none."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import schedule, tasks
from bot.schedule import EPOCH, JOBS, Job, Schedule
from core import lease
from core.db import Database, metadata
from tests import programs

START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOURLY = Job("hourly", timedelta(hours=1))


@pytest.fixture
def database(databases: tuple[str, str]) -> Iterator[Database]:
    made = Database(databases[0])
    yield made
    made.close()


def beats(database: Database, name: str) -> list[int]:
    """The slots that got a task, in the order of the tasks."""
    with database.read() as connection:
        query = select(tasks.task.c.key).where(tasks.task.c.name == name).order_by(tasks.task.c.id)
        keys = connection.scalars(query).all()
    return [int(key.rpartition(":")[2]) for key in keys if key.startswith("tick:")]


def beat(database: Database, job: Job, now: datetime) -> int:
    with database.write() as connection:
        return schedule.beat(connection, job, now)


def test_each_slot_gets_one_task_that_is_due_when_the_slot_begins(database: Database) -> None:
    for minutes in range(0, 300, 7):
        beat(database, HOURLY, START + timedelta(minutes=minutes))

    slots = beats(database, "hourly")
    first = (START - EPOCH) // HOURLY.every
    assert slots == list(range(first, first + 6))
    with database.read() as connection:
        due = connection.scalars(select(tasks.task.c.due_at)).all()
    assert due == [EPOCH + slot * HOURLY.every for slot in slots]


def test_the_night_in_which_clocks_jump_has_as_many_hours_as_it_has(database: Database) -> None:
    # In Paris, 2026-03-29 has no hour from two to three.
    for minutes in range(0, 24 * 60, 15):
        beat(database, HOURLY, START + timedelta(minutes=minutes))

    assert len(beats(database, "hourly")) == 25


def test_missed_slots_are_made_up_for_within_bounds(database: Database) -> None:
    beat(database, HOURLY, START)
    assert beat(database, HOURLY, START + timedelta(hours=5)) == 5
    assert beat(database, HOURLY, START + timedelta(days=100)) == HOURLY.most_behind
    assert beat(database, HOURLY, START) == 0  # a clock that went back


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5_000)), max_size=40))
def test_two_leaders_double_nothing_and_miss_nothing(steps: list[tuple[bool, int]]) -> None:
    databases = Database("sqlite://")
    metadata.create_all(databases.engine, tables=[tasks.task, schedule.tick])
    job = Job("often", SECOND, most_behind=10**6)
    now = START
    beat(databases, job, now)
    for behind, passed in steps:
        now += timedelta(milliseconds=passed)
        beat(databases, job, now - SECOND * 2 if behind else now)
    beat(databases, job, now)

    first = (START - EPOCH) // SECOND
    assert beats(databases, "often") == list(range(first, (now - EPOCH) // SECOND + 1))
    databases.close()


def test_one_of_several_leads_until_its_lease_ends(database: Database) -> None:
    now = [START]
    one, other = (Schedule(database, lambda: now[0], name) for name in ("one", "other"))

    assert one.lead()
    assert not other.lead()
    now[0] += schedule.LEASE - SECOND
    assert one.lead()
    now[0] += schedule.LEASE
    assert other.lead()
    assert not one.lead()


def test_a_leader_that_is_killed_is_late_by_less_than_fifteen_seconds() -> None:
    """Its lease has to end, and the next one has to ask."""
    assert schedule.LEASE + timedelta(seconds=schedule.RENEW_S) < 15 * SECOND


def test_whoever_takes_the_lead_beats_at_once_and_looks_for_missed_deliveries(
    database: Database,
) -> None:
    for name in ("one", "other"):
        assert Schedule(database, lambda: START, name).lead() == (name == "one")

    with database.read() as connection:
        keys = connection.scalars(select(tasks.task.c.key)).all()
    assert f"start:reconcile_deliveries:{START.isoformat()}" in keys
    assert {key.split(":")[1] for key in keys if key.startswith("tick:")} == {
        job.name for job in JOBS
    }


def test_four_processes_and_killed_leaders_double_no_tick_and_miss_none(
    databases: tuple[str, str],
) -> None:
    database = Database(databases[0])
    given = {"app": databases[0], "every_ms": 20, "span_ms": 600, "renew_ms": 150}
    with ExitStack() as stack:
        running = {
            name: stack.enter_context(programs.started("schedule", given | {"owner": name}))
            for name in ("one", "two", "three", "four")
        }
        for _ in range(2):
            wait_for_more(database, 100)
            running[leader(database)].kill()
        wait_for_more(database, 100)
    slots = beats(database, "beat")
    database.close()

    assert slots == list(range(slots[0], slots[0] + len(slots)))


def leader(database: Database) -> str:
    with database.read() as connection:
        owner = connection.scalar(select(lease.lease.c.owner))
    assert owner is not None
    return owner


def wait_for_more(database: Database, number: int) -> None:
    """Wait until that many more slots have their task."""
    enough = len(beats(database, "beat")) + number
    deadline = time.monotonic() + 30
    while len(beats(database, "beat")) < enough:
        assert time.monotonic() < deadline, "the schedule stands still"
        time.sleep(0.05)
