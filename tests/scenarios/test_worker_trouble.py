"""The worker in trouble: poison, refusals, silence and half-done work; nobody else is kept."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from bot import handling
from bot.sandbox import failures
from core.context import Context, Decide, Effect, Task
from core.github import Comment, NotFound, Suspended
from tests.house import House
from tests.workshop import said, states
from webhooks import inbox
from webhooks.deliveries import delivery
from webhooks.events import CommentWritten, PullRequestChanged
from webhooks.router import TaskDue, on, on_task


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
    assert dead.error.startswith(
        "ValueError: cannot digest poison for [e-mail] (test_worker_trouble.py"
    )
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


def test_a_suspended_installation_lays_the_delivery_by_until_it_is_back(workshop: House) -> None:
    suspended, handled = [True], []

    @on(PullRequestChanged)
    def refused(event: PullRequestChanged, _ctx: Context) -> None:
        if suspended[0]:
            raise Suspended("the installation is suspended")
        handled.append(event.pull.number)

    pull = workshop.propose(workshop.garden.ada)
    workshop.settle()

    with workshop.inbox.read() as connection:
        laid_by = delivery.c.state == "suspended"
        notes = connection.scalars(select(delivery.c.error).where(laid_by)).all()
    assert notes == ["Suspended: the installation is suspended"]
    suspended[0] = False
    with workshop.inbox.write() as connection:
        assert inbox.resume(connection, workshop.garden.repo.id + 1, workshop.now) == 0
        assert inbox.resume(connection, workshop.garden.repo.id, workshop.now) == 1
    workshop.settle()
    assert handled == [pull.number]


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


def test_a_database_in_trouble_costs_no_attempt(workshop: House) -> None:
    tries = []

    @on(PullRequestChanged)
    def unlucky(event: PullRequestChanged, _ctx: Context) -> Decide:
        def decide(_connection: Connection) -> list[Effect]:
            tries.append(event.pull.number)
            if len(tries) < 20:
                raise OperationalError("UPDATE …", {}, Exception("deadlock detected"))
            return []

        return decide

    workshop.propose(workshop.garden.ada)
    workshop.settle()

    assert len(tries) == 20
    assert states(workshop)[-1] == "done"


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
