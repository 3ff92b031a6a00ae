"""The worker: every delivery is handled once, in any order, whatever goes wrong on the way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from bot import handling
from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from core.context import Context, Decide, Effect, Task
from core.github import Check, Comment, NotFound, Suspended
from tests.house import CHECK, House
from webhooks import inbox
from webhooks.deliveries import delivery
from webhooks.events import CommentWritten, PullRequestChanged
from webhooks.router import TaskDue, on, on_task

FORTY_BYTES = "0" * 40


def report(event: PullRequestChanged, ctx: Context) -> Decide:
    """A level-triggered handler: whatever happened, it reads what is so, and says that."""
    pull = ctx.github(event.repo).pull_request(event.repo, event.pull.number)

    def decide(_connection: Connection) -> list[Effect]:
        text = f"#{pull.number} is {pull.state} at {pull.head_sha}"
        conclusion = "neutral" if pull.state == "closed" else "success"
        return [
            Comment(event.repo, pull.number, "state", text),
            Check(event.repo, pull.head_sha, CHECK, conclusion, "Seen", text),
        ]

    return decide


def states(house: House) -> list[str]:
    """The state of every delivery since the house was opened, oldest first."""
    with house.inbox.read() as connection:
        rows = connection.execute(
            select(delivery.c.state, delivery.c.event).order_by(delivery.c.id)
        )
        return [row.state for row in rows if not row.event.startswith("installation")]


def said(pull: PullRequest, state: str) -> list[str]:
    """What the bot has to say about a pull request."""
    text = f"#{pull.number} is {state} at {pull.head_sha}"
    return [f"{text}\n\n<!-- potluck:state -->\n"]


@pytest.fixture
def reporting(workshop: House) -> Iterator[House]:
    on(PullRequestChanged)(report)
    return workshop


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


@pytest.mark.parametrize("seed", range(6))
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


def test_a_poison_event_is_given_up_after_eight_attempts_and_blocks_nobody(
    workshop: House,
) -> None:
    handled = []

    @on(CommentWritten)
    def choke(event: CommentWritten, ctx: Context) -> None:
        if "poison" in event.body:
            raise ValueError(f"cannot digest {event.body}")
        handled.append((ctx.now, event.number))

    pull = workshop.propose(workshop.garden.ada)
    workshop.world.comment(pull, workshop.garden.bo, "poison for bo@example.com")
    workshop.world.comment(pull, workshop.garden.bo, "fine")
    began = workshop.now
    workshop.settle()

    assert handled == [(began, pull.number)]
    with workshop.inbox.read() as connection:
        dead = connection.execute(select(delivery).where(delivery.c.state == "dead")).one()
    assert dead.attempts == 8
    assert dead.error.startswith("ValueError: cannot digest poison for [e-mail] (test_worker.py")
    assert workshop.now - began < timedelta(hours=7)


def test_what_was_given_up_can_be_retried_by_hand(workshop: House) -> None:
    handled = []
    broken = [True]

    @on(PullRequestChanged)
    def mended(event: PullRequestChanged, _ctx: Context) -> None:
        if broken[0]:
            raise RuntimeError("not yet")
        handled.append(event.pull.number)

    workshop.propose(workshop.garden.ada)
    workshop.settle()
    broken[0] = False
    with workshop.inbox.write() as connection:
        row_id = connection.scalar(select(delivery.c.id).where(delivery.c.state == "dead"))
        assert row_id is not None
        assert inbox.requeue(connection, row_id, workshop.now)
    workshop.settle()

    assert handled == [1]


def test_a_pull_request_that_github_does_not_show_yet_is_asked_for_again(
    reporting: House,
) -> None:
    reporting.sandbox.fail("GET", "/pulls/1$", failures.status(404, "Not Found"), times=2)
    pull = reporting.propose(reporting.garden.ada)
    reporting.settle()

    assert reporting.comments(pull) == said(pull, "open")


def test_what_github_never_shows_is_let_go_without_alarm(workshop: House) -> None:
    asked = []

    @on(PullRequestChanged)
    def missing(_event: PullRequestChanged, _ctx: Context) -> None:
        asked.append(1)
        raise NotFound("GitHub answered 404")

    workshop.propose(workshop.garden.ada)
    workshop.settle()

    assert len(asked) == 3
    assert "dead" not in states(workshop)


def test_a_suspended_installation_ends_the_delivery_with_a_note(workshop: House) -> None:
    @on(PullRequestChanged)
    def refused(_event: PullRequestChanged, _ctx: Context) -> None:
        raise Suspended("the installation is suspended")

    workshop.propose(workshop.garden.ada)
    workshop.settle()

    with workshop.inbox.read() as connection:
        done = delivery.c.state == "done"
        notes = connection.scalars(select(delivery.c.error).where(done)).all()
    assert notes == ["Suspended: the installation is suspended"]


def test_too_fast_reading_keeps_that_installation_quiet_and_costs_no_attempt(
    reporting: House,
) -> None:
    began = reporting.now
    reporting.sandbox.fail("GET", "/pulls/", failures.secondary(retry_after=300), times=1)
    pull = reporting.propose(reporting.garden.ada)
    other = reporting.propose(reporting.garden.bo)
    reporting.happen()
    with reporting.calls() as calls:
        reporting.advance(timedelta(seconds=299))
        reporting.happen()
    reporting.settle()

    assert calls == []
    assert reporting.comments(pull) == said(pull, "open")
    assert reporting.comments(other) == said(other, "open")
    assert reporting.now >= began + timedelta(seconds=300)
    with reporting.inbox.read() as connection:
        attempts = select(func.max(delivery.c.attempts)).where(delivery.c.state == "done")
        assert connection.scalar(attempts) == 1


def test_the_effects_of_an_event_are_all_kept_or_none(workshop: House) -> None:
    tries = []

    @on(PullRequestChanged)
    def half(event: PullRequestChanged, ctx: Context) -> Decide:
        def decide(_connection: Connection) -> Iterator[Effect]:
            yield Comment(event.repo, event.pull.number, "half", "Hello")
            yield Task("never", "half:never", ctx.now)
            tries.append(1)
            if len(tries) < 3:
                raise RuntimeError("in the middle")

        return decide

    @on_task("never")
    def never(_task: TaskDue, _ctx: Context) -> None:
        tries.append(100)

    pull = workshop.propose(workshop.garden.ada)
    workshop.happen()
    assert workshop.comments(pull) == []
    with workshop.app.read() as connection:
        keys = connection.scalar(select(func.count()).select_from(handling.processed))
    assert keys == 0
    workshop.settle()

    assert len(workshop.comments(pull)) == 1
    assert tries == [1, 1, 1, 100]


def test_a_task_is_done_once_however_often_it_is_asked_for(workshop: House) -> None:
    done = []

    @on(PullRequestChanged)
    def ask(_event: PullRequestChanged, ctx: Context) -> Decide:
        later = ctx.now + timedelta(hours=1)
        return lambda _connection: [Task("count", "count:1", later, about={"of": 7})]

    @on_task("count")
    def count(task: TaskDue, ctx: Context) -> None:
        done.append((task.about["of"], ctx.guid, ctx.now))

    began = workshop.now
    pull = workshop.propose(workshop.garden.ada)
    workshop.world.push_to(pull, files={"ada.md": "# Again\n"})
    workshop.settle()

    assert done == [(7, "count:1", began + timedelta(hours=1))]


def test_a_task_without_a_handler_is_given_up_not_lost(workshop: House) -> None:
    workshop.tick("nobody")
    workshop.settle()

    workshop.meters.flush(workshop.app, workshop.now)
    figures = workshop.pages.test_client().get("/metrics").text
    assert 'potluck_tasks{state="dead"} 1.0' in figures
    assert 'potluck_dead_total{queue="tasks"} 1.0' in figures


def test_older_facts_do_not_overwrite_later_ones(workshop: House) -> None:
    """Two handlings of the same thread, the slower one with what was so before."""
    slow: list[Decide] = []

    @on(PullRequestChanged)
    def lazy(event: PullRequestChanged, ctx: Context) -> Decide | None:
        seen = f"as of {ctx.now.isoformat()}"
        if not slow:
            # While this one dawdles, a task of the same thread reads and says the latest.
            slow.append(lambda _connection: ())
            workshop.advance(timedelta(seconds=5))
            workshop.tick("latest")
            workshop.worker.desks[1].exchange("other", (), 1)[0].do()
        return lambda _connection: [Comment(event.repo, event.pull.number, "facts", seen)]

    pull = workshop.propose(workshop.garden.ada)

    @on_task("latest")
    def latest(_task: TaskDue, ctx: Context) -> Decide:
        repo = ctx.github_app.repositories(workshop.garden.installation.id)[0]
        text = f"as of {ctx.now.isoformat()}"
        return lambda _connection: [Comment(repo, pull.number, "facts", text)]

    began = workshop.now
    workshop.settle()

    last = began + timedelta(seconds=5, milliseconds=100)
    assert workshop.comments(pull) == [f"as of {last.isoformat()}\n\n<!-- potluck:facts -->\n"]
