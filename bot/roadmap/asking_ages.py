"""Asking GitHub when the accounts of voters were made, later than they vote and a few at a time.

Only that is kept of an account which nobody else showed us: who had their login erased stays so.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, exists, not_, or_, select, text, union

from bot import people, repositories, tasks
from bot.people import account
from bot.roadmap import votes, voting
from bot.roadmap.intents.approving import PREFIX
from bot.roadmap.intents.tables import intent
from bot.roadmap.tables import ballot, box, request, supporter
from core.context import Context, Decide, Effect, Task
from core.github import Account, GitHubError, Incomplete, Refused, Repo, Unavailable

AT_ONCE = 20
"""Accounts that one task asks for."""

SOON = timedelta(minutes=1)
"""Votes that come one after the other share a task, and what a sweep found has been read by then."""

LATEST = 5
"""Calls and contests of whose votes the ages are asked for."""


def lack(connection: Connection, repo: Repo) -> bool:
    """Say whether there is anybody among the voters to ask for."""
    return _are_shown(connection, repo) and bool(_unknown(connection, repo.id, 1))


def after_sweep(ctx: Context, connection: Connection, repo: Repo) -> list[Effect]:
    """Ask for the ages of voters, also of those whose votes the sweep is having read."""
    if not _are_shown(connection, repo):
        return []
    return [*_task(connection, repo.id, ctx.guid, ctx.now)]


def after_vote(
    connection: Connection, repo_id: int, github_id: int, key: str, now: datetime
) -> list[Task]:
    """Ask for the age of somebody who has just voted; `key` is a name of this vote."""
    repo = repositories.repo(connection, repo_id)
    known = select(account.c.id).where(account.c.id == github_id, _IS_KNOWN)
    if repo is None or not _are_shown(connection, repo) or connection.scalar(known):
        return []
    return _task(connection, repo_id, key, now)


def look_up(ctx: Context, repo_id: int) -> Decide | None:
    """Ask GitHub when some of the accounts were made that vote in a repository."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        if repo is None or not _are_shown(connection, repo):
            return None
        wanted = _unknown(connection, repo_id, AT_ONCE)
    found: dict[int, Account | None] = {}
    failed = 0
    if not wanted:
        return None
    github = ctx.github(repo)
    for number in wanted:
        try:
            found[number] = github.account(number)
        except GitHubError as error:
            # At first the worker draws its conclusions from it; later, whoever cannot be read
            # must not hold up the others.
            failed += 1
            if failed >= ctx.attempts or not isinstance(error, Incomplete | Unavailable | Refused):
                with ctx.database.write() as connection:
                    _keep(connection, found, ctx)
                raise

    def decide(connection: Connection) -> list[Effect]:
        _keep(connection, found, ctx)
        return []

    return decide


def _keep(connection: Connection, found: Mapping[int, Account | None], ctx: Context) -> None:
    for number, one in found.items():
        people.note_made(connection, number, one, ctx.now)


def _are_shown(connection: Connection, repo: Repo) -> bool:
    """Say whether a page shows ages: a private repository has none."""
    roadmap = voting.rules_of(connection, repo.id)
    return roadmap.on and roadmap.young_account_days > 0 and not repo.private


_IS_KNOWN = or_(account.c.made_at.is_not(None), account.c.type == people.NOBODY)
"""There is nothing to ask: GitHub has said when it was made, or that there is none any more."""


def _unknown(connection: Connection, repo_id: int, most: int) -> list[int]:
    """Give accounts that GitHub has to be asked about, the newest (by their numbers) first."""
    columns = supporter.c
    voting = (
        select(columns.github_id)
        .join(request, request.c.id == columns.root_id)
        .where(request.c.repo_id == repo_id, request.c.state == votes.OPEN, columns.counts)
    )
    found = (
        select(voting.subquery().c.github_id.label("number")).distinct(),
        *_choosing(connection, repo_id),
    )
    numbers = union(*found).subquery().c.number
    wanted = (
        select(numbers)
        .outerjoin(account, account.c.id == numbers)
        .where(or_(account.c.id.is_(None), not_(_IS_KNOWN)))
        .order_by(numbers.desc())
        .limit(most)
    )
    return list(connection.scalars(wanted))


def _choosing(connection: Connection, repo_id: int) -> list[Select[int]]:
    """Give whoever said yes to an offer or entry of the latest votes."""
    latest = (
        select(request.c.node_id)
        .join(intent, intent.c.request_id == request.c.id)
        .where(request.c.repo_id == repo_id, intent.c.phase.in_(("voting", "chosen", "over")))
        .order_by(intent.c.until.desc(), intent.c.request_id)
        .limit(LATEST)
    )
    return [
        select(ballot.c.github_id.label("number"))
        .join(box, box.c.id == ballot.c.box_id)
        .where(box.c.subject.startswith(f"{PREFIX}{node_id}:", autoescape=True))
        for node_id in connection.scalars(latest)
    ]


def _task(connection: Connection, repo_id: int, key: str, now: datetime) -> list[Task]:
    """Give the task that looks ages up, unless one waits already."""
    entity, columns = f"ages:{repo_id}", tasks.task.c
    waits = exists().where(
        text("task.state = 'due'"), columns.name == "look_up_ages", columns.entity == entity
    )
    if connection.scalar(select(waits)):
        return []
    about = {"repo_id": repo_id}
    return [Task("look_up_ages", f"look_up_ages:{repo_id}:{key}", now + SOON, entity, about)]
