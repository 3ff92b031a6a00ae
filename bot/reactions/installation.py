"""When the App is installed, suspended or removed, or its repositories change."""

from functools import partial

from sqlalchemy import Connection

from bot import outbox, repositories
from core.context import Context, Decide, Effect, Task
from core.github import Repo
from webhooks.events import InstallationChanged, RepositoriesChanged
from webhooks.router import TaskDue, on, on_task

STATES = {"deleted": "deleted", "suspend": "suspended"}


@on(InstallationChanged)
def installation_changed(event: InstallationChanged, ctx: Context) -> Decide | None:
    """Keep the state; what was not sent waits while we may not act, and goes out after."""
    return partial(_apply, event, ctx)


def _apply(event: InstallationChanged, ctx: Context, connection: Connection) -> list[Effect]:
    state = STATES.get(event.action, "active")
    if event.suspended_at and state == "active":
        state = "suspended"
    written = repositories.note_installation(
        connection, event.installation_id, event.account, state, event.updated_at
    )
    if not written:
        return []
    if state != "active":
        outbox.hold(connection, event.installation_id, f"installation {state}", ctx.now)
        return []
    outbox.release(connection, event.installation_id, ctx.now)
    for repo in event.repositories:
        _watch(connection, repo, ctx)
    stamp = event.updated_at.isoformat()
    return [
        Task(
            name="backfill_installation",
            key=f"backfill:{event.installation_id}:{event.action}:{stamp}",
            due_at=ctx.now,
            entity=f"installation:{event.installation_id}",
            about={"installation_id": event.installation_id},
        )
    ]


def _watch(connection: Connection, repo: Repo, ctx: Context) -> None:
    repositories.note_repo(connection, repo, ctx.now)
    repositories.set_state(connection, repo.id, "active")
    outbox.release_repo(connection, repo, ctx.now)


@on(RepositoriesChanged)
def repositories_changed(event: RepositoriesChanged, ctx: Context) -> Decide | None:
    """Watch what was added, and let go of what was removed."""

    def decide(connection: Connection) -> list[Effect]:
        if repositories.installation_state(connection, event.installation_id) == "deleted":
            return []
        for repo in event.removed:
            repositories.note_repo(connection, repo, ctx.now)
            repositories.set_state(connection, repo.id, "removed")
        for repo in event.added:
            _watch(connection, repo, ctx)
        return [backfill(repo, ctx) for repo in event.added]

    return decide


@on_task("backfill_installation")
def backfill_installation(task: TaskDue, ctx: Context) -> Decide | None:
    """List the repositories that the installation reaches, and look at each in turn."""
    installation_id = int(task.about["installation_id"])
    found = ctx.github_app.repositories(installation_id)

    def decide(connection: Connection) -> list[Effect]:
        known = {repo.id for repo in found}
        for repo in repositories.repos_of(connection, installation_id):
            if repo.id not in known:
                repositories.set_state(connection, repo.id, "removed")
        for repo in found:
            _watch(connection, repo, ctx)
        return [backfill(repo, ctx) for repo in found]

    return decide


@on_task("backfill_repository")
def backfill_repository(task: TaskDue, ctx: Context) -> Decide | None:
    """Read the rules, and look at every open pull request once, silently: a check, no comment.

    Each pull request is a task of its own under a key of its own, so that a crash half-way
    repeats nothing and forgets nothing.
    """
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    if repo is None:
        return None
    pulls = tuple(ctx.github(repo).open_pull_requests(repo))

    def decide(connection: Connection) -> list[Effect]:
        for pull in pulls:
            repositories.note_pull(connection, repo, pull)
        rechecks: list[Effect] = [
            Task(
                name="recheck",
                key=f"backfill:{repo.id}:{pull.number}:{pull.head_sha}:{task.about['stamp']}",
                due_at=ctx.now,
                entity=f"thread:{repo.id}:{pull.number}",
                about={"repo_id": repo.id, "number": pull.number},
            )
            for pull in pulls
        ]
        return [_reading(repo, ctx), *rechecks]

    return decide


def _reading(repo: Repo, ctx: Context) -> Task:
    # The agreement can be read on its page before the first pull request comes.
    return Task(
        name="reload_rules",
        key=f"reload_rules:{repo.id}:{ctx.guid}",
        due_at=ctx.now,
        entity=f"repository:{repo.id}",
        about={"repo_id": repo.id},
    )


def backfill(repo: Repo, ctx: Context) -> Task:
    """Ask for a look at every open pull request of `repo`."""
    stamp = ctx.guid
    return Task(
        name="backfill_repository",
        key=f"backfill:{repo.id}:{stamp}",
        due_at=ctx.now,
        entity=f"repository:{repo.id}",
        about={"repo_id": repo.id, "stamp": stamp},
    )
