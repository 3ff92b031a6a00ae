"""The inbox behind the doors: each delivery once, sorted once, found again, pruned but never forgotten."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.db import Database
from core.queue import Finish
from webhooks import inbox
from webhooks.arrivals import Arrival
from webhooks.deliveries import Packed, pack, unpack
from webhooks.inbox import Sorted

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(databases: tuple[str, str]) -> Iterator[Database]:
    opened = Database(databases[1])
    yield opened
    opened.close()


def packed(guid: str, source: str = "github", body: bytes = b"{}") -> Packed:
    return pack(Arrival(source, guid, "push", "application/json", body, NOW))


def keep(database: Database, *guids: str) -> dict[str, int]:
    """Store deliveries; gives the number of each."""
    with database.write() as connection:
        inbox.store(connection, [packed(guid) for guid in guids])
        return {row.guid: row.id for row in inbox.received(connection, 100_000)}


def states(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.guid: row.state for row in inbox.listing(connection, most=1_000)}


@pytest.mark.parametrize("count", [1, 2, 31, 32, 33, 100])
def test_any_number_is_stored_at_once_each_once(database: Database, count: int) -> None:
    rows = [packed(f"guid-{number}", body=b"x" * number) for number in range(count)]

    with database.write() as connection:
        first = inbox.store(connection, rows)
        second = inbox.store(connection, [*rows, packed("new"), packed("new")])
        bodies = [row.body for row in inbox.received(connection, 1_000)]

    assert first == {("github", row.guid) for row in rows}
    assert second == {("github", "new")}
    assert bodies == [b"x" * number for number in range(count)] + [b"{}"]


def test_the_same_id_from_another_source_is_another_delivery(database: Database) -> None:
    with database.write() as connection:
        inbox.store(connection, [packed("one")])
        fresh = inbox.store(connection, [packed("one", "stripe"), packed("one", "github")])
        known = inbox.known(connection, "stripe", ["one", "two"])
        unknown = inbox.known(connection, "stripe", ())

    assert fresh == {("stripe", "one")}
    assert (known, unknown) == ({"one"}, set())


def test_which_ids_are_known_is_found_for_thousands(database: Database) -> None:
    keep(database, *(f"guid-{number}" for number in range(0, 1_200, 2)))

    with database.read() as connection:
        found = inbox.known(connection, "github", [f"guid-{number}" for number in range(1_200)])

    assert found == {f"guid-{number}" for number in range(0, 1_200, 2)}


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"a": 1}' * 10_000, random.Random(1).randbytes(99_999)]
)
def test_a_body_is_the_same_after_packing(body: bytes) -> None:
    assert unpack(packed("one", body=body).body) == body
    assert unpack(pack(packed_arrival(bytearray(body))).body) == body


def packed_arrival(body: bytearray) -> Arrival:
    return Arrival("github", "one", "push", "application/json", body, NOW)


def test_each_delivery_is_sorted_once(database: Database) -> None:
    numbers = keep(database, "kept", "ignored", "odd")
    decisions = [
        Sorted(numbers["kept"], "due", entity="thread:1:2", event="checkout.session.completed"),
        Sorted(numbers["ignored"], "ignored", note="nothing of ours"),
        Sorted(numbers["odd"], "quarantined", note="x" * 5_000),
    ]

    with database.write() as connection:
        first = inbox.sort(connection, decisions, LATER)
        again = inbox.sort(connection, [Sorted(numbers["kept"], "ignored")], LATER)
        rows = {row.guid: row for row in inbox.listing(connection)}
        left = inbox.received(connection, 10)

    assert (first, again, left) == (3, 0, ())
    kept, ignored, odd = rows["kept"], rows["ignored"], rows["odd"]
    assert (kept.state, kept.entity, kept.event) == (
        "due",
        "thread:1:2",
        "checkout.session.completed",
    )
    assert (kept.due_at, kept.finished_at) == (LATER, None)
    assert (ignored.state, ignored.event, ignored.note) == ("ignored", "push", "nothing of ours")
    assert ignored.finished_at == LATER
    assert (odd.state, len(odd.note or "")) == ("quarantined", 2_000)


def test_nothing_sorted_is_nothing_written(database: Database) -> None:
    with database.write() as connection:
        assert inbox.sort(connection, [], NOW) == 0


def test_from_due_on_a_delivery_is_a_row_of_the_queue(database: Database) -> None:
    numbers = keep(database, "one", "two")
    with database.write() as connection:
        inbox.sort(
            connection, [Sorted(number, "due", "thread:1:2") for number in numbers.values()], NOW
        )
        (claim,) = inbox.queue.claim(connection, "worker", NOW, 10)
        assert inbox.queue.finish(connection, LATER, Finish(claim))
        (second,) = inbox.queue.claim(connection, "worker", LATER, 10)

    assert (claim.id, second.id) == (numbers["one"], numbers["two"])
    assert states(database) == {"one": "done", "two": "running"}


@pytest.mark.parametrize("state", ["ignored", "quarantined"])
def test_a_finished_delivery_is_handled_again_from_the_start(
    database: Database, state: str
) -> None:
    number = keep(database, "one")["one"]
    with database.write() as connection:
        waiting = inbox.requeue(connection, number, NOW)
        inbox.sort(connection, [Sorted(number, state, note="why")], NOW)
        again = inbox.requeue(connection, number, LATER)
        (row,) = inbox.received(connection, 10)

    assert (waiting, again) == (False, True)
    assert (row.state, row.attempts, row.note, row.finished_at) == ("received", 0, None, None)


def test_a_delivery_is_found_by_id_or_number(database: Database) -> None:
    number = keep(database, "72d3162e", "123456")["72d3162e"]
    with database.read() as connection:
        by_guid = inbox.find(connection, "72d3162e")
        by_number = inbox.find(connection, str(number))
        numeric_guid = inbox.find(connection, "123456")
        strange = [inbox.find(connection, key) for key in ("", "9" * 40, "\u0663", "nobody", "-1")]

    assert by_guid is not None
    assert by_guid == by_number
    assert by_guid.body == b"{}"
    assert numeric_guid is not None
    assert numeric_guid.guid == "123456"
    assert strange == [None] * 5


def test_the_listing_goes_page_by_page_from_the_newest(database: Database) -> None:
    numbers = keep(database, *(f"guid-{number}" for number in range(10)))
    with database.write() as connection:
        odd = [Sorted(number, "ignored") for number in numbers.values() if number % 2]
        inbox.sort(connection, odd, NOW)
        first = inbox.listing(connection, most=4)
        second = inbox.listing(connection, most=4, before=first[-1].id)
        ignored = inbox.listing(connection, state="ignored", most=2, before=max(numbers.values()))
        with pytest.raises(KeyError):
            inbox.listing(connection, state="'; DROP TABLE delivery")

    newest = sorted(numbers.values(), reverse=True)
    assert [row.id for row in first + second] == newest[:8]
    assert {row.body for row in first} == {None}
    assert [row.id for row in ignored] == [number for number in newest[1:] if number % 2][:2]


def test_the_census_counts_what_is_unfinished_and_since_when(database: Database) -> None:
    with database.read() as connection:
        empty = inbox.census(connection)
    numbers = keep(database, "a", "b", "c", "d")
    with database.write() as connection:
        decisions = [Sorted(numbers["a"], "ignored"), Sorted(numbers["b"], "due", "e")]
        inbox.sort(connection, decisions, LATER)
        some = inbox.census(connection)
        totals = inbox.totals(connection)

    assert (empty.unfinished, empty.oldest) == ({"received": 0, "due": 0, "running": 0}, None)
    assert (some.unfinished, some.oldest) == ({"received": 2, "due": 1, "running": 0}, NOW)
    assert totals == {"done": 0, "ignored": 1, "quarantined": 0, "suspended": 0, "dead": 0}


def test_pruning_takes_old_bodies_in_portions_and_the_id_is_still_known(
    database: Database,
) -> None:
    numbers = keep(database, "a", "b", "c", "young", "waiting")
    with database.write() as connection:
        old = [Sorted(numbers[guid], "ignored") for guid in "abc"]
        inbox.sort(connection, old, NOW)
        inbox.sort(connection, [Sorted(numbers["young"], "ignored")], LATER)
        portions = [inbox.prune(connection, LATER, most=2) for _ in range(3)]
        bodies = {row.guid: inbox.load(connection, row.id) for row in inbox.listing(connection)}
        fresh = inbox.store(connection, [packed("a")])
        revived = inbox.requeue(connection, numbers["a"], LATER)

    assert portions == [2, 1, 0]
    held = {guid for guid, row in bodies.items() if row and row.body is not None}
    assert held == {"young", "waiting"}
    assert (fresh, revived) == (set(), False)
