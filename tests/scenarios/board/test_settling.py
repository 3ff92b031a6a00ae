"""Requests of before the board: a thousand are placed in a few statements, chained like all others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, insert, select

from bot.roadmap.board import proof, settling
from bot.roadmap.board.tables import move
from bot.roadmap.tables import request
from core.db import Database

REPO, MANY = 77, settling.AT_ONCE + 3
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def app(databases: tuple[str, str]) -> Iterator[Database]:
    database = Database(databases[0])
    yield database
    database.close()


def test_a_thousand_old_requests_are_placed_in_few_statements(app: Database) -> None:
    with app.write() as connection:
        connection.execute(insert(request), [_row(number) for number in range(1, MANY + 1)])
        with counted(app) as statements:
            assert settling.place_rest(connection, REPO) == settling.AT_ONCE
        assert len(statements) < 15
        assert settling.lacks(connection, REPO)
        assert settling.place_rest(connection, REPO) == 0
        assert not settling.lacks(connection, REPO)
    with app.read() as connection:
        assert tuple(proof.problems(connection)) == ()
        stages = select(request.c.stage, func.count()).group_by(request.c.stage)
        found = {row[0]: row[1] for row in connection.execute(stages)}
        moves = connection.scalar(select(func.count()).select_from(move))
    closed = MANY // 3
    assert found == {"asked": MANY - closed, "declined": closed}
    assert moves == MANY + closed


@contextmanager
def counted(app: Database) -> Iterator[list[str]]:
    """Note the statements that are sent to a database meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    yield found
    event.remove(app.engine, "before_cursor_execute", note)


def _row(number: int) -> dict[str, object]:
    opened, closed = BEGAN + timedelta(hours=number), number % 3 == 0
    return {
        "id": number,
        "node_id": f"I_{number}",
        "repo_id": REPO,
        "number": number,
        "title": f"Wish {number}",
        "author_id": 5,
        "author_login": "five",
        "intake": "label",
        "origin": "asked",
        "state": "closed" if closed else "open",
        "opened_at": opened,
        "closed_at": opened + timedelta(days=1) if closed else None,
        "updated_at": opened + timedelta(days=1),
        "root_id": number,
    }
