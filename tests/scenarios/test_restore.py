"""A backup of yesterday comes back: everything since is heard again, and nobody is told twice."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from bot.migrate import TABLES
from core.db import INBOX, metadata
from tests.house import House

Rows = dict[str, list[dict[str, Any]]]


def is_inbox(table: Table) -> bool:
    return table.info == INBOX


def copied(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def backup(house: House) -> Rows:
    """Copy every row of both databases."""
    assert set(TABLES) <= set(metadata.sorted_tables)
    with house.app.read() as app, house.inbox.read() as inbox:
        return {
            table.name: copied(inbox if is_inbox(table) else app, table)
            for table in metadata.sorted_tables
        }


def restore(house: House, rows: Rows) -> None:
    """Put every row back as it was; what is append-only must not have grown."""
    with ExitStack() as stack:
        app = stack.enter_context(house.app.write())
        same = house.app.url == house.inbox.url
        inbox = app if same else stack.enter_context(house.inbox.write())
        pairs = [(inbox if is_inbox(it) else app, it) for it in metadata.sorted_tables]
        grown = [(to, it) for to, it in pairs if copied(to, it) != rows[it.name]]
        for connection, table in reversed(grown):
            connection.execute(delete(table))
        for connection, table in grown:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])


def test_a_restored_backup_catches_up_without_a_second_comment(house: House) -> None:
    garden = house.garden
    before = house.propose(garden.chen, title="Before the backup")
    house.tick("reconcile_deliveries")
    house.settle()
    house.world.comment(before, garden.ada, "Looks good")
    house.settle()
    rows = backup(house)
    house.advance(timedelta(hours=1))
    after = house.propose(garden.ada, title="After the backup")
    house.world.push_to(before, files={"chen.md": "# Newer\n"})
    house.settle()
    house.advance(timedelta(days=1))
    expected = [house.comments(pull) for pull in (before, after)]
    restore(house, rows)
    house.restart()
    house.tick("reconcile_deliveries")
    house.settle()

    assert [house.comments(pull) for pull in (before, after)] == expected
    assert [len(comments) for comments in expected] == [1, 1]
    for pull in (before, after):
        assert house.check(pull).conclusion == "action_required"
    with house.app.read() as app, house.inbox.read() as inbox:
        assert len(copied(inbox, metadata.tables["delivery"])) == len(
            {attempt.delivery.guid for attempt in house.sandbox.hooks.attempts}
        )
        assert {row["state"] for row in copied(app, metadata.tables["outbox"])} <= {
            "done",
            "superseded",
        }
