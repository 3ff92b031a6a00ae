"""What is asked once in a snapshot, and anew everywhere else."""

import pytest
from sqlalchemy import Connection, literal, select

from core.db import Database
from core.snapshots import asked_once

asked: list[tuple[int, int]] = []


@asked_once
def added(connection: Connection, one: int, *, to: int = 0) -> int:
    """Let the database add."""
    asked.append((one, to))
    return connection.scalar(select(literal(one) + literal(to))) or 0


def test_a_snapshot_asks_the_same_question_once_and_nothing_is_kept_after_it() -> None:
    database = Database("sqlite://")
    asked.clear()
    with database.snapshot():
        for _ in range(2):
            with database.read() as connection:
                assert (added(connection, 1), added(connection, 1, to=2)) == (1, 3)
        with database.snapshot(), database.read() as connection:
            assert added(connection, 1) == 1
        with database.read() as connection:
            assert added(connection, 1, to=2) == 3
    assert asked == [(1, 0), (1, 2)]
    with pytest.raises(ZeroDivisionError), database.snapshot():
        raise ZeroDivisionError
    with database.read() as connection:
        assert [added(connection, 1), added(connection, 1)] == [1, 1]
    assert asked == [(1, 0), (1, 2), (1, 0), (1, 0)]
    database.close()
