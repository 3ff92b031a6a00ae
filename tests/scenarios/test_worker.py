"""The worker: every delivery is handled once, in any order, and only if it is what it says."""

import pytest
from sqlalchemy import select

from tests.house import House
from tests.workshop import said, states
from webhooks import inbox
from webhooks.deliveries import delivery


def test_a_pull_request_is_answered_by_one_comment_and_one_check(reporting: House) -> None:
    pull = reporting.propose(reporting.garden.ada)
    reporting.settle()

    assert reporting.comments(pull) == said(pull, "open")
    assert reporting.check(pull).conclusion == "success"
    assert set(states(reporting)) <= {"done", "ignored"}


def test_copies_of_a_delivery_have_one_effect(reporting: House) -> None:
    reporting.sandbox.hooks.duplicate(16)
    pull = reporting.propose(reporting.garden.ada)
    with reporting.calls() as calls:
        reporting.settle()

    assert len(reporting.comments(pull)) == len(reporting.checks(pull)) == 1
    assert sum(call.method == "POST" for call in calls if "access_tokens" not in call.path) == 2


def test_a_redelivery_of_what_was_handled_does_nothing(reporting: House) -> None:
    pull = reporting.propose(reporting.garden.ada)
    reporting.settle()
    for attempt in list(reporting.sandbox.hooks.attempts):
        reporting.sandbox.hooks.redeliver(attempt)
    with reporting.calls() as calls:
        reporting.settle()

    assert calls == []
    assert len(reporting.comments(pull)) == 1


def test_retrying_what_was_handled_does_nothing(reporting: House) -> None:
    reporting.propose(reporting.garden.ada)
    reporting.settle()
    with reporting.inbox.write() as connection:
        ids = connection.scalars(select(delivery.c.id).where(delivery.c.state == "done")).all()
        assert all(inbox.requeue(connection, one, reporting.now) for one in ids)
    with reporting.calls() as calls:
        reporting.settle()

    assert [call.method for call in calls] == ["GET"] * len(ids)
    with reporting.inbox.read() as connection:
        notes = connection.scalars(select(delivery.c.error).where(delivery.c.id.in_(ids))).all()
    assert set(notes) == {"processed before"}


def test_a_replay_under_a_new_id_changes_nothing(reporting: House) -> None:
    pull = reporting.propose(reporting.garden.ada)
    body = reporting.sandbox.hooks.waiting[-1].body
    event = reporting.sandbox.hooks.waiting[-1].event.name
    reporting.settle()
    for number in range(5):
        assert reporting.deliver(event, body, f"forged-{number}") == 202
    with reporting.calls() as calls:
        reporting.settle()

    assert {call.method for call in calls} <= {"GET"}
    assert len(reporting.comments(pull)) == len(reporting.checks(pull)) == 1


def test_a_body_under_another_events_name_is_quarantined_and_counted(reporting: House) -> None:
    reporting.propose(reporting.garden.ada)
    body = reporting.sandbox.hooks.waiting[-1].body
    reporting.settle()
    before = len(states(reporting))
    names = ("push", "issue_comment", "merge_group", "check_run", "repository")
    for name in names:
        assert reporting.deliver(name, body) == 202
    reporting.settle()

    assert states(reporting)[before:] == ["quarantined"] * len(names)
    reporting.meters.flush(reporting.app, reporting.now)
    figures = reporting.pages.test_client().get("/metrics").text
    assert 'potluck_deliveries_quarantined_total{reason="body belongs to another event"} 5.0' in (
        figures
    )


def test_what_is_not_json_is_quarantined_and_does_not_come_back(reporting: House) -> None:
    for body in (b"", b"{", b"\xff\xfe", b"[]", b'"text"', b"9" * 5_000):
        assert reporting.deliver("pull_request", body) == 202
    reporting.settle()

    assert states(reporting) == ["quarantined"] * 6


def test_events_that_nobody_handles_are_ignored_with_the_reason(workshop: House) -> None:
    workshop.deliver("star", {"action": "created"})
    workshop.world.comment(workshop.propose(workshop.garden.ada), workshop.garden.bo, "Nice")
    workshop.settle()

    assert set(states(workshop)) == {"ignored"}
    with workshop.inbox.read() as connection:
        notes = set(connection.scalars(select(delivery.c.error)))
    assert {"event not listened to", "nobody handles it"} <= notes


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_deliveries_ends_in_the_same_state(reporting: House, seed: int) -> None:
    world, garden = reporting.world, reporting.garden
    pull = reporting.propose(garden.ada)
    world.push_to(pull, files={"ada.md": "# Newer\n"})
    world.close(pull, garden.mara)
    world.reopen(pull, garden.mara)
    world.push_to(pull, files={"ada.md": "# Newest\n"})
    world.close(pull, garden.mara)
    reporting.sandbox.hooks.shuffle(seed)
    reporting.settle()

    assert reporting.comments(pull) == said(pull, "closed")
    assert reporting.check(pull).conclusion == "neutral"
