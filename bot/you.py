"""What the page of one's own shows: what somebody signed, who lists them, what waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from bot import repositories
from bot.places import installation, pull_request, repository
from licensing import relying, signed, waiting
from licensing.companies import reading
from licensing.companies.tables import acknowledgement, company_listing
from licensing.companies.values import Listing
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
class Listed:
    """A company that names a person, or whom they acknowledged; `page` is where that is done."""

    company: str
    project: str
    page: str
    from_at: datetime | None
    over_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class Pull:
    """An open pull request of the person, or one that waits for them.

    `mine`: they have to sign; `others` counts who else has to, `unknown` the authors that cannot
    be told; `conclusion` is None until it was looked at.
    """

    project: str
    number: int
    conclusion: str | None
    mine: bool
    others: int
    unknown: int
    private: bool


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


def companies(connection: Connection, github_id: int) -> tuple[Listed, ...]:
    """Give the companies that list somebody by number, or whom they acknowledged."""
    rows = connection.execute(
        select(company_listing.c.agreement_id, company_listing.c.company)
        .where(company_listing.c.github_id == github_id)
        .where(company_listing.c.rule.in_(("person", "manager")))
        .union(
            select(acknowledgement.c.agreement_id, acknowledgement.c.company).where(
                acknowledgement.c.github_id == github_id
            )
        )
    ).all()
    found = (
        _listed(connection, row.agreement_id, row.company, github_id)
        for row in sorted(rows, key=tuple)
    )
    return tuple(one for one in found if one is not None)


def _listed(
    connection: Connection, agreement_id: int, number: int, github_id: int
) -> Listed | None:
    known = reading.find(connection, agreement_id, number)
    if known is None:
        return None
    said = [
        one
        for one in reading.acknowledged(connection, agreement_id, number)
        if one.github_id == github_id
    ]
    mine = [
        one
        for one in reading.listings(connection, agreement_id, number)
        if one.github_id == github_id and one.rule in {"person", "manager"}
    ]
    repos = _repositories(connection, signed.repositories_of(connection, agreement_id))
    public = next((name for name, private in repos if not private), "")
    return Listed(
        company=known.name,
        project=public,
        page=f"/{public}/cla/company/{number}/join" if public else "",
        from_at=min((one.from_at for one in mine), default=None),
        over_at=_last_end(mine),
        acknowledged_at=said[-1].acknowledged_at if said else None,
    )


def _last_end(listings: Sequence[Listing]) -> datetime | None:
    """Give when the last of them ends, or ended; None while one of them goes on without an end."""
    ends = [one.over_at for one in listings if one.over_at]
    return max(ends) if ends and len(ends) == len(listings) else None


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
    rows = connection.execute(
        select(pull_request, repository.c.name, repository.c.private)
        .join(repository, repository.c.id == opened.repo_id)
        .where(opened.state == "open", repository.c.state == "active")
        .where(or_(opened.opener_id == github_id, waits & ~repository.c.private))
        .order_by(opened.created_at.desc(), opened.repo_id, opened.number)
        .limit(MOST_PULLS)
    ).all()
    found = []
    for row in rows:
        judged = waiting.last(connection, row.repo_id, row.number)
        is_current = judged is not None and judged.head_sha == row.head_sha
        waited = _waited(connection, row.repo_id, row.number) if is_current else []
        found.append(
            Pull(
                project=row.name,
                number=row.number,
                conclusion=judged.conclusion if judged and is_current else None,
                mine=github_id in waited,
                others=len({one for one in waited if one not in {None, github_id}}),
                unknown=sum(one is None for one in waited),
                private=row.private,
            )
        )
    return tuple(found)


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


def _repositories(connection: Connection, numbers: Collection[int]) -> list[tuple[str, bool]]:
    rows = connection.execute(
        select(repository.c.name, repository.c.private)
        .where(repository.c.id.in_(numbers))
        .order_by(repository.c.name)
    )
    return [(row.name, row.private) for row in rows]
