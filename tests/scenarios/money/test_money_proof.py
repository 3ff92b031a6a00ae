"""Proof of the books: one altered row is found in the database, and in the export without it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from bot.__main__ import cli
from core.db import BEGIN, Database
from core.digests import digest, seal
from core.money import Money
from donations import audit, movements, proof, reserves, store
from donations.ledger import Cause, Transaction
from donations.tables import balance, book, day, entry, month, part, reserve, transaction
from tests.databases import Urls

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
PROVEN = (book, transaction, entry, balance, part, day, month, reserve)
REST = "account, currency, minor, kind, happened_at"
ALTERED = [(table.name, column.name) for table in PROVEN for column in table.columns]


@pytest.fixture
def database(databases: Urls) -> Iterator[Database]:
    """Give a database with books of two projects, one transaction of which was reversed."""
    opened = Database(databases[0])
    with opened.write() as connection:
        fill(connection)
    yield opened
    opened.close()


def fill(connection: Connection) -> None:
    for number in range(6):
        named = f"project:{7 + number % 2}"
        entries = movements.received(Money(1000 + number, "EUR"), named)
        entries += movements.charged(Money(45, "EUR"), named)
        if number == 4:
            entries += movements.converted(Money(500, "EUR"), Money(550, "USD"), named)
        cause = Cause("stripe", f"txn_{number}", "gift")
        # Databases write fractions of a second each in their own way.
        happened_at = AT + timedelta(days=number // 2, microseconds=number * 125_000)
        one = Transaction(named, cause, happened_at, entries, about="I_1", marks=("self_paid",))
        assert store.post(connection, one, AT).outcome == "posted"
    gift = Cause("stripe", "txn_0", "gift")
    assert store.reverse(connection, gift, "potluck", "oops", AT, AT).outcome == "posted"
    store.name_giver(connection, gift, 1815, "ada", public=True)
    assert reserves.add(connection, {"EUR": 4500}, AT)
    assert not reserves.add(connection, None, AT + timedelta(hours=1))
    assert reserves.add(connection, None, AT + timedelta(days=1))


def problems(connection: Connection) -> list[str]:
    return [*proof.problems(connection), *reserves.problems(connection)]


def exported(connection: Connection) -> list[dict[str, Any]]:
    return [json.loads(piece) for piece in proof.pieces(connection)]


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """Let the database be altered for a while."""
    with database.engine.connect() as connection:
        connection.info[BEGIN] = "IMMEDIATE"
        connection.begin()
        yield connection
        connection.rollback()


def alter(connection: Connection, table: str, column: str) -> None:
    """Change one column of one row as somebody would who owns the database."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_update")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        where = f"rowid = (SELECT max(rowid) FROM {table})"
        if table in ("ledger_transaction", "ledger_entry"):
            where = "book_id = 1 AND sequence = 2" + (" AND line = 2" if "entry" in table else "")
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        where = f"ctid = (SELECT max(ctid) FROM {table})"
    value = {"book_id": "99", "id": "99", "sequence": "77", "line": "77", "on_day": "'2020-01-01'"}
    instants = {"happened_at", "recorded_at"}
    numbers = {"minor", "moves", "cash", "volume", "head_sequence"}
    if column in instants:
        new = "'2020-01-01 00:00:00.000000'"
    elif column == "reversal_of":
        new = "5"
    else:
        new = f"{column} + 1" if column in numbers else value.get(column, "'x'")
    changed = connection.execute(text(f"UPDATE {table} SET {column} = {new} WHERE {where}"))
    assert changed.rowcount == 1


def test_any_altered_column_of_any_table_is_found(database: Database) -> None:
    with database.read() as connection:
        assert problems(connection) == []
    for table, column in ALTERED:
        with undone(database) as connection:
            alter(connection, table, column)
            found = problems(connection)
            assert found, f"{table}.{column} was altered, and nobody noticed"
    with database.read() as connection:
        assert problems(connection) == []


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_entry"])
def test_rows_taken_away_or_put_in_are_found(database: Database, table: str) -> None:
    inserted = f"INSERT INTO ledger_entry SELECT book_id, sequence, line + 50, {REST}"
    for act in (
        f"{inserted} FROM ledger_entry WHERE book_id = 1 AND sequence = 1",
        f"DELETE FROM {table} WHERE book_id = 1 AND sequence = 4",  # the last one of its book
        f"DELETE FROM {table} WHERE book_id = 2 AND sequence = 1",
    ):
        with undone(database) as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_delete")
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(act))
            assert problems(connection), act


def test_the_export_is_checked_alone_and_each_change_in_it_is_found(database: Database) -> None:
    with database.read() as connection:
        items = exported(connection)
        kept = proof.books(connection)
    assert audit.export_problems(items) == ()
    assert audit.exported(items)[:-1] == kept
    assert audit.exported(items)[-1].startswith("proofs of reserves: 2, head ")
    assert "ada" not in json.dumps(items)
    for place, item in enumerate(items):
        for name in item:
            if name == "head":
                wrong = item | {"head": item["head"] | {"hash": "0" * 64}}
            else:
                wrong = item | {name: item[name].replace("7", "6") + " "}
            assert audit.export_problems([*items[:place], wrong, *items[place + 1 :]])
        # Of what was cut off at the end only the heads that somebody kept can tell.
        if item is not items[-1]:
            assert audit.export_problems([*items[:place], *items[place + 1 :]])
        assert audit.export_problems([*items[:place], item, item, *items[place + 1 :]])


def test_the_newest_proof_of_reserves_is_reckoned_again_from_the_books_as_they_were(
    database: Database,
) -> None:
    with database.write() as connection:
        later = movements.received(Money(9, "EUR"), "project:7")
        cause = Cause("stripe", "txn_9", "gift")
        store.post(connection, Transaction("project:7", cause, AT, later), AT)
    with database.read() as connection:
        items = exported(connection)
    assert audit.export_problems(items) == ()
    *rest, last = items
    said = json.loads(last["proof"])
    before = json.loads(rest[-1]["proof"])
    assert before["sequence"] == 1
    for wrong, why in (
        ({"owed": {"EUR": 1, "USD": 2}}, "says otherwise what is owed than the books"),
        ({"books": ["7" * 64]}, "names the end of a book that is not here"),
    ):
        forged = json.dumps(said | wrong, sort_keys=True, separators=(",", ":"))
        item = {"proof": forged, "hash": digest(rest[-1]["hash"], forged)}
        assert why in " ".join(audit.export_problems([*rest, item]))


def test_what_the_chain_of_a_forger_proves_must_still_be_books(database: Database) -> None:
    """Whoever writes the whole chain anew is held to the laws of the books."""
    with database.read() as connection:
        items = exported(connection)
    for wrong, why in (
        ({"entries": [["stripe:balance", "EUR", 5]]}, "do not sum to zero"),
        (
            {"entries": [["mine", "EUR", 5], ["stripe:balance", "EUR", -5]]},
            "an account that there is not",
        ),
        ({"book": "project:9"}, "belongs to another book"),
        ({"external_id": "txn_0"}, "stands there twice"),
        ({"reversal_of": 1}, "is no reversal of transaction 1"),
        ({"reversal_of": 9}, "reverses none that could be"),
    ):
        forged = rewritten(items, wrong)
        assert why in " ".join(audit.export_problems(forged))


def rewritten(items: list[dict[str, Any]], wrong: dict[str, Any]) -> list[dict[str, Any]]:
    """Alter the second transaction of the first book, and reckon every hash after it anew."""
    forged, head = [items[0]], "0" * 64
    for place, item in enumerate(items[1:], 1):
        if "book" in item:
            forged += items[place:]
            break
        record = json.loads(item["record"]) | (wrong if place == 2 else {})
        written = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head = digest(head, written)
        forged.append({"record": written, "hash": head})
    forged[0] = items[0] | {"head": items[0]["head"] | {"hash": head}}
    return forged


def test_the_commands_prove_the_books_and_say_where_each_ends(
    database: Database, databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("DATABASE_URL", databases[0]), ("INBOX_DATABASE_URL", databases[1])):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("POTLUCK_VAR", str(tmp_path))
    with database.write() as connection:
        wrong = movements.received(Money(9, "EUR"), "project:7")
        told = Transaction("project:7", Cause("stripe", "txn_0", "gift"), AT, wrong)
        assert store.post(connection, told, AT).outcome == "refused"
    run = CliRunner()
    checked = run.invoke(cli, ["check"])
    assert checked.exit_code == 0, checked.output
    assert "book of project:7: 4 transactions, head " in checked.output
    assert "not posted on 2026-11-20, and to be looked at: stripe txn_0 (gift)" in checked.output

    file = tmp_path / "export.json"
    assert run.invoke(cli, ["export", "--output", str(file)]).exit_code == 0
    verified = run.invoke(cli, ["verify", str(file)])
    assert verified.exit_code == 0, verified.output
    assert "book of project:8: 3 transactions, head " in verified.output

    data = json.loads(file.read_text())
    data["books"][1]["record"] = data["books"][1]["record"].replace("1000", "1001")
    file.write_text(json.dumps(data | {"seal": seal(data)}))
    found = run.invoke(cli, ["verify", str(file)])
    assert found.exit_code == 1
    assert "book of project:7: transaction 1 was changed: its hash does not fit" in found.output
