"""The outbox: what we want on GitHub is kept with what led to it, and nothing is wanted twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import outbound, outbox, prune
from core.db import Database
from core.github import Action, Annotation, Check, Comment, Repo
from core.queue import Finish

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
REPO = Repo(7, "acme/garden", 70)
HELLO = Comment(REPO, 1, "cla", "Hello")
GREEN = Check(
    REPO,
    "ab" * 20,
    "potluck/cla",
    "failure",
    "One line",
    "Words",
    annotations=(Annotation(".github/potluck.toml", 3, "unknown key"),),
    details_url="https://potluck.example/acme/garden/cla",
)


class Box:
    """The outbox of a database."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    def put(self, action: Action, at: datetime = NOW, facts_at: datetime | None = None) -> bool:
        with self.database.write() as connection:
            return outbox.put(connection, action, at, facts_at)

    def rows(self) -> list[tuple[str, str]]:
        with self.database.read() as connection:
            table = outbox.outbox.c
            rows = connection.execute(select(table.effect_key, table.state).order_by(table.id))
            return [(row.effect_key.partition("#")[2], row.state) for row in rows]

    def states(self) -> list[str]:
        return [state for _revision, state in self.rows()]

    def do(self, step: Any, *values: Any) -> Any:
        with self.database.write() as connection:
            return step(connection, *values)


@pytest.fixture
def box(databases: tuple[str, str]) -> Iterator[Box]:
    made = Box(databases[0])
    yield made
    made.database.close()


@pytest.mark.parametrize("action", [HELLO, GREEN, replace(HELLO, body="ß\u2028\U0001f600\\")])
def test_an_action_is_kept_whole(box: Box, action: Action) -> None:
    assert box.put(action)

    (claim,) = box.do(outbox.queue.claim, "me", NOW, 5)
    wanted = box.do(outbox.load, claim)
    assert wanted.action == action
    assert wanted.effect_key == f"{action.surface}#1"
    assert (wanted.remote_id, wanted.doubtful) == (None, False)


def test_wanting_what_is_wanted_writes_nothing(box: Box) -> None:
    assert box.put(HELLO)
    moved = replace(HELLO, repo=replace(REPO, name="acme/meadow", private=True), may_exist=True)

    assert not box.put(HELLO)
    assert not box.put(moved)
    assert box.rows() == [("1", "due")]


def test_a_newer_wish_supersedes_the_one_that_was_not_sent(box: Box) -> None:
    for body in ("one", "two", "three"):
        assert box.put(replace(HELLO, body=body))
    assert box.put(replace(HELLO, topic="other"))

    assert box.rows() == [("1", "superseded"), ("2", "superseded"), ("3", "due"), ("1", "due")]


def test_what_is_being_sent_is_left_alone_and_followed_by_the_newer(box: Box) -> None:
    box.put(HELLO)
    box.do(outbox.queue.claim, "me", NOW, 5)
    assert box.put(replace(HELLO, body="newer"))

    assert box.rows() == [("1", "running"), ("2", "due")]
    assert box.do(outbox.queue.claim, "me", NOW, 5) == ()


def test_older_facts_are_turned_away_and_leave_no_trace(box: Box) -> None:
    box.put(HELLO, facts_at=NOW)
    with pytest.raises(outbox.Stale):
        box.put(replace(HELLO, body="older"), facts_at=NOW - SECOND)

    assert box.rows() == [("1", "due")]
    assert box.put(replace(HELLO, body="newer"), facts_at=NOW)


def test_later_facts_count_even_where_they_change_nothing(box: Box) -> None:
    box.put(HELLO, facts_at=NOW)
    box.put(HELLO, facts_at=NOW + 2 * SECOND)

    with pytest.raises(outbox.Stale):
        box.put(replace(HELLO, body="older"), facts_at=NOW + SECOND)


def test_what_github_refused_is_tried_again_when_it_is_wanted_again(box: Box) -> None:
    box.put(HELLO)
    (claim,) = box.do(outbox.queue.claim, "me", NOW, 5)
    box.do(outbox.queue.finish, NOW, Finish(claim, "dead", "Refused: locked"))

    assert box.put(HELLO)
    assert box.rows() == [("1", "due")]


def test_a_held_installation_keeps_its_writes_and_takes_new_ones_in(box: Box) -> None:
    box.put(HELLO)
    other = replace(HELLO, repo=replace(REPO, id=8, installation_id=80))
    box.put(other)
    box.do(outbox.hold, 70, "installation suspended", NOW)
    box.put(replace(HELLO, number=2))

    assert box.states() == ["held", "due", "held"]
    assert box.do(outbound.held, 70) == "installation suspended"
    assert box.do(outbox.release, 70, NOW) == 2
    assert box.states() == ["due", "due", "due"]
    assert box.do(outbound.held, 70) is None


def test_a_repository_that_moved_takes_its_writes_along(box: Box) -> None:
    box.put(HELLO)
    box.do(outbox.hold, 70, "installation deleted", NOW)
    assert box.do(outbox.release_repo, replace(REPO, installation_id=90), NOW) == 1

    only = outbox.outbox.c.installation_id == 90
    assert len(box.do(outbox.queue.claim, "me", NOW, 5, only)) == 1


def test_what_was_sent_is_forgotten_after_a_while_but_never_what_was_not(box: Box) -> None:
    box.put(HELLO)
    (claim,) = box.do(outbox.queue.claim, "me", NOW, 5)
    box.do(outbox.queue.finish, NOW, Finish(claim))
    box.put(replace(HELLO, number=2))
    later = NOW + timedelta(days=31)

    assert box.do(prune.prune_writes, NOW) == 0
    assert box.do(prune.prune_writes, later) == 1
    assert box.states() == ["due"]
    assert not box.put(HELLO, later)


def test_one_turn_at_a_time_and_only_after_a_second(box: Box) -> None:
    box.do(outbound.know, 70, NOW)
    turn = box.do(outbound.take, 70, "one", NOW)
    assert turn is not None
    assert box.do(outbound.take, 70, "two", NOW) is None
    with box.database.write() as connection:
        outbound.give_back(connection, turn, NOW, answered=True)

    assert box.do(outbound.take, 70, "two", NOW + SECOND * 0.999) is None
    assert box.do(outbound.take, 70, "two", NOW + SECOND) is not None


def test_a_turn_that_was_never_given_back_ends_with_its_lease_and_counts_as_written(
    box: Box,
) -> None:
    box.do(outbound.know, 70, NOW)
    lost = box.do(outbound.take, 70, "one", NOW)
    free = NOW + outbound.LEASE + SECOND

    assert box.do(outbound.take, 70, "two", free - SECOND * 0.001) is None
    second = box.do(outbound.take, 70, "two", free)
    assert second is not None
    assert len(second.writes) == 1
    with box.database.write() as connection:
        outbound.give_back(connection, lost, free, answered=True)
    assert box.do(outbound.take, 70, "three", free + SECOND) is None


def test_threads_that_meet_the_same_limit_count_it_once(box: Box) -> None:
    ends = []
    with box.database.write() as connection:
        for seconds in (60, 61, 62):
            until = NOW + seconds * SECOND
            ends.append(outbound.silence(connection, 70, NOW, until, named=False))
        hits = connection.scalar(select(outbound.outbound.c.hits))
        after = outbound.silence(connection, 70, ends[-1], ends[-1], named=False)

    assert hits == 1
    assert ends[-1] == NOW + 62 * SECOND
    assert after == ends[-1] + timedelta(minutes=2)
