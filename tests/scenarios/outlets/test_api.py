"""The roadmap by program: each answer is what the OpenAPI document says, paged without a gap."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.credits import store
from bot.credits.store import Given
from bot.roadmap import signals
from bot.roadmap import store as store_of_requests
from bot.roadmap.intents import standing
from bot.roadmap.intents.ledger import Words
from bot.roadmap.intents.values import Act
from bot.roadmap.store import Request
from core.github import Account
from core.money import Money
from tests.house import House
from tests.scenarios.outlets.table import moved
from tests.scenarios.roadmap import ASKER, join, switch_on, wish
from tests.scenarios.test_api import GARDEN, Program, token_of


@pytest.fixture
def program(house: House) -> Program:
    """A program without a token, and a garden with a roadmap."""
    house.settle()
    switch_on(house)
    seeds = wish(house, 7, "Exchange seeds", 3)
    moved(house, seeds, "planned", words="There is money.")
    join(house, wish(house, 8, "Swap seeds", 5), seeds)
    for number in range(10, 15):
        wish(house, number, f"Water the beds, part {number}", number)
    shipped = wish(house, 20, "A bench", 2, origin="pushed")
    moved(house, shipped, "in_progress", "claimed")
    moved(house, shipped, "shipped")
    wish(house, 21, "Never to be seen", 9, state="gone")
    return Program(house)


def everything(program: Program, path: str, **query: Any) -> list[Any]:
    """Follow `next` to the end."""
    found = program.ask(path, **query).json()
    items = list(found["items"])
    while found["next"]:
        address = found["next"].removeprefix(program.house.settings.public_url)
        found = program.ask(address).json()
        items += found["items"]
    return items


def test_requests_are_filtered_ordered_and_paged(program: Program) -> None:
    path = f"{GARDEN}/requests"
    found = everything(program, path, per_page=2)
    assert [one["number"] for one in found] == [14, 13, 12, 11, 10, 7, 20]
    seeds = found[5]
    assert seeds | {"opened_at": ""} == {
        "number": 7,
        "title": "Exchange seeds",
        "url": f"{program.house.settings.public_url}/potluck-sandbox/garden/requests/7",
        "author": {"github_id": 4000, "login": "asker"},
        "origin": "asked",
        "state": "open",
        "stage": "planned",
        "votes": 5,
        "opened_at": "",
        "counted_on": None,
        "joined": [8],
    }
    for query, numbers in (
        ({"stage": "planned"}, [7]),
        ({"stage": "shipped", "sort": "newest"}, [20]),
        ({"stage": "planned", "state": "closed"}, []),
        ({"stage": "no_such_stage"}, []),
        ({"origin": "pushed"}, [20]),
        ({"q": "watr bed", "sort": "oldest", "per_page": 3}, [10, 11, 12, 13, 14]),
        ({"sort": "newest", "stage": "planned"}, [7]),
    ):
        assert [one["number"] for one in everything(program, path, **query)] == numbers, query


def test_one_request_its_moves_the_board_and_the_changelog(program: Program) -> None:
    joined = program.ask(f"{GARDEN}/requests/8").json()
    assert (joined["votes"], joined["counted_on"], joined["stage"]) == (5, 7, "planned")
    moves = everything(program, f"{GARDEN}/requests/7/moves", per_page=1)
    assert [(one["from_stage"], one["to_stage"]) for one in moves] == [
        ("asked", "planned"),
        (None, "asked"),
    ]
    assert moves[0]["words"] == "There is money."
    assert moves[0]["actor"] == {"github_id": 4100, "login": "mara-grows"}
    whole = everything(program, f"{GARDEN}/moves", per_page=2)
    sequence = [one["sequence"] for one in whole]
    assert sequence == sorted(sequence, reverse=True)
    assert {one["request"] for one in whole} == {7, 20}
    stages = {one["name"]: one for one in program.ask(f"{GARDEN}/stages").json()["items"]}
    assert list(stages) == ["asked", "planned", "in_progress", "shipped", "declined"]
    assert (stages["planned"]["requests"], stages["shipped"]["shipped"]) == (1, True)
    (shipped,) = everything(program, f"{GARDEN}/changelog", per_page=1)
    assert (shipped["number"], shipped["votes"]) == (20, 2)
    assert shipped["builders"] == [{"github_id": 4100, "login": "mara-grows"}]
    assert shipped["works"] == {"yes": 0, "partly": 0, "no": 0}
    assert "@" not in program.ask(f"{GARDEN}/changelog").text
    signals_calls_and_contributors(program)


def signals_calls_and_contributors(program: Program) -> None:
    """Each signal stands by itself; calls say no total; the register names no address."""
    house = program.house
    seeds, person = found(house, 7), (4_200, "bo-digs")
    with house.app.write() as connection:
        signals.tell(connection, seeds.id, person, "I swap tomatoes.", house.now)
        signals.rate(connection, seeds.id, person[0], 4, house.now)
        bare = Act("call", ASKER.id, "web:1", house.now, by_asker=True, method="maintainer")
        high, until = Money(40_000, "EUR"), house.now + timedelta(days=9)
        act = replace(bare, high=high, until=until)
        assert standing.act(connection, seeds, act, Words("asker", {}), house.now).ok
        given = Given(seeds.repo_id, 4_200, "doc", "given", "issues/7", "comment:1", house.now)
        store.give(connection, given, Account(*person), house.now)
    assert program.ask(f"{GARDEN}/requests/8/signals").json() == {
        "number": 8,
        "votes": 5,
        "comments": 0,
        "stories": 0,
        "ratings": {"counts": [0] * 5, "median": None},
        "orders": None,
    }
    said = program.ask(f"{GARDEN}/requests/7/signals").json()
    assert (said["votes"], said["stories"], said["ratings"]["counts"]) == (5, 1, [0, 0, 0, 1, 0])
    (call,) = everything(program, f"{GARDEN}/calls", kind="offers")
    assert (call["request"], call["phase"], call["offers"]) == (7, "open", 0)
    assert call["budget"] == {"low": None, "high": 40_000, "currency": "EUR"}
    assert everything(program, f"{GARDEN}/calls", state="decided") == []
    (one,) = everything(program, f"{GARDEN}/contributors")
    assert one["person"] == {"github_id": 4_200, "login": "bo-digs"}
    assert one["contributions"] == [{"kind": "doc", "credits": 1}]


def found(house: House, number: int) -> Request:
    with house.app.read() as connection:
        one = store_of_requests.by_number(connection, house.garden.repo.id, number)
    assert one is not None
    return one


def test_what_cannot_be_read_is_told_and_what_is_private_needs_its_token(
    house: House, program: Program
) -> None:
    for path, status in (
        ("/requests?sort=best", 400),
        ("/requests?after=1", 400),
        ("/requests?stage=No!", 400),
        ("/requests?per_page=201", 400),
        ("/requests/21", 404),
        ("/requests/0", 404),
        ("/requests/99/moves", 404),
        ("/requests/x", 404),
        ("/requests/99/signals", 404),
        ("/calls?state=best", 400),
        ("/contributors?page=0", 400),
        ("/changelog?after=..", 400),
    ):
        answer = program.ask(GARDEN + path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
    house.world.set_private(house.garden.repo, private=True)
    house.settle()
    paths = ("requests", "requests/7", "requests/7/moves", "moves", "stages", "changelog")
    for path in (*paths, "requests/7/signals", "calls", "contributors"):
        assert program.ask(f"{GARDEN}/{path}").status_code == 404
        known = Program(house, token_of(house))
        assert known.ask(f"{GARDEN}/{path}").status_code == 200
