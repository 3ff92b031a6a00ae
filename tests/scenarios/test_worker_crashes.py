"""Crashes, lost leases and wrong clocks: each effect exists once, whatever is interrupted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.desks import Desk
from bot.sandbox.records import PullRequest
from bot.worker import Worker
from core.context import Context, Decide, Effect, Task
from core.db import Database
from core.github import Check, Comment
from core.queue import LEASE
from tests.house import CHECK, House
from tests.workshop import bodies
from webhooks.deliveries import delivery
from webhooks.events import PullRequestChanged
from webhooks.router import TaskDue, on, on_task


class Killed(BaseException):
    """What nobody catches: the process ends here."""


class Fuse:
    """Ends the process at the n-th seam that it passes; a seam lies on each side of a commit."""

    def __init__(self) -> None:
        self.left = 0
        self.blown = False

    def seam(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.blown = True
            raise Killed

    def guard(self, database: Database) -> None:
        whole = database.write

        @contextmanager
        def write() -> Iterator[Connection]:
            with whole() as connection:
                yield connection
                self.seam()
            self.seam()

        database.write = write  # type: ignore[method-assign] - the seam that this test is about

    def around(self, perform: Callable[..., int]) -> Callable[..., int]:
        def guarded(*values: Any, **more: Any) -> int:
            self.seam()
            remote_id = perform(*values, **more)
            self.seam()
            return remote_id

        return guarded


def greet(event: PullRequestChanged, ctx: Context) -> Decide:
    def decide(_connection: Connection) -> list[Effect]:
        about = {"repo": event.repo.id, "number": event.pull.number}
        return [
            Check(event.repo, event.pull.head_sha, CHECK, "success", "t", "s"),
            Task("greet", f"greet:{event.pull.number}", ctx.now, about=about),
        ]

    return decide


@pytest.fixture
def greeting(workshop: House) -> House:
    on(PullRequestChanged)(greet)

    @on_task("greet")
    def say(task: TaskDue, ctx: Context) -> Decide:
        repo = ctx.github_app.repositories(workshop.garden.installation.id)[0]
        return lambda _connection: [Comment(repo, task.about["number"], "greeting", "Hello")]

    return workshop


def test_a_kill_at_every_seam_leaves_each_effect_once(greeting: House) -> None:
    fuse = Fuse()
    fuse.guard(greeting.app)
    fuse.guard(greeting.inbox)
    # Every seam on SQLite; on PostgreSQL, where it takes longer, every third.
    step = 1 if greeting.app.url.startswith("sqlite") else 3
    kills = 0
    while True:
        kills += step
        pull = greeting.propose(greeting.garden.ada)
        fuse.left, fuse.blown = kills, False
        greeting.sender._perform = fuse.around(greeting.github.perform)
        try:
            greeting.settle()
        except Killed:
            greeting.restart()
            greeting.settle()
        assert bodies(pull) == ["Hello"]
        assert len(greeting.checks(pull)) == 1
        if not fuse.blown:
            break

    assert kills > 20  # two sides of a dozen commits and of two writes


def test_the_effects_of_whoever_lost_the_lease_are_refused(greeting: House) -> None:
    """Both handle the same delivery to the end: the second to come changes nothing."""
    pull = greeting.propose(greeting.garden.ada)
    greeting.sandbox.deliver_all()
    greeting.worker.sort()
    slow = claimed(greeting.worker.desks[0], "slow")
    greeting.advance(LEASE)
    fast = claimed(greeting.worker.desks[0], "fast")
    endings = [(job, job.do()) for job in (*fast, *slow)]
    greeting.worker.desks[0].exchange("slow", endings[1:], 0)
    greeting.worker.desks[0].exchange("fast", endings[:1], 0)
    greeting.settle()

    assert [ending.note for _job, ending in endings] == [None, "processed before"]
    assert bodies(pull) == ["Hello"]
    assert len(greeting.checks(pull)) == 1


def test_a_task_whose_lease_was_lost_changes_nothing(greeting: House) -> None:
    pull = greeting.propose(greeting.garden.ada)
    greeting.sandbox.deliver_all()
    greeting.worker.sort()
    inbox, tasks = greeting.worker.desks
    inbox.exchange("me", [(job, job.do()) for job in claimed(inbox, "me")], 0)
    slow = claimed(tasks, "slow")
    greeting.advance(LEASE)
    fast = claimed(tasks, "fast")

    assert [job.do().state for job in slow] == ["lost"]
    assert [job.do().state for job in fast] == ["kept"]
    greeting.settle()
    assert bodies(pull) == ["Hello"]


def claimed(desk: Desk, owner: str) -> list[Any]:
    jobs = desk.exchange(owner, (), 10)
    assert len(jobs) == 1
    return jobs


@pytest.mark.parametrize("minutes", [10, -10])
def test_a_worker_with_a_wrong_clock_steals_at_most_once_and_doubles_nothing(
    greeting: House, minutes: int
) -> None:
    pulls = [greeting.propose(greeting.garden.ada) for _ in range(3)]
    greeting.sandbox.deliver_all()
    greeting.worker.sort()
    other = astray(greeting, timedelta(minutes=minutes))
    mine = greeting.worker.desks[0].exchange("right", (), 1)
    theirs = other.desks[0].exchange("astray", (), 10)
    again = greeting.worker.desks[0].exchange("right", (), 10)
    for desk, owner, jobs in (
        (greeting.worker.desks[0], "right", [*mine, *again]),
        (other.desks[0], "astray", theirs),
    ):
        desk.exchange(owner, [(job, job.do()) for job in jobs], 0)
    greeting.settle()

    stolen = {job.claim.id for job in mine} & {job.claim.id for job in theirs}
    assert len(stolen) == (1 if minutes > 0 else 0)
    assert not {job.claim.id for job in theirs} & {job.claim.id for job in again} or minutes < 0
    for pull in pulls:
        assert bodies(pull) == ["Hello"]
        assert len(greeting.checks(pull)) == 1


def astray(house: House, by: timedelta) -> Worker:
    """A worker of the same house whose clock is wrong, and whose calls of GitHub work even so."""
    from dataclasses import replace

    def clock() -> datetime:
        return house.now + by

    world = replace(house.worker.world, clock=clock)
    return Worker(world, "astray")


def test_what_keeps_ending_its_worker_is_given_up_and_the_rest_goes_on(workshop: House) -> None:
    handled = []

    @on(PullRequestChanged)
    def fatal(event: PullRequestChanged, _ctx: Context) -> None:
        if event.pull.number == 2:
            raise Killed
        handled.append(event.pull.number)

    pulls: list[PullRequest] = [workshop.propose(workshop.garden.ada) for _ in range(4)]
    ends = 0
    while True:
        try:
            workshop.settle()
            break
        except Killed:
            ends += 1
            workshop.restart()

    assert ends == 8
    assert sorted(set(handled)) == [pull.number for pull in pulls if pull.number != 2]
    with workshop.inbox.read() as connection:
        dead = connection.execute(select(delivery).where(delivery.c.state == "dead")).one()
    assert dead.error == "every attempt outlived its lease: its worker ended, or hung"
