"""Similar requests: how many of the labelled pairs are found, and how much is shown in vain."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bot.roadmap import similar, store, words
from bot.roadmap.store import Told
from bot.roadmap.tables import request
from bot.sandbox import failures
from core.db import Database
from core.github import Account
from tests.house import House
from tests.scenarios.roadmap import HOME, switch_on, wish
from tests.scenarios.similar_pairs import OTHERS, PAIRS, UNRELATED
from tests.visitor import Visitor

T = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
RECALL_FLOOR = 0.97
FIRST_FLOOR = 0.93
PRECISION_FLOOR = 0.8
QUIET_FLOOR = 0.9


@pytest.fixture
def app(databases: tuple[str, str]) -> Iterator[Database]:
    database = Database(databases[0])
    with database.write() as connection:
        titles = [original for original, _other in PAIRS] + list(OTHERS)
        for number, title in enumerate(titles, 1):
            told = Told(
                f"I_{number}", 1, number, title, Account(9, "asker"), "open", False, T, None, T
            )
            store.note(connection, told, "label", "asked")
    yield database
    database.close()


def numbers(app: Database, title: str) -> list[int]:
    with app.read() as connection:
        return [one.number for one in similar.similar(connection, 1, title)]


def test_pairs_are_found_and_little_else(app: Database) -> None:
    found = [numbers(app, other) for _original, other in PAIRS]
    hits = [number in shown for number, shown in enumerate(found, 1)]
    first = [shown[:1] == [number] for number, shown in enumerate(found, 1)]
    quiet = [not numbers(app, title) for title in UNRELATED]
    recall, top = sum(hits) / len(PAIRS), sum(first) / len(PAIRS)
    precision = sum(hits) / sum(len(shown) for shown in found)
    silence = sum(quiet) / len(UNRELATED)
    missed = [PAIRS[at] for at, hit in enumerate(hits) if not hit]
    measured = (
        f"recall@5 {recall:.3f}, first {top:.3f}, precision {precision:.3f}, quiet {silence:.3f}"
    )
    assert recall >= RECALL_FLOOR, (measured, missed)
    assert top >= FIRST_FLOOR, measured
    assert precision >= PRECISION_FLOOR, measured
    assert silence >= QUIET_FLOOR, measured


def test_slips_of_the_pen_are_forgiven(app: Database) -> None:
    for title in ("Exprot recipes as PDF", "Barcde scaner, pantry", "Dark thmee, reader"):
        assert numbers(app, title), title


def test_another_title_is_found_anew_and_the_old_one_no_more(app: Database) -> None:
    with app.write() as connection:
        later = T.replace(year=2027)
        told = Told(
            "I_1", 1, 1, "Bees need hives", Account(9, "asker"), "open", False, T, None, later
        )
        assert store.take_over(connection, told)
    assert numbers(app, "Hives for bees") == [1]
    assert 1 not in numbers(app, "Export recipes as PDF")


def test_nonsense_finds_nothing_and_breaks_nothing(app: Database) -> None:
    for title in ("", "?!", "\0", "w" * 5000, "' OR 1=1 --", "%_%", "a b c", "日本語", "\u202e"):
        assert numbers(app, title) == []


def test_stems_of_both_languages() -> None:
    for one, other in (
        ("notification", "notify"),
        ("exporter", "exports"),
        ("recherche", "rechercher"),
        ("Étiquettes", "etiquette"),
        ("sorting", "sorted"),
    ):
        assert words.stems(one) == words.stems(other), (one, other)
    assert words.stems("please add support for the") == words.stems("Please, add support for the!")


def test_asking_looks_first_and_then_opens_the_issue_once(house: House) -> None:
    switch_on(house)
    wish(house, 70, "Exchange seeds with other gardens", supporters=3)
    need = "I have too many beans.\n<!-- potluck:x --> @mara look"
    with Visitor(house) as ada:
        ada.sign_in(house.garden.ada)
        short = ada.submit(f"{HOME}/new", {"title": "Seeds", "need": "x"}, "ask")
        assert (short.status_code, short.text.count('class="error"')) == (422, 2)
        said = {"title": "Exchanging seed between gardens", "need": need, "step": "look"}
        looked = ada.submit(f"{HOME}/new", said, "ask")
        assert "Exchange seeds with other gardens" in looked.text
        assert need.splitlines()[0] in looked.text
        unseen = ada.fill_in(looked, {"title": "Share seeds with us all", "step": "send"}, "ask")
        assert "Look again" in unseen.text
        for _twice in range(2):
            sent = ada.fill_in(looked, {"step": "send"}, "ask")
            assert "on its way" in sent.text
        house.settle()
        opened = [it for it in house.garden.repo.threads.values() if it.title == said["title"]]
        assert len(opened) == 1
        assert opened[0].app is not None
        assert opened[0].labels == ["request"]
        assert f"@{house.garden.ada.login} asks for this" in opened[0].body
        assert "<!-- potluck:x" not in opened[0].body
        assert "@mara" not in opened[0].body
        there = ada.get(str(sent.url))
    assert there.url.path == f"{HOME}/{opened[0].number}"
    assert f"<bdi>{house.garden.ada.login}</bdi>" in there.text


def test_a_lost_answer_opens_no_second_issue(house: House) -> None:
    switch_on(house)
    with Visitor(house) as ada:
        ada.sign_in(house.garden.ada)
        said = {"title": "A bench in the shade", "need": "I sit in the sun.", "step": "look"}
        looked = ada.submit(f"{HOME}/new", said, "ask")
        lost = house.sandbox.fail(
            "POST", f"{house.garden.repo.full_name}/issues", failures.reset_after()
        )
        ada.fill_in(looked, {"step": "send"}, "ask")
    house.settle()
    assert lost.used == 1
    opened = [it for it in house.garden.repo.threads.values() if it.title == said["title"]]
    assert len(opened) == 1
    with house.app.read() as connection:
        assert connection.scalar(select(func.count()).select_from(request)) == 1


def test_where_the_roadmap_is_off_nothing_can_be_asked(house: House) -> None:
    house.settle()
    with Visitor(house) as ada:
        ada.sign_in(house.garden.ada)
        assert ada.get(f"{HOME}/new").status_code == 404
