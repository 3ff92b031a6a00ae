"""A garden whose people ask for things: rules with a roadmap, and requests that GitHub told of."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.roadmap import joinings, store, votes
from bot.roadmap.joinings import Joining
from bot.roadmap.rules import Act
from bot.roadmap.store import Request, Told
from core.github import Account
from tests.house import House
from tests.scenarios.agreement import push_files

ASKER = Account(4_000, "asker")
HOME = "/potluck-sandbox/garden/requests"


def switch_on(house: House, votes_per_person: int = 3) -> None:
    """Let the garden's rules file switch the roadmap on."""
    lines = ('language = "en"', "[roadmap]", "on = true", f"votes_per_person = {votes_per_person}")
    push_files(house, {".github/potluck.toml": "\n".join(lines) + "\n"})
    house.settle()


def told(house: House, number: int, title: str, **more: Any) -> Told:
    """What GitHub would say of an issue of the garden."""
    at = house.now - timedelta(days=100 - number)
    usual = Told(
        f"I_{number}", house.garden.repo.id, number, title, ASKER, "open", False, at, None, at
    )
    return replace(usual, **more)


def wish(house: House, number: int, title: str, supporters: int = 0, **more: Any) -> Request:
    """Put a request on the table, with votes of strangers."""
    origin = more.pop("origin", "asked")
    with house.app.write() as connection:
        asked = store.note(connection, told(house, number, title, **more), "label", origin)
        for person in range(10_000, 10_000 + supporters):
            at = asked.opened_at + timedelta(days=person - 10_000)
            act = Act(person, "cast", "for", "reaction", f"{number}-{person}", at)
            votes.cast(connection, asked, act, 0, house.now)
    return asked


def join(house: House, asked: Request, onto: Request) -> None:
    """Say that a request is the same as another."""
    with house.app.write() as connection:
        said = Joining(asked, onto, 1, f"{asked.id}", house.now)
        assert joinings.join(connection, said, 0).outcome == "joined"


def close(house: House, asked: Request) -> None:
    """Close a request, as GitHub tells of it."""
    with house.app.write() as connection:
        number, title = asked.number, asked.title
        closed = told(house, number, title, state="closed", closed_at=house.now)
        assert store.take_over(connection, replace(closed, updated_at=house.now))
        votes.recount(connection, {asked.root_id}, asked.repo_id, 3)
