"""A project's book with very many entries, written straight into the tables, chain and sums included."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Connection, insert, text

from bot import repositories
from core.db import Database
from core.digests import START, digest
from core.github import Repo
from core.money import Money
from donations import ledger, movements, store, sums
from donations.ledger import Cause, Entry, Kind, Transaction
from donations.tables import balance, book, day, entry, month, part, transaction

REPO = Repo(1, "acme/kettle", 7)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SPAN_MINUTES = 3 * 365 * 24 * 60
AT_ONCE = 5_000
REQUESTS, PEOPLE = 2_000, 3_000
MIX: tuple[tuple[Kind, int], ...] = (
    *(("gift", 300), ("pledge", 100), ("fee", 400), ("award", 100)),
    *(("transfer", 80), ("refund", 15), ("conversion", 4), ("dispute", 1)),
)
PROJECT = f"project:{REPO.id}"


def invented(count: int, seed: int = 1, told: str = "txn") -> Iterator[Transaction]:
    """Make up so many transactions, of all kinds, most in euros, most near to their order in time."""
    dice = Random(seed)
    kinds, weights = zip(*MIX, strict=True)
    for number in range(count):
        kind = dice.choices(kinds, weights)[0]
        currency = dice.choices(("EUR", "USD", "JPY"), (900, 99, 1))[0]
        amount = Money(dice.randint(100, 20_000), currency)
        account = dice.choice((PROJECT, f"request:I_{dice.randint(1, REQUESTS)}"))
        late = timedelta(minutes=dice.choice((0, 0, 0, dice.randint(0, 5_000))))
        at = NOW - timedelta(minutes=SPAN_MINUTES * (count - number) // count) - late
        cause = Cause("stripe", f"{told}_{dice.getrandbits(80):020x}", kind)
        yield Transaction(PROJECT, cause, at, _entries(kind, amount, account, dice))


def _entries(kind: Kind, amount: Money, account: str, dice: Random) -> tuple[Entry, ...]:
    payee = f"payee:{dice.randint(1, PEOPLE)}"
    if kind in {"gift", "pledge"}:
        return movements.received(amount, account)
    if kind == "fee":
        return movements.charged(amount, account)
    if kind == "award":
        return movements.moved(amount, account, payee)
    if kind == "conversion":
        into = Money(amount.minor, "USD" if amount.currency == "EUR" else "EUR")
        return movements.converted(amount, into, account)
    return movements.sent(amount, payee if kind == "transfer" else account)


def fill(database: Database, entries: int) -> int:
    """Write about so many entries; gives how many transactions they make."""
    with database.write() as connection:
        repositories.note_repo(connection, REPO, NOW - timedelta(days=1200))
        connection.execute(
            insert(book).values(id=1, name=PROJECT, head_sequence=0, head_hash=START)
        )
    # Three entries in the middle.
    count = entries * 100 // 282
    head, sequence = START, 0
    net: Counter[tuple[str, str]] = Counter()
    days: sums.Sums = {}
    for some in _chunked(invented(count), AT_ONCE):
        rows, lines = [], []
        for one in some:
            sequence += 1
            head = digest(head, ledger.text_of(ledger.recorded(one, sequence, NOW)))
            rows.append(store.row_of(1, sequence, one, NOW, head))
            lines += store.lines_of(1, sequence, one)
            _add(net, days, one)
        with database.write() as connection:
            connection.execute(insert(transaction), rows)
            connection.execute(insert(entry), lines)
    with database.write() as connection:
        _close(connection, net, days, (sequence, head))
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    return sequence


def _chunked(found: Iterator[Transaction], size: int) -> Iterator[list[Transaction]]:
    some = []
    for one in found:
        some.append(one)
        if len(some) == size:
            yield some
            some = []
    yield some


def _add(net: Counter[tuple[str, str]], days: sums.Sums, one: Transaction) -> None:
    found = ledger.balances(one.entries)
    net.update(found)
    kind, on_day = one.cause.kind, one.happened_at.date()
    sums.add_to_days(days, on_day, kind, one.currencies, found)


def _close(
    connection: Connection,
    net: Counter[tuple[str, str]],
    days: sums.Sums,
    head: tuple[int, str],
) -> None:
    for table, found in (
        (balance, {key: [minor] for key, minor in net.items()}),
        (part, sums.parts_of(net)),
        (day, days),
        (month, sums.months_of(days)),
    ):
        names = [column.name for column in table.columns]
        rows = [dict(zip(names, (1, *key, *more), strict=True)) for key, more in found.items()]
        connection.execute(insert(table), rows)
    ends = {"head_sequence": head[0], "head_hash": head[1]}
    connection.execute(book.update().where(book.c.id == 1).values(**ends))
