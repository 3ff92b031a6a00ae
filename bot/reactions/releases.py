"""When something is released: write down under which terms; and once a day, what was not heard of."""

from itertools import islice

from sqlalchemy import Connection

from bot import policies, repositories
from bot.licences.releases import gathered
from core.context import Context, Decide, Effect, Task
from core.github import MOST_RELEASES, Repo
from licensing.releases import reading, store
from licensing.releases.rules import Offered
from licensing.releases.store import Seen
from webhooks.events import ReleaseChanged
from webhooks.router import TaskDue, on, on_task

NO_LONGER = frozenset({"deleted", "unpublished"})
MOST_AT_ONCE = 30
"""Releases that one sweep reads anew; the rest wait for the next day."""

LOOKED_AT_AGAIN = 5
"""The newest ones, of which the tag may have been moved without our hearing of it."""


@on(ReleaseChanged)
def release_changed(event: ReleaseChanged, ctx: Context) -> Decide | None:
    """Write a release down as it came out; an edit or a deletion changes only how it stands."""
    if event.action in NO_LONGER:
        return lambda connection: _gone(connection, event, ctx)
    with ctx.database.read() as connection:
        policy = policies.rules(connection, event.repo.id).policy
        repo = repositories.repo(connection, event.repo.id) or event.repo
    found = gathered(ctx.github(repo), repo, event.release, policy, ctx.now)
    if found is None:
        return None

    def decide(connection: Connection) -> list[Effect]:
        repositories.note_repo(connection, repo, ctx.now)
        store.record(connection, repo.id, *found, ctx.now)
        return []

    return decide


@on_task("sweep_releases")
def sweep(task: TaskDue, ctx: Context) -> Decide | None:
    """Give each repository whose rules are about releases its turn."""

    def decide(connection: Connection) -> list[Effect]:
        day = task.due_at.date().isoformat()
        return [
            Task(
                name="sweep_releases_of",
                key=f"sweep_releases_of:{repo.id}:{day}",
                due_at=ctx.now,
                entity=f"repository:{repo.id}",
                about={"repo_id": repo.id},
            )
            for repo in repositories.active_repos(connection)
            if _matters(connection, repo)
        ]

    return decide


@on_task("sweep_releases_of")
def sweep_repository(task: TaskDue, ctx: Context) -> Decide | None:
    """List the releases as GitHub has them, and read those that we do not know."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        if repo is None:
            return None
        policy = policies.rules(connection, repo.id).policy
        known = {one.github_id for one in reading.of(connection, repo.id, MOST_RELEASES)}
    github = ctx.github(repo)
    listed = list(github.releases(repo))
    unknown = [one for one in listed if one.id not in known]
    again = [one for one in listed[:LOOKED_AT_AGAIN] if one.id in known]
    found: list[tuple[Seen, Offered | None]] = []
    for one in (*islice(unknown, MOST_AT_ONCE), *again):
        read = gathered(github, repo, one, policy, ctx.now)
        found += [read] if read else []

    def decide(connection: Connection) -> list[Effect]:
        for seen, offered in found:
            store.record(connection, repo.id, seen, offered, ctx.now)
        if len(listed) < MOST_RELEASES:
            store.sweep(connection, repo.id, {one.id for one in listed}, ctx.now)
        return []

    return decide


def _gone(connection: Connection, event: ReleaseChanged, ctx: Context) -> list[Effect]:
    store.gone(connection, event.repo.id, event.release.id, ctx.now)
    return []


def _matters(connection: Connection, repo: Repo) -> bool:
    policy = policies.rules(connection, repo.id).policy
    return policy is not None and (policy.licence is not None or policy.selling.on)
