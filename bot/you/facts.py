"""What the page of one's own shows: what somebody signed, and what waits."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, or_, select, tuple_

from bot import rechecks, repositories, tasks
from bot.places import installation, pull_request, repository
from licensing import relying, signed, waiting
from licensing.signed import Signed
from licensing.versions import ORGANISATION

MOST_PULLS = 50


@dataclass(frozen=True)
class Line:
    """A signature as the page shows it; `project` is a name, `page` its public page or empty.

    `asks_anew` names the version that is asked for now, where this one does not count any more.
    `is_last` is the newest of this person and agreement: there they sign again.
    """

    signed: Signed
    project: str
    page: str
    asks_anew: str = ""
    is_last: bool = True

    @property
    def stands(self) -> bool:
        """It was not withdrawn."""
        return self.signed.withdrawn_at is None


@dataclass(frozen=True)
class Pull:
    """An open pull request of the person, or one that waits for them.

    `mine`: they have to sign; `others` counts who else has to, `unknown` the authors that cannot
    be told; `conclusion` is None until it was looked at. `again`: another look at it is due, so
    that what is known of it may be old.
    """

    project: str
    number: int
    conclusion: str | None
    mine: bool
    others: int
    unknown: int
    private: bool
    again: bool = False


def signatures(
    connection: Connection, github_id: int
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Give what somebody signed, and what they signed for minors, newest first."""
    lines: list[Line] = []
    seen: set[tuple[int, int]] = set()
    for one in signed.of_person(connection, github_id):
        key = (one.agreement_id, one.github_id)
        lines.append(replace(line(connection, one), is_last=key not in seen))
        seen.add(key)
    own = tuple(one for one in lines if one.signed.github_id == github_id)
    return own, tuple(one for one in lines if one.signed.github_id != github_id)


def line(connection: Connection, one: Signed) -> Line:
    """Say of which project a signature is, and whether it still counts there.

    What is private now is called by its number: a name given since is not for all who signed.
    """
    repo = connection.execute(
        select(repository).where(repository.c.id == one.repo_id)
    ).one_or_none()
    name = repo.name if repo and not repo.private else ""
    page = f"/{name}/cla" if repo and not repo.private and repo.state == "active" else ""
    newer = signed.newer_major(connection, one)
    project = _owner(connection, one.scope_id) if one.scope == ORGANISATION else name
    return Line(one, project or name or f"#{one.repo_id}", page, newer or "")


def resting_on(connection: Connection, one: Signed) -> int:
    """Count the open pull requests that rest on the word of whoever signed."""
    threads = relying.relies_under(connection, one.agreement_id, one.github_id)
    known = (repositories.pull(connection, repo_id, number) for repo_id, number in threads)
    return sum(pull is not None and pull.state == "open" for pull in known)


def pulls(connection: Connection, github_id: int) -> tuple[Pull, ...]:
    """Give the open pull requests that somebody opened or that wait for them, newest first.

    Of a private repository only those that they opened: others need not know that it is there.
    """
    opened, wait = pull_request.c, waiting.waiting.c
    waits = (
        select(wait.number)
        .where(wait.repo_id == opened.repo_id, wait.number == opened.number)
        .where(wait.github_id == github_id)
        .exists()
    )
    rests = _looked_at_again(connection, relying.relies_on(connection, github_id))
    turned = tuple_(opened.repo_id, opened.number).in_(sorted(rests)[:MOST_PULLS])
    rows = connection.execute(
        select(pull_request, repository.c.name, repository.c.private)
        .join(repository, repository.c.id == opened.repo_id)
        .where(opened.state == "open", repository.c.state == "active")
        .where(or_(opened.opener_id == github_id, (waits | turned) & ~repository.c.private))
        .order_by(opened.created_at.desc(), opened.repo_id, opened.number)
        .limit(MOST_PULLS)
    ).all()
    due = _looked_at_again(connection, [(row.repo_id, row.number) for row in rows])
    return tuple(_pull(connection, row, github_id, due) for row in rows)


def _pull(
    connection: Connection, row: Row[Any], github_id: int, due: Collection[tuple[int, int]]
) -> Pull:
    judged = waiting.last(connection, row.repo_id, row.number)
    is_current = judged is not None and judged.head_sha == row.head_sha
    waited = _waited(connection, row.repo_id, row.number) if is_current else []
    return Pull(
        project=row.name,
        number=row.number,
        conclusion=judged.conclusion if judged and is_current else None,
        mine=github_id in waited,
        others=len({one for one in waited if one not in {None, github_id}}),
        unknown=sum(one is None for one in waited),
        private=row.private,
        again=(row.repo_id, row.number) in due,
    )


def _looked_at_again(
    connection: Connection, threads: Collection[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Give those pull requests at which another look is due, or is being taken."""
    entities = {rechecks.thread(*one): one for one in threads}
    rows = connection.scalars(
        select(tasks.task.c.entity).where(
            or_(tasks.queue.due, tasks.queue.running),
            tasks.task.c.name == "recheck",
            tasks.task.c.entity.in_(entities),
        )
    )
    return {entities[one] for one in rows if one is not None}


def _waited(connection: Connection, repo_id: int, number: int) -> list[int | None]:
    table = waiting.waiting
    return list(
        connection.scalars(
            select(table.c.github_id).where(table.c.repo_id == repo_id, table.c.number == number)
        )
    )


def _owner(connection: Connection, account_id: int) -> str:
    found = select(installation.c.account_login).where(installation.c.account_id == account_id)
    return connection.scalar(found.limit(1)) or ""
