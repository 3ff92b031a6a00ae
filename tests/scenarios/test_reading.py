"""Who reads sees one state until the end; who writes sees what others have written meanwhile."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, text

from bot import tasks
from core.context import Task
from tests.economy import rest, thrifty

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def how_many(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(tasks.task)) or 0


def test_a_reading_sees_one_state_and_the_next_transaction_is_not_bound_to_it(
    databases: tuple[str, str],
) -> None:
    database = thrifty(databases[0])
    try:
        with database.read() as reading:
            assert how_many(reading) == 0
            with database.write() as writing:
                assert tasks.put(writing, Task("any", "key", NOW), NOW)
            assert how_many(reading) == 0
        for _ in range(2):
            with database.write() as writing:
                assert how_many(writing) == 1
                if writing.dialect.name == "postgresql":
                    level = writing.scalar(text("SHOW transaction_isolation"))
                    assert level == "read committed"
            with database.read() as reading:
                assert how_many(reading) == 1
    finally:
        rest(database)
