"""What the open pull requests of a project wait for, as its page shows it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from bot import people, repositories
from core.github import PullRequest
from core.web.house import FoundRepo
from licensing.waiting import verdict, waiting

ON_ONE_PAGE = 30


@dataclass(frozen=True)
class Waiting:
    """An open pull request and what it waits for; `conclusion` is None until it was looked at.

    `to_sign` names who has to sign as far as we know their names, `others` counts the rest, and
    `unknown` counts authors that cannot be identified.
    """

    number: int
    opener: str
    opened_at: datetime
    conclusion: str | None
    to_sign: tuple[str, ...] = ()
    others: int = 0
    unknown: int = 0
    url: str | None = None


@dataclass(frozen=True)
class Page:
    """Some of the open pull requests, newest first: page `number` of `last`, of `total` in all."""

    number: int
    last: int
    total: int
    pulls: tuple[Waiting, ...]


@dataclass
class _Found:
    conclusion: str | None = None
    people: list[int] = field(default_factory=list)
    unknown: int = 0


def open_pull_requests(
    connection: Connection, repo: FoundRepo, web: str | None, now: datetime, wanted: int = 1
) -> Page:
    """Give a page of the open pull requests of `repo`; `web` is where people see GitHub.

    A page beyond the last is the last.
    """
    pulls = repositories.open_pulls(connection, repo.id)[::-1]
    last = max(1, -(-len(pulls) // ON_ONE_PAGE))
    number = min(max(1, wanted), last)
    shown = pulls[(number - 1) * ON_ONE_PAGE : number * ON_ONE_PAGE]
    return Page(
        number=number,
        last=last,
        total=len(pulls),
        pulls=described(connection, repo, shown, web, now),
    )


def described(
    connection: Connection,
    repo: FoundRepo,
    pulls: Collection[PullRequest],
    web: str | None,
    now: datetime,
) -> tuple[Waiting, ...]:
    """Say of each of these pull requests what it waits for."""
    found = _found(connection, repo.id, pulls)
    names = _names(connection, pulls, found, now)
    return tuple(_waiting(pull, found[pull.number], names, repo, web) for pull in pulls)


def _found(
    connection: Connection, repo_id: int, pulls: Collection[PullRequest]
) -> dict[int, _Found]:
    heads = {pull.number: pull.head_sha for pull in pulls}
    found: dict[int, _Found] = defaultdict(_Found)
    judged = connection.execute(
        select(verdict.c.number, verdict.c.head_sha, verdict.c.conclusion).where(
            verdict.c.repo_id == repo_id, verdict.c.number.in_(heads)
        )
    )
    for row in judged:
        # A judgement of an older head says nothing about this one.
        if row.head_sha == heads[row.number]:
            found[row.number].conclusion = row.conclusion
    waited = connection.execute(
        select(waiting.c.number, waiting.c.github_id)
        .where(waiting.c.repo_id == repo_id, waiting.c.number.in_(heads))
        .order_by(waiting.c.id)
    )
    for number, github_id in waited:
        if github_id is not None:
            found[number].people.append(github_id)
        else:
            found[number].unknown += 1
    return found


def _names(
    connection: Connection,
    pulls: Collection[PullRequest],
    found: Mapping[int, _Found],
    now: datetime,
) -> dict[int, str]:
    """Give the names that we know: of openers, and of co-authors that were looked up."""
    numbers = {number for one in found.values() for number in one.people}
    met = people.known(connection, numbers, now).items()
    names = {number: account.login for number, account in met if account}
    return names | {one.opener.id: one.opener.login for one in pulls if one.opener.login}


def _waiting(
    pull: PullRequest, found: _Found, names: Mapping[int, str], repo: FoundRepo, web: str | None
) -> Waiting:
    # What is not judged yet, or needs nobody, waits for nobody.
    asked = found.people if found.conclusion == "action_required" else []
    named = tuple(names[number] for number in asked if number in names)
    return Waiting(
        number=pull.number,
        opener=pull.opener.login,
        opened_at=pull.created_at,
        conclusion=found.conclusion,
        to_sign=named,
        others=len(asked) - len(named),
        unknown=found.unknown if found.conclusion == "action_required" else 0,
        url=f"{web}/{repo.name}/pull/{pull.number}" if web else None,
    )
