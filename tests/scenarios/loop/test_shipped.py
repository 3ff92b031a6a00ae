"""Something ships: everybody who wanted it is told once, where they said so, and answers."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, select

from bot.roadmap import ballots, store
from bot.roadmap.loop import answers
from bot.roadmap.loop.tables import answer, notice
from bot.sandbox.records import Account, Issue
from core.db import Database
from core.queue import LEASE
from tests.house import House
from tests.scenarios.agreement import replay
from tests.scenarios.asking import ask, found, person, said, say, steer, sweep
from tests.visitor import Visitor


class Killed(BaseException):
    """What nobody catches: the process ends here."""


class Fuse:
    """Ends the process at the next-but-some seam; a seam lies on each side of a commit and a write."""

    def __init__(self) -> None:
        self.left = -1
        self.lives = 1

    def seam(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed

    def guard(self, database: Database) -> None:
        whole = database.write

        @contextmanager
        def write() -> Iterator[Connection]:
            with whole() as connection:
                yield connection
                self.seam()
            self.seam()

        database.write = write  # type: ignore[method-assign] - the seams that this is about

    def settle(self, house: House, seed: int) -> None:
        """Let everything happen, with the process killed again and again while it does."""
        dice = random.Random(seed)
        for _life in range(60):
            self.left = dice.randint(3, 14)
            try:
                house.settle()
            except Killed:
                self.left = -1
                self.lives += 1
                house.advance(LEASE)
                house.restart()
            else:
                break
        self.left = -1


def vote_on_page(house: House, issue: Issue, who: Account) -> None:
    with Visitor(house) as visitor:
        visitor.sign_in(who)
        visitor.submit(f"/potluck-sandbox/garden/requests/{issue.number}", form="vote-form")


def notices(house: House) -> dict[int, str]:
    with house.app.read() as connection:
        rows = connection.execute(select(notice.c.github_id, notice.c.channel))
        return {row.github_id: row.channel for row in rows}


def mentioned(issue: Issue) -> list[str]:
    return [
        login
        for body in said(issue)
        if "It is there" in body
        for login in re.findall(r"(?<![\w/])@([\w-]+)", body)
    ]


def count(house: House, issue: Issue) -> dict[str, int]:
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        return dict(answers.counted(connection, asked).counts)


def wanted_by_many(house: House) -> tuple[Issue, Issue]:
    """Give a request and one joined onto it, with votes through all doors; one person is quiet."""
    steer(house, "votes_per_person = 0", "young_account_days = 0")
    garden = house.garden
    issue, twin = ask(house, garden.ada), ask(house, garden.bo, "Pour water on the beds")
    say(house, twin, garden.mara, f"/duplicate #{issue.number}")
    for number in range(23):
        house.world.react(issue, person(house, number))
    for number in range(20, 32):
        house.world.react(twin, person(house, number))
    sweep(house)
    for number in (32, 33, 34):
        house.world.comment(issue, person(house, number), "/vote")
    house.settle()
    vote_on_page(house, issue, person(house, 35))
    vote_on_page(house, issue, person(house, 0))  # takes the vote by a 👍 back
    vote_on_page(house, issue, person(house, 0))  # and gives it here: the page is the last door
    say(house, issue, person(house, 1), "/quiet")
    return issue, twin


def test_voters_of_three_channels_are_told_once_even_if_it_is_killed_meanwhile(
    house: House,
) -> None:
    issue, twin = wanted_by_many(house)
    garden = house.garden
    fuse: Any = Fuse()
    fuse.guard(house.app)
    house.world.close(issue, garden.mara, "completed")
    fuse.settle(house, 3)
    assert fuse.lives > 3
    house.settle()

    here, there = mentioned(issue), mentioned(twin)
    assert len(here) == len(set(here))
    assert not set(here) & set(there)
    assert set(here) == {f"person-{n}" for n in (*range(2, 20), *(32, 33, 34))} | {"ada"}
    # Who voted on both: the last one said it there.
    assert set(there) == {f"person-{n}" for n in range(20, 32)} | {"bo"}
    told = notices(house)
    assert {told[50_035], told[50_000]} == {"page"}
    assert told[50_001] == "quiet"
    assert sum("It is there" in body for body in (*said(issue), *said(twin))) == 2
    replay(house, 5)
    assert (mentioned(issue), mentioned(twin)) == (here, there)

    # Opened and shipped again: only those who were not content hear of it again.
    say(house, issue, person(house, 2), "/works no: it drips")
    say(house, issue, person(house, 3), "/works yes")
    house.world.reopen(issue, garden.mara)
    house.settle()
    say(house, issue, person(house, 4), "/works no")
    assert "has not shipped" in said(issue)[-1]
    house.advance(LEASE)
    house.world.close(issue, garden.mara, "completed")
    house.settle()
    assert mentioned(issue) == [*here, "person-2"]


def test_answers_are_one_for_each_person_and_too_many_noes_suggest_to_open_it_again(
    house: House,
) -> None:
    steer(house, "votes_per_person = 0", "reopen_after_no = 2")
    garden, issue = house.garden, ask(house, house.garden.ada)
    for number in range(3):
        house.world.react(issue, person(house, number))
    sweep(house)
    house.world.close(issue, garden.mara, "completed")
    house.settle()
    one, two, stranger = person(house, 0), person(house, 1), person(house, 9)

    first = say(house, issue, one, "/works yes thank you <b>all</b>")
    say(house, issue, stranger, "/works non, pas du tout")
    say(house, issue, two, "/works en partie")
    assert count(house, issue) == {"yes": 1, "partly": 1, "no": 1}
    say(house, issue, two, "/works perhaps")
    assert "write `/works yes`" in said(issue)[-1]
    say(house, issue, two, "/works no")
    assert count(house, issue) == {"yes": 1, "partly": 0, "no": 2}
    # The stranger did not want it: their no is shown, and suggests nothing.
    assert not any("open it again" in body for body in said(issue))
    house.world.edit_comment(first, one, "/works no after all")
    house.settle()
    assert sum("open it again" in body for body in said(issue)) == 1
    house.world.delete_comment(first, one)
    house.settle()
    assert count(house, issue) == {"yes": 0, "partly": 0, "no": 2}
    assert sum("open it again" in body for body in said(issue)) == 1
    with Visitor(house) as stranger_there:
        card = stranger_there.get("/potluck-sandbox/garden/roadmap").text
    assert "Many say that it does not do their job" in card
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        acts = ballots.acts(connection, answers.subject_of(asked), one.id)
        kept = connection.execute(select(answer.c.github_id)).scalars().all()
        assert store.by_id(connection, asked.id) is not None
    assert {act.deed for act in acts} == {"cast", "undone"}
    assert set(kept) == {two.id, stranger.id}
