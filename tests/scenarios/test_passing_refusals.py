"""Refusals that pass, and refusals of one repository: nobody else is held, and nothing is lost."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot import outbox
from bot.breaker import Breaker
from bot.meters import Meters
from bot.sandbox import failures
from bot.sandbox.records import Repository
from bot.sender import Sender
from core.db import Database
from core.github import Check, Repo
from tests.house import House

RULES = 'language = "en"\n[agreement]\nversion = "1.0"\n'
NOT_OURS = failures.status(403, "Resource not accessible by integration")


def second(house: House) -> Repository:
    files = {"README.md": "x\n", "CLA.md": "You may.\n", ".github/potluck.toml": RULES}
    other = house.world.repository(house.garden.organization, "second", files=files)
    house.world.add_repositories(house.garden.installation, other)
    house.settle()
    return other


def test_a_repository_that_refuses_holds_no_other(house: House) -> None:
    house.settle()
    other = second(house)
    failure = house.sandbox.fail("POST", "/repos/[^/]+/garden/", NOT_OURS, times=10_000)
    refused = house.propose(house.garden.bo)
    house.settle()
    free = house.world.propose(other, house.garden.ada, {"a.md": "x\n"})
    house.settle()
    assert house.check(free).conclusion == "action_required"

    for _ in range(2):
        house.advance(timedelta(hours=24))
        house.tick("prune")
        house.settle()
    assert failure.used < 10
    failure.times = 0
    house.tick("prune")
    house.settle()
    assert house.check(refused).conclusion == "action_required"


def test_a_removal_that_nobody_told_of_holds_no_other_repository(house: House) -> None:
    house.settle()
    other = second(house)
    house.propose(house.garden.bo)
    house.sandbox.deliver_all()
    house.worker.sort()
    house.worker.work()
    house.world.remove_repositories(house.garden.installation, house.garden.repo)
    house.sandbox.hooks._queue.clear()
    house.settle()
    free = house.world.propose(other, house.garden.ada, {"a.md": "x\n"})
    house.settle()

    assert house.check(free).conclusion == "action_required"


@pytest.mark.parametrize(("method", "path"), [("GET", "/repos/"), ("POST", "/check-runs")])
def test_credentials_that_are_refused_for_a_moment_lose_nothing(
    house: House, method: str, path: str
) -> None:
    house.settle()
    house.advance(timedelta(days=2))
    house.sandbox.fail(method, path, failures.status(401, "Bad credentials"), times=2)
    pull = house.propose(house.garden.bo)
    house.settle()

    assert house.check(pull).conclusion == "action_required"
    assert len(house.comments(pull)) == 1


def test_a_signature_given_just_before_a_suspension_is_heard_after_it(house: House) -> None:
    pull = house.propose(house.garden.bo)
    house.settle()
    house.world.comment(pull, house.garden.bo, "/sign")
    house.sandbox.deliver_all()
    house.world.suspend(house.garden.installation)
    house.restart()
    house.advance(timedelta(hours=2))
    house.settle()
    house.advance(timedelta(hours=1))
    house.world.unsuspend(house.garden.installation)
    house.settle()

    assert house.check(pull).conclusion == "success"


def test_a_commit_that_github_does_not_know_yet_gets_its_check(house: House) -> None:
    house.settle()
    unknown = failures.status(422, "No commit found for SHA: x")
    house.sandbox.fail("POST", "/check-runs", unknown, times=1)
    pull = house.propose(house.garden.bo)
    house.settle()

    assert house.check(pull).conclusion == "action_required"


def test_what_was_given_up_is_tried_again_daily_while_it_is_open(house: House) -> None:
    house.settle()
    unknown = failures.status(422, "No commit found for SHA: x")
    failure = house.sandbox.fail("POST", "/check-runs", unknown, times=100)
    pull = house.propose(house.garden.bo)
    closed = house.propose(house.garden.ada)
    house.settle()
    assert house.checks(pull) == []
    house.world.close(closed, house.garden.ada)
    house.settle()
    failure.times = 0

    house.advance(timedelta(days=1))
    house.tick("prune")
    house.settle()

    assert house.check(pull).conclusion == "action_required"
    assert house.checks(closed) == []


def test_sender_and_handler_take_their_locks_in_one_order(
    databases: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(databases[0])
    check = Check(Repo(1, "a/b", 5), "a" * 40, "potluck/cla", "neutral", "t", "s")
    better = Check(Repo(1, "a/b", 5), "a" * 40, "potluck/cla", "success", "t", "s")
    put = threading.Event()
    load, sent = outbox.load, []

    def now() -> datetime:
        return datetime(2026, 11, 20, 10, tzinfo=UTC)

    def want() -> None:
        put.set()
        with database.write() as connection:
            outbox.put(connection, better, now())

    def slow(connection: outbox.Connection, claim: outbox.Claim) -> outbox.Wanted:
        thread.start()
        assert put.wait(5)
        thread.join(0.3)  # the other transaction waits for a lock of ours, or is through
        return load(connection, claim)

    with database.write() as connection:
        outbox.put(connection, check, now())
    thread = threading.Thread(target=want)
    monkeypatch.setattr(outbox, "load", slow)

    def perform(action: Check, _remote_id: int | None, *, doubtful: bool) -> int:
        assert not doubtful
        sent.append(action.conclusion)
        return 7

    sender = Sender(database, perform, now, "one", Breaker(), Meters())
    assert sender.step()
    thread.join()
    database.close()

    assert sent == ["neutral"]
