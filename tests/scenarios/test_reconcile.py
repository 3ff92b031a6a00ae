"""Missed deliveries: what GitHub could not deliver is asked for again, and what we hold never."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import reconcile
from bot.reconcile import OVERLAP, WINDOW, missing, reconciled
from bot.sandbox import failures
from core.context import Context
from core.github import HookDelivery
from tests.house import House
from webhooks.events import CommentWritten
from webhooks.router import on, on_task

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def attempt(guid: str, ago: timedelta, number: int, *, ok: bool = False) -> HookDelivery:
    status = "OK" if ok else "failed to connect to host"
    return HookDelivery(number, guid, NOW - ago, False, status, 202 if ok else 502, "push")


def test_a_delivery_that_failed_is_asked_for_once_by_its_newest_attempt() -> None:
    attempts = [attempt("a", 9 * MINUTE, 1), attempt("b", 8 * MINUTE, 2), attempt("a", MINUTE, 3)]

    assert [one.id for one in missing(attempts, set(), NOW).askable] == [2, 3]


def test_what_we_hold_is_not_asked_for_whatever_github_believes() -> None:
    attempts = [attempt("late", MINUTE, 1), attempt("good", MINUTE, 2, ok=True)]

    assert missing(attempts, {"late", "good"}, NOW).askable == ()


def test_what_github_believes_delivered_but_we_do_not_hold_is_asked_for() -> None:
    attempts = [attempt("lost here", MINUTE, 1, ok=True)]

    assert [one.id for one in missing(attempts, set(), NOW).askable] == [1]


def test_what_is_older_than_the_window_is_given_up() -> None:
    attempts = [attempt("old", WINDOW, 1), attempt("young", WINDOW - MINUTE, 2)]
    found = missing(attempts, set(), NOW)

    assert ([one.id for one in found.askable], [one.id for one in found.too_old]) == ([2], [1])


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 5 * 24 * 60), st.booleans())),
    st.sets(st.sampled_from("abcdef")),
)
def test_nothing_is_forgotten_doubled_or_asked_for_in_vain(
    tried: list[tuple[str, int, bool]], held: set[str]
) -> None:
    attempts = [
        attempt(guid, ago * MINUTE, number, ok=ok) for number, (guid, ago, ok) in enumerate(tried)
    ]
    found = missing(attempts, held, NOW)
    guids = [one.guid for one in (*found.askable, *found.too_old)]

    assert sorted(guids) == sorted({guid for guid, _, _ in tried} - held)


@pytest.fixture
def heard(workshop: House) -> Iterator[list[int]]:
    """A workshop that can reconcile; gives the numbers of the comments that it was told of."""
    numbers: list[int] = []

    @on(CommentWritten)
    def hear(event: CommentWritten, _ctx: Context) -> None:
        numbers.append(event.comment_id)

    on_task("reconcile_deliveries")(reconcile.reconcile_deliveries)
    on_task("sweep_checks")(lambda _task, _ctx: numbers.append(-1))
    return numbers


def drop_all(house: House) -> int:
    """Let every webhook that waits find the door closed; gives how many."""
    waiting = len(house.sandbox.hooks.waiting)
    house.sandbox.hooks.drop(waiting)
    house.sandbox.deliver_all()
    return waiting


def test_a_workshop_that_was_closed_hears_all_that_it_missed_once(
    workshop: House, heard: list[int]
) -> None:
    pull = workshop.propose(workshop.garden.ada)
    workshop.tick("reconcile_deliveries")
    workshop.settle()
    missed = [workshop.world.comment(pull, workshop.garden.bo, str(n)).id for n in range(240)]
    waiting = drop_all(workshop)
    workshop.advance(timedelta(hours=5))
    workshop.tick("reconcile_deliveries")
    with workshop.calls() as calls:
        workshop.settle()

    assert sorted(heard) == missed
    lists = [call for call in calls if call.path.endswith("/app/hook/deliveries")]
    assert len(lists) <= (waiting + 99) // 100 + 1
    assert sum(call.method == "POST" for call in calls) == waiting


def test_what_was_recovered_is_not_asked_for_again(workshop: House, heard: list[int]) -> None:
    pull = workshop.propose(workshop.garden.ada)
    workshop.world.comment(pull, workshop.garden.bo, "hello")
    drop_all(workshop)
    for _ in range(3):
        workshop.tick("reconcile_deliveries")
        workshop.settle()
        workshop.advance(5 * MINUTE)
    with workshop.calls() as calls:
        workshop.tick("reconcile_deliveries")
        workshop.settle()

    assert len(heard) == 1
    assert [call.method for call in calls] == ["GET"]


def test_a_door_that_stays_closed_is_tried_again_each_time(
    workshop: House, heard: list[int]
) -> None:
    pull = workshop.propose(workshop.garden.ada)
    workshop.settle()
    workshop.world.comment(pull, workshop.garden.bo, "hello")
    for _ in range(30):
        workshop.sandbox.hooks.drop(1)
        workshop.sandbox.deliver_all()
        workshop.advance(5 * MINUTE)
        workshop.sandbox.hooks.drop(1)
        workshop.tick("reconcile_deliveries")
        workshop.settle()
        assert heard == []
    workshop.sandbox.hooks.drop(0)
    workshop.advance(5 * MINUTE)
    workshop.tick("reconcile_deliveries")
    workshop.settle()

    assert len(heard) == 1


def test_what_github_has_forgotten_is_told_and_leads_to_a_sweep(
    workshop: House, heard: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    workshop.tick("reconcile_deliveries")
    workshop.settle()
    pull = workshop.propose(workshop.garden.ada)
    workshop.world.comment(pull, workshop.garden.bo, "too long ago")
    drop_all(workshop)
    workshop.advance(WINDOW + MINUTE)
    late = workshop.world.comment(pull, workshop.garden.bo, "in time")
    workshop.sandbox.hooks.drop(1)
    workshop.tick("reconcile_deliveries")
    workshop.settle()

    assert sorted(heard) == [-1, late.id]
    assert "missed deliveries have not been looked for" in [it.message for it in caplog.records]
    workshop.meters.flush(workshop.app, workshop.now)
    figures = workshop.pages.test_client().get("/metrics").text
    assert 'potluck_redelivered_total{outcome="gap"} 1.0' in figures
    assert 'potluck_redelivered_total{outcome="asked"} 1.0' in figures


def test_what_github_will_not_send_again_is_told_and_leads_to_a_sweep(
    workshop: House, heard: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    pull = workshop.propose(workshop.garden.ada)
    workshop.settle()
    workshop.world.comment(pull, workshop.garden.bo, "hello")
    lost = drop_all(workshop)
    workshop.sandbox.fail("POST", "/attempts", failures.status(404, "Not Found"), times=lost)
    workshop.tick("reconcile_deliveries")
    workshop.settle()

    assert heard == [-1]
    said = [record.message for record in caplog.records]
    assert said.count("delivery cannot be recovered") == lost


def test_a_look_that_broke_off_is_no_look(workshop: House, heard: list[int]) -> None:
    pull = workshop.propose(workshop.garden.ada)
    workshop.world.comment(pull, workshop.garden.bo, "hello")
    drop_all(workshop)
    workshop.sandbox.fail("POST", "/attempts", failures.status(502), times=1)
    workshop.tick("reconcile_deliveries")
    workshop.happen()
    with workshop.app.read() as connection:
        assert connection.scalar(select(reconciled.c.complete_at)) is None
    workshop.settle()

    assert len(heard) == 1
    with workshop.app.read() as connection:
        looked_at = connection.scalar(select(reconciled.c.complete_at))
    assert looked_at is not None
    assert workshop.now - looked_at < OVERLAP
