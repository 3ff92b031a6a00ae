"""A garden with a roadmap: requests, votes, and what both sides say of them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.roadmap import store
from bot.roadmap.store import Request
from bot.roadmap.tables import ballot, request, supporter
from bot.sandbox.records import Account, Issue, Repository
from bot.sandbox.seed import CONFIGURATION
from tests.house import House
from tests.scenarios.agreement import push_files

RULES = ".github/potluck.toml"


def steer(house: House, *lines: str, repo: Repository | None = None) -> None:
    """Switch the roadmap on, with these lines in its section, and let it happen."""
    write_rules(house, *lines, repo=repo)
    house.settle()


def write_rules(house: House, *lines: str, repo: Repository | None = None) -> None:
    """Put rules with a roadmap on the default branch."""
    text = CONFIGURATION + "\n".join(["", "[roadmap]", *lines]) + "\n"
    files = {RULES: text}
    if repo is not None:
        files["CLA.md"] = "# The agreement\n"
    push_files(house, files, repo)


def ask(house: House, who: Account, title: str = "Water the beds", **more: Any) -> Issue:
    """Open an issue that is a request."""
    more = {"labels": ["request"]} | more
    issue = house.world.open_issue(house.garden.repo, who, title, **more)
    house.settle()
    return issue


def say(house: House, issue: Issue, who: Account, body: str) -> Any:
    """Comment, and let everything happen; gives the comment."""
    comment = house.world.comment(issue, who, body)
    house.settle()
    return comment


def sweep(house: House) -> None:
    """Do what is done every five minutes."""
    house.advance(timedelta(minutes=5))
    house.tick("sweep_votes")
    house.settle()


def person(house: House, number: int, **more: Any) -> Account:
    """Give one of any number of people."""
    login = f"person-{number}"
    return house.world.by_login(login) or house.world.account(login, id=50_000 + number, **more)


def found(house: House, issue: Issue) -> Request | None:
    """Give the request that has this issue's number in its repository now."""
    with house.app.read() as connection:
        return store.by_number(connection, issue.repo.id, issue.number)


def voters(house: House, issue: Issue) -> set[int]:
    """Give whose votes stand for the group of a request."""
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        rows = select(supporter.c.github_id).where(supporter.c.root_id == asked.root_id)
        return set(connection.scalars(rows))


def count(house: House, issue: Issue) -> int:
    """Give how many votes count for the group of a request."""
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        return int(
            connection.scalar(select(request.c.supporters).where(request.c.id == asked.root_id))
            or 0
        )


def acts(house: House) -> int:
    """Give how many acts the ledger has."""
    with house.app.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(ballot)) or 0)


def said(issue: Issue) -> list[str]:
    """Give what the bot says on an issue, oldest first."""
    return [comment.body for comment in issue.comments if comment.app is not None]
