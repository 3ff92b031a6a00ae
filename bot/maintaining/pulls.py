"""Open pull requests a page at a time: those that wait for something, or all of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select

from bot import standing
from bot.places import pull_request
from bot.standing import Waiting
from core.github import Account, PullRequest
from core.web.house import FoundRepo
from licensing.waiting import verdict

ON_ONE_PAGE = 30
AT_REST = ("success", "neutral", "none")
"""What was concluded of pull requests that wait for nothing."""


def page(
    connection: Connection,
    repo: FoundRepo,
    web: str | None,
    now: datetime,
    *,
    before: int | None = None,
    only_waiting: bool = True,
    most: int = ON_ONE_PAGE,
) -> tuple[tuple[Waiting, ...], int | None]:
    """Give a page, newest first, and the number behind which the next begins; None on the last."""
    statement = _open(repo.id, only_waiting=only_waiting).limit(most + 1)
    if before is not None:
        statement = statement.where(pull_request.c.number < before)
    found = connection.execute(statement).all()
    pulls = [_pull(row) for row in found[:most]]
    shown = standing.described(connection, repo, pulls, web, now)
    return shown, pulls[-1].number if len(found) > most else None


def _open(repo_id: int, *, only_waiting: bool) -> Select[Any]:
    judged = and_(
        verdict.c.repo_id == pull_request.c.repo_id,
        verdict.c.number == pull_request.c.number,
        # A judgement of an older head says nothing about this one.
        verdict.c.head_sha == pull_request.c.head_sha,
    )
    found = (
        select(pull_request)
        .outerjoin(verdict, judged)
        .where(pull_request.c.repo_id == repo_id, pull_request.c.state == "open")
        .order_by(pull_request.c.number.desc())
    )
    if not only_waiting:
        return found
    return found.where(or_(verdict.c.conclusion.is_(None), verdict.c.conclusion.not_in(AT_REST)))


def _pull(row: Row[Any]) -> PullRequest:
    return PullRequest(
        number=row.number,
        opener=Account(row.opener_id, row.opener_login, row.opener_type),
        head_sha=row.head_sha,
        base_ref=row.base_ref,
        state=row.state,
        created_at=row.created_at,
        updated_at=row.updated_at,
        draft=row.draft,
    )
