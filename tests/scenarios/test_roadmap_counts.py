"""The counts of the roadmap against an oracle that counts everything from scratch, act by act."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.roadmap import store, votes
from bot.roadmap.joinings import Joining, join
from bot.roadmap.rules import Act, standing
from bot.roadmap.store import Request, Told
from bot.roadmap.tables import request, supporter
from core.db import Database
from core.github import Account

T = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LIMIT = 2


def told(number: int, at: datetime = T) -> Told:
    author = Account(900, "asker")
    return Told(f"I_{number}", 1, number, f"Wish {number}", author, "open", False, T, None, at)


@pytest.fixture
def app(databases: tuple[str, str]) -> Iterator[Database]:
    database = Database(databases[0])
    yield database
    database.close()


class Oracle:
    """Keeps what was done, and counts it the slow way."""

    def __init__(self) -> None:
        self.acts: dict[tuple[int, int], list[Act]] = defaultdict(list)
        self.onto: dict[int, int | None] = {}
        self.closed: set[int] = set()
        self.frozen: dict[int, frozenset[int]] = {}

    def root(self, number: int) -> int:
        while (onto := self.onto.get(number)) is not None:
            number = onto
        return number

    def supporters(self, numbers: list[int]) -> dict[int, set[int]]:
        found: dict[int, dict[int, datetime]] = {number: {} for number in numbers}
        for (number, person), acts in self.acts.items():
            stands = standing(acts)
            if stands is not None:
                group = found[self.root(number)]
                group[person] = min(stands.acted_at, group.get(person, stands.acted_at))
        return {number: set(group) for number, group in found.items()}


def everything(connection: Connection) -> dict[int, set[int]]:
    rows = connection.execute(
        select(request.c.number, supporter.c.github_id)
        .select_from(request)
        .outerjoin(supporter, supporter.c.root_id == request.c.id)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for number, person in rows:
        found[number] |= {person} if person is not None else set()
    return dict(found)


def one_step(connection: Connection, dice: random.Random, oracle: Oracle, clock: datetime) -> None:
    number, person = dice.randint(1, 5), dice.randint(1, 6)
    asked = store.by_number(connection, 1, number)
    assert asked is not None
    if dice.random() < 0.75:
        deed = dice.choice(["cast", "cast", "undone"])
        act = Act(
            person,
            deed,  # type: ignore[arg-type] # one of two words
            dice.choice(["for", "for", "withdrawn"]),
            dice.choice(["reaction", "comment", "web"]),
            str(dice.randint(1, 3)),
            clock - timedelta(minutes=dice.randint(0, 30)),
        )
        votes.cast(connection, asked, act, 0, clock)
        if act not in oracle.acts[number, person]:
            oracle.acts[number, person].append(act)
        return
    other = dice.choice([None, *range(1, 6)])
    onto = store.by_number(connection, 1, other) if other else None
    said = Joining(asked, onto, 900, f"comment:{clock.isoformat()}", clock)
    if join(connection, said, 0).outcome in {"joined", "parted"}:
        oracle.onto[number] = other


@pytest.mark.parametrize("seed", range(3))
def test_counts_equal_the_oracle_after_every_act(app: Database, seed: int) -> None:
    dice, oracle = random.Random(seed), Oracle()
    numbers = [1, 2, 3, 4, 5]
    with app.write() as connection:
        for number in numbers:
            store.note(connection, told(number), "label", "asked")
    for step in range(60):
        with app.write() as connection:
            one_step(connection, dice, oracle, T + timedelta(hours=step))
            expected = oracle.supporters(numbers)
            assert everything(connection) == expected, step
            for number in numbers:
                found = store.by_number(connection, 1, number)
                assert found is not None
                assert found.supporters == len(expected[number]), (step, number)


def vote(connection: Connection, asked: Request, person: int, minute: int, limit: int) -> None:
    act = Act(
        person, "cast", "for", "web", f"{asked.number}-{person}", T + timedelta(minutes=minute)
    )
    votes.cast(connection, asked, act, limit, T)


def count(connection: Connection, asked: Request) -> int:
    found = store.by_id(connection, asked.id)
    assert found is not None
    return found.supporters


def test_joined_is_a_union_and_parted_is_as_before(app: Database) -> None:
    with app.write() as connection:
        a, b = (store.note(connection, told(number), "label", "asked") for number in (1, 2))
        for person in range(1, 11):
            vote(connection, a, person, person, 0)
        for person in range(6, 16):
            vote(connection, b, person, person, 0)
        joined = join(connection, Joining(b, a, 900, "1", T), 0)
        assert (joined.outcome, joined.moved) == ("joined", frozenset(range(11, 16)))
        assert count(connection, a) == 15
        vote(connection, a, 16, 16, 0)
        b = replace(b, root_id=a.root_id)
        assert (
            join(connection, Joining(b, None, 900, "2", T + timedelta(1)), 0).outcome == "parted"
        )
        assert (count(connection, a), count(connection, b)) == (11, 10)


def test_chains_work_and_circles_are_refused(app: Database) -> None:
    with app.write() as connection:
        for number in (1, 2, 3):
            store.note(connection, told(number), "label", "asked")

        def joined(child: int, onto: int, at: int) -> str:
            one, two = (store.by_number(connection, 1, number) for number in (child, onto))
            assert one is not None
            said = Joining(one, two, 900, str(at), T + timedelta(hours=at))
            return join(connection, said, 0).outcome

        assert joined(3, 2, 1) == "joined"
        assert joined(2, 1, 2) == "joined"
        third = store.by_number(connection, 1, 3)
        assert third is not None
        vote(connection, third, 5, 1, 0)
        assert count(connection, store.by_number(connection, 1, 1)) == 1  # type: ignore[arg-type] # it is there
        assert joined(1, 3, 3) == "circle"
        assert joined(1, 1, 4) == "circle"
        assert joined(3, 2, 5) == "same"


def test_a_vote_above_the_limit_waits_and_counts_when_one_returns(app: Database) -> None:
    with app.write() as connection:
        first, second, third = (
            store.note(connection, told(number), "label", "asked") for number in (1, 2, 3)
        )
        for minute, asked in enumerate((first, second, third)):
            vote(connection, asked, 5, minute, LIMIT)
        assert [count(connection, one) for one in (first, second, third)] == [1, 1, 0]
        assert votes.left(connection, 1, 5, LIMIT) == 0

        later = T + timedelta(hours=1)
        closed = replace(told(1), state="closed", closed_at=later, updated_at=later)
        assert store.take_over(connection, closed)
        votes.recount(connection, {first.id}, 1, LIMIT)

        assert [count(connection, one) for one in (first, second, third)] == [1, 1, 1]


def test_older_news_never_sets_a_request_back(app: Database) -> None:
    with app.write() as connection:
        store.note(connection, told(1), "label", "asked")
        newer = replace(told(1, T + timedelta(hours=1)), title="Newer", number=12)
        assert store.take_over(connection, newer)
        assert not store.take_over(connection, told(1))
        found = store.by_node(connection, "I_1")
    assert found is not None
    assert (found.title, found.number) == ("Newer", 12)
