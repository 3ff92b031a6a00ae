"""What has to be looked at, or judged again: of repositories that sell, or that want to know."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, select

from bot import policies
from bot.audit import certificates, facts, runs, working
from bot.audit.tables import audit_matter, audit_result
from bot.policy import Policy
from core.context import Context, Task
from licensing.audit.targets import COMMERCIAL
from licensing.releases import reading as releases
from licensing.tables import agreement_repository

NEWEST = 3
"""So many releases are kept fresh; older ones are judged when somebody wants to buy them."""

GATHERS = timedelta(seconds=20)


class Occasion(Protocol):
    """What gives rise to it; as in `bot.rechecks`."""

    @property
    def now(self) -> datetime:
        """The present instant."""


def wanted(connection: Connection, repo_id: int) -> bool:
    """Say whether a project's lines are looked at without anybody's asking."""
    policy = policies.rules(connection, repo_id).policy
    return policy is not None and is_wanted_by(policy)


def is_wanted_by(policy: Policy) -> bool:
    """Say whether rules ask for it: by name, or by selling."""
    return policy.audit or policy.selling.on


def things(connection: Connection, repo_id: int) -> Iterator[tuple[str, str]]:
    """Give what is to be known: its name as a run, and its commit, "" where we do not know."""
    known = runs.of(connection, repo_id, runs.TIP)
    yield runs.TIP, known.commit_sha if known else ""
    for one in releases.of(connection, repo_id, NEWEST):
        if "GONE" not in one.warnings:
            yield runs.release(one.github_id), one.commit_sha


def needs_clone(connection: Connection, repo_id: int, commit: str) -> bool:
    """Say whether a commit was never taken apart, or under other rules than hold now."""
    kept = connection.scalar(
        select(audit_matter.c.policy_sha256).where(
            audit_matter.c.repo_id == repo_id,
            audit_matter.c.commit_sha == commit,
            audit_matter.c.target == COMMERCIAL,
        )
    )
    return kept != facts.policy_sha256(connection, repo_id)


def stale(connection: Connection, repo_id: int) -> tuple[str, ...]:
    """Give the commits of which what is known is no longer what holds."""
    found = dict.fromkeys(commit for _what, commit in things(connection, repo_id) if commit)
    return tuple(
        commit
        for commit in found
        if certificates.state(connection, repo_id, commit, COMMERCIAL) == "stale"
        and not needs_clone(connection, repo_id, commit)
    )


def judge_again(connection: Connection, repo_id: int, ctx: Context) -> Iterator[Task]:
    """Ask for another judgement where something is no longer what holds."""
    if stale(connection, repo_id):
        yield working.judge_again(repo_id, f"{ctx.source}:{ctx.guid}", ctx.now)


def after_act(occasion: Occasion, connection: Connection, agreement_id: int) -> Iterator[Task]:
    """Ask for another judgement of what was looked at, once for several acts in a row."""
    slot = int(occasion.now.timestamp() // GATHERS.total_seconds()) + 1
    due_at = datetime.fromtimestamp(slot * GATHERS.total_seconds(), UTC)
    for repo_id in audited(connection, agreement_id):
        yield working.judge_again(repo_id, str(slot), due_at)


def audited(connection: Connection, agreement_id: int) -> tuple[int, ...]:
    """Give the repositories of an agreement that were looked at."""
    rows = connection.scalars(
        select(agreement_repository.c.repo_id)
        .where(agreement_repository.c.agreement_id == agreement_id)
        .where(agreement_repository.c.repo_id.in_(select(audit_result.c.repo_id)))
        .order_by(agreement_repository.c.repo_id)
    )
    return tuple(dict.fromkeys(rows))
