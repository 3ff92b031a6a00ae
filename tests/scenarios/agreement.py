"""Acts and questions that the stories about the agreement share."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from bot.sandbox.records import NOREPLY, Account, PullRequest, Repository
from licensing.tables import signature
from tests.house import House

PHRASE = "I have read the CLA Document and I hereby sign the CLA"
ACCEPTED = 202
Made = Mapping[str, Any]


def hidden(person: Account, login: str | None = None) -> tuple[str, str]:
    """Name and noreply address of a person, as GitHub's own co-author lines have them."""
    return person.name, f"{person.id}+{login or person.login}@{NOREPLY}"


def set_rules(house: House, *lines: str, repo: Repository | None = None, **files: str) -> str:
    """Put `[agreement]` with these lines on the default branch, and `files`; gives the commit."""
    text = "\n".join(['language = "en"', "[agreement]", *lines]) + "\n"
    return push_files(house, {".github/potluck.toml": text, **files}, repo)


def push_files(house: House, files: Mapping[str, str], repo: Repository | None = None) -> str:
    """Commit files to the default branch as its maintainer, and publish it."""
    mara, where = house.garden.mara, repo or house.garden.repo
    house.world.commit(where, where.default_branch, message="Set up", author=mara, files=files)
    return house.world.push(where, where.default_branch, mara)


def offer(house: House, opener: Account, *commits: Made, **more: Any) -> PullRequest:
    """Open a pull request from the opener's fork with these commits, each its own file."""
    world, repo = house.world, house.garden.repo
    source = fork_of(house, opener)
    world.branch(source, source.default_branch, repo.branches[repo.default_branch])
    branch = f"topic-{world.new_id()}"
    world.branch(source, branch, repo.default_branch)
    for made in commits:
        add(house, source, branch, **made)
    return world.open_pull_request(repo, opener, branch, head_repo=source, **more)


def mine(house: House) -> PullRequest:
    """A pull request of Ada's, judged."""
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    house.settle()
    return pull


def fork_of(house: House, owner: Account) -> Repository:
    """Give somebody's fork of the garden, made if there is none."""
    repo = house.garden.repo
    source = house.world.find_repository(f"{owner.login}/{repo.name}")
    if source is None or source.parent is not repo:
        source = house.world.fork(repo, owner)
    return source


def add(house: House, source: Repository, branch: str, **made: Any) -> str:
    """Add one commit to a branch; `author` is an account or (name, address)."""
    files = made.pop("files", {f"{house.world.new_id()}.txt": "New.\n"})
    message = made.pop("message", "Change")
    return house.world.commit(source, branch, message=message, files=files, **made).sha


def sign(house: House, *people: Account) -> None:
    """Let people sign, each on a small pull request of their own, and close it."""
    for person in people:
        pull = offer(house, person, {"author": person})
        house.settle()
        house.world.comment(pull, person, "/sign")
        house.settle()
        assert house.check(pull).conclusion == "success", house.check(pull).summary
        house.world.close(pull, person)
    house.settle()


def conclusion(house: House, pull: PullRequest) -> str | None:
    """What the check on the head says, None if there is none."""
    found = house.checks(pull)
    return found[0].conclusion if found else None


def conclusions(house: House, pulls: Mapping[str, PullRequest]) -> dict[str, str | None]:
    """What the checks of several pull requests say."""
    return {label: conclusion(house, pull) for label, pull in pulls.items()}


def signatures(house: House) -> list[tuple[int, int]]:
    """Who has signed, as (number, comment), in order."""
    with house.app.read() as connection:
        rows = connection.execute(
            select(signature.c.github_id, signature.c.comment_id).order_by(signature.c.id)
        )
        return [(row.github_id, row.comment_id) for row in rows]


def signers(house: House) -> list[int]:
    """The numbers of those who have signed, in order."""
    return [github_id for github_id, _comment in signatures(house)]


def content(house: House, path: str) -> bytes:
    """The bytes of a file at the tip of the garden's default branch."""
    repo = house.garden.repo
    return repo.objects.blobs[repo.objects.commits[repo.branches["main"]].tree[path]]


def replay(house: House, seed: int) -> None:
    """Send everything that was ever delivered again, under new ids and in another order."""
    heard = [attempt.delivery for attempt in house.sandbox.hooks.attempts]
    random.Random(seed).shuffle(heard)
    for delivery in heard:
        assert house.deliver(delivery.event.name, delivery.body) == ACCEPTED
    house.settle()


def writes(seen: Iterable[Any]) -> list[Any]:
    """Those of the calls that change something on GitHub."""
    return [call for call in seen if call.method != "GET" and "access_tokens" not in call.path]


def reads(seen: Iterable[Any]) -> list[Any]:
    """Those of the calls that only ask."""
    return [call for call in seen if call.method == "GET"]
