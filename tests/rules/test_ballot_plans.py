"""However many have voted for a request, what one person did there is found among their own acts."""

from typing import Any

from sqlalchemy import event

from bot.roadmap import ballots
from bot.roadmap.tables import ballot, box
from core.db import Database


def test_one_persons_acts_are_looked_for_by_person() -> None:
    database = Database("sqlite://")
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        if "FROM ballot" in sql:
            asked.append((sql, values))

    for table in (box, ballot):
        table.create(database.engine)
    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as connection:
        ballots.acts(connection, "request:I_1", 7)
    event.remove(database.engine, "before_cursor_execute", note)

    ((sql, values),) = asked
    with database.read() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    assert any("(box_id=? AND github_id=?)" in str(row) for row in rows), rows
