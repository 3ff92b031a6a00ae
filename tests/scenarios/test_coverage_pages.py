"""The ledger as people and programs look at it: a search, a page, tables, and the chain's head."""

import csv
import io
import re

import pytest
from sqlalchemy import update

from bot import coverage_tables
from bot.places import repository
from bot.sandbox.records import PullRequest
from licensing import coverage_search, signed
from tests.house import House
from tests.scenarios.agreement import hidden, mine, offer, sign
from tests.scenarios.merging import land, ledger
from tests.visitor import Visitor

PAGE = "/potluck-sandbox/garden/cla/coverage"


def ask(house: House, query: str = "", ending: str = "") -> tuple[int, str]:
    answer = house.pages.test_client().get(f"{PAGE}{ending}{query}")
    return answer.status_code, answer.get_data(as_text=True)


def two_merged(house: House) -> tuple[PullRequest, PullRequest]:
    """One that Ada signed and squashed with Bo’s unsigned part, one of hers alone."""
    garden = house.garden
    sign(house, garden.ada)
    made = {"author": garden.ada, "co_authors": (hidden(garden.bo),)}
    first = offer(house, garden.ada, {"author": garden.ada}, made)
    house.settle()
    land(house, first, "squash")
    second = mine(house)
    land(house, second, "rebase")
    return first, second


def record_of(house: House, person: int) -> int:
    """The record with which somebody signed."""
    with house.app.read() as connection:
        (one,) = signed.of_person(connection, person)
    return one.sequence


def test_a_commit_a_merge_a_pull_request_and_a_person_are_found(house: House) -> None:
    first, second = two_merged(house)
    ada, bo = house.garden.ada, house.garden.bo
    squash = ledger(house, number=first.number)[0].merge_sha
    copy = ledger(house, number=second.number)[0].landed_sha

    for query, entries in (
        ("", "4 entries"),
        (f"?commit={first.head_sha}", "2 entries"),
        (f"?commit={squash[:9].upper()}", "3 entries"),
        (f"?commit={copy}", "1 entry"),
        (f"?pull=%23{first.number}", "3 entries"),
        (f"?person={bo.id}", "1 entry"),
        ("?person=@ada", "3 entries"),
        (f"?person={ada.id}&pull={second.number}", "1 entry"),
        (f"?record={record_of(house, ada.id)}", "3 entries"),
    ):
        status, shown = ask(house, query)
        assert (status, entries in shown) == (200, True), query
    for query in (
        "?person=nobody-known",
        "?commit=00000000",
        "?pull=77",
        "?record=1",
        "?record=99",
    ):
        status, shown = ask(house, query)
        assert (status, "Nothing here" in shown) == (200, True)
    assert ask(house, "?person=nobody-known", ".json")[1] == "[\n]\n"
    assert "Not covered" in ask(house, f"?person={bo.id}")[1]
    assert f"/pull/{first.number}" in ask(house)[1]


def test_what_cannot_be_searched_for_is_said(house: House) -> None:
    house.settle()
    for query, words in (
        ("?commit=xyz1", "at least four digits"),
        ("?commit=1%25", "at least four digits"),
        ("?pull=0", "number of a pull request"),
        ("?pull=99999999999", "number of a pull request"),
        ("?person=a%20b", "GitHub name"),
        ("?record=x", "number of a record"),
    ):
        status, shown = ask(house, query)
        assert (status, words in shown) == (422, True), query
        assert ask(house, query, ".csv")[0] == ask(house, query, ".json")[0] == 422


def test_tables_say_the_same_as_the_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_search, "AT_ONCE", 2)
    first, _second = two_merged(house)
    client = house.pages.test_client()
    rows = client.get(f"{PAGE}.json").get_json()
    table = list(csv.DictReader(io.StringIO(ask(house, ending=".csv")[1])))

    assert [row["commit"] for row in rows] == [row.sha for row in ledger(house)]
    assert [row["holder"] for row in table] == [str(row["holder"]) for row in rows]
    assert list(table[0]) == [*coverage_tables.COLUMNS, *coverage_tables.WORD]
    only = client.get(f"{PAGE}.json?pull={first.number}").get_json()
    assert only == rows[:3]
    monkeypatch.setattr("bot.coverage_pages.ON_ONE_PAGE", 3)
    status, shown = ask(house, "?page=1")
    assert (status, "Page 1 of 2" in shown, shown.count('role="rowheader"')) == (200, True, 3)
    assert ask(house, "?page=9")[1].count('role="rowheader"') == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert coverage_tables.cell(text) == f"'{text}"


def test_the_head_of_the_chain_is_public(house: House) -> None:
    client = house.pages.test_client()
    sign(house, house.garden.ada)
    head = client.get("/potluck-sandbox/garden/cla/head.json").get_json()

    assert head["scope_id"] == house.garden.repo.id
    assert head["records"] == 2
    assert re.fullmatch("[0-9a-f]{64}", head["head"])
    assert head["head"] in client.get("/potluck-sandbox/garden/cla").get_data(as_text=True)


def test_a_private_repository_is_there_for_its_maintainers_only(house: House) -> None:
    two_merged(house)
    with house.app.write() as connection:
        connection.execute(update(repository).values(private=True))
    assert {ask(house, ending=ending)[0] for ending in ("", ".csv", ".json")} == {404}
    with Visitor(house) as ada, Visitor(house) as mara:
        ada.sign_in(house.garden.ada)
        mara.sign_in(house.garden.mara)
        assert ada.get(PAGE).status_code == 404
        assert mara.get(PAGE).status_code == 200
