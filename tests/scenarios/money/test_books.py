"""The books in the database: each cause once, in any order, by anybody at once, and never changed."""

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from core.db import Database
from core.money import Money
from donations import movements, store
from donations.ledger import CASH, Cause, Transaction
from donations.tables import book, refusal, transaction
from tests.databases import Urls

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
BOOK = "project:7"


@pytest.fixture
def database(databases: Urls) -> Iterator[Database]:
    """Give an empty database of books."""
    opened = Database(databases[0])
    yield opened
    opened.close()


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def gift(number: int, minor: int = 1000, *, book: str = BOOK) -> Transaction:
    account = "request:I_1" if number % 2 else book
    entries = movements.received(euros(minor), account) + movements.charged(euros(45), account)
    at = AT + timedelta(hours=number)
    return Transaction(book, Cause("stripe", f"txn_{number}", "gift"), at, entries, about="I_1")


def post(database: Database, wanted: Transaction) -> store.Posting:
    with database.write() as connection:
        return store.post(connection, wanted, AT + timedelta(days=30))


def count(connection: Connection, table: object) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]  # any table


def test_a_cause_is_posted_once_known_when_told_again_and_refused_when_told_differently(
    database: Database,
) -> None:
    assert post(database, gift(1)) == store.Posting("posted", 1)
    assert post(database, gift(1)) == store.Posting("known", 1)
    for differently in (gift(1, 999), gift(1, book="project:8")):
        for _again in range(2):
            answer = post(database, differently)
            assert answer.outcome == "refused"
            assert answer.reason == "the same cause was told differently before"
    with database.read() as connection:
        assert count(connection, transaction) == 1
        assert count(connection, refusal) == 2
        assert store.balances(connection, CASH) == (euros(955),)
        assert store.owed(connection, "request:I_1", "EUR") == euros(955)
        assert store.owed(connection, "request:I_1", "USD") == Money(0, "USD")
        found = store.stored(connection, gift(1).cause)
    assert found
    assert found.transaction == gift(1)


def test_a_correction_is_one_reversal(database: Database) -> None:
    post(database, gift(1))
    with database.write() as connection:
        undone = store.reverse(connection, gift(1).cause, "potluck", "oops", AT, AT)
        again = store.reverse(connection, gift(1).cause, "potluck", "oops-2", AT, AT)
        nothing = store.reverse(connection, gift(9).cause, "potluck", "oops-3", AT, AT)
        assert store.in_book(connection, BOOK) == {}
    assert undone == store.Posting("posted", 2)
    assert again.reason == "what it reverses was reversed before"
    assert nothing.reason == "nothing was posted for that cause"
    wrong = Transaction(
        BOOK,
        Cause("potluck", "oops-4", "reversal"),
        AT,
        movements.sent(euros(1), BOOK),
        reversal_of=2,
    )
    assert post(database, wrong).reason == "its entries are not those that it reverses"


def test_any_order_and_any_repetition_of_the_same_causes_leaves_the_same_books(
    database: Database,
) -> None:
    told = [gift(number, 1000 + number) for number in range(1, 9)]
    seen = set()
    with database.write() as connection:
        for turn in range(12):
            named = f"project:{100 + turn}"
            order = [
                Transaction(
                    named,
                    Cause(f"s{turn}", one.cause.external_id, "gift"),
                    one.happened_at,
                    one.entries,
                    one.about,
                )
                for one in told * 2
            ]
            random.Random(turn).shuffle(order)
            for one in order:
                store.post(connection, one, AT)
            seen.add(tuple(sorted(store.in_book(connection, named).items())))
        assert len(seen) == 1
        assert count(connection, transaction) == 12 * 8


def test_many_who_post_at_once_neither_lose_nor_double_anything(database: Database) -> None:
    """All are told of everything; half of it goes to one book, the rest to two more."""
    told = [gift(number, book=f"project:{7 + number % 3}") for number in range(12)]
    outcomes: list[str] = []

    def one_of_many(seed: int) -> None:
        mine = random.Random(seed).sample(told, len(told))
        outcomes.extend(post(database, one).outcome for one in mine)

    crowd = [threading.Thread(target=one_of_many, args=(seed,)) for seed in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert outcomes.count("posted") == 12
    assert outcomes.count("known") == 36
    with database.read() as connection:
        assert store.balances(connection, CASH) == (euros(12 * 955),)
        heads = connection.scalars(select(book.c.head_sequence))
        assert sorted(heads) == [4, 4, 4]


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_entry", "ledger_reserve"])
def test_the_database_itself_refuses_changes(database: Database, table: str) -> None:
    post(database, gift(1))
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO ledger_reserve (sequence, on_day, record, hash)"
                " VALUES (1, '2026-11-20', '{}', '')"
            )
        )
    column = "hash" if table != "ledger_entry" else "currency"
    for act in (f"UPDATE {table} SET {column} = 'QQQ'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
            connection.execute(text(act))
