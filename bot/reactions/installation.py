"""When the App is installed, suspended or removed, or its repositories change."""

from functools import partial

from sqlalchemy import Connection

from bot import outbox, repositories, sightings
from bot.milestones import reading
from core.context import Context, Decide, Effect, Task
from core.github import Repo
from webhooks import inbox
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
        if sightings.announce(connection, repo, ctx.now, certain=True):
            outbox.release_repo(connection, repo, ctx.now)
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


@on(RepositoriesChanged)
def repositories_changed(event: RepositoriesChanged, ctx: Context) -> Decide | None:
    """Watch what was added, and let go of what was removed.

    The event bears no time, and may be an old one told again: a fresh reading has the last word.
    """

    def decide(connection: Connection) -> list[Effect]:
        if repositories.installation_state(connection, event.installation_id) == "deleted":
            return []
        for repo in event.removed:
            sightings.remove(connection, repo.id, event.installation_id)
        effects: list[Effect] = [_refresh(event.installation_id, ctx)]
        for repo in event.added:
            if sightings.announce(connection, repo, ctx.now, certain=False):
                outbox.release_repo(connection, repo, ctx.now)
                effects.append(backfill(repo, ctx))
        return effects

    return decide


def _refresh(installation_id: int, ctx: Context) -> Task:
    return Task(
        name="refresh_installation",
        key=f"refresh:{installation_id}:{ctx.source}:{ctx.guid}",
        due_at=ctx.now,
        entity=f"installation:{installation_id}",
        about={"installation_id": installation_id},
    )


@on_task("refresh_installation")
def refresh_installation(task: TaskDue, ctx: Context) -> Decide | None:
    """List the repositories that the installation reaches, and look at those that came back."""
    return _stock_taking(int(task.about["installation_id"]), ctx, everything=False)


@on_task("backfill_installation")
def backfill_installation(task: TaskDue, ctx: Context) -> Decide | None:
    """List the repositories that the installation reaches, and look at each in turn."""
    return _stock_taking(int(task.about["installation_id"]), ctx, everything=True)


def _stock_taking(installation_id: int, ctx: Context, *, everything: bool) -> Decide:
    found = ctx.github_app.repositories(installation_id)

    def decide(connection: Connection) -> list[Effect]:
        if repositories.note_reached(connection, installation_id, ctx.now):
            outbox.release(connection, installation_id, ctx.now)
        reached = {repo.id for repo in found}
        for repo in repositories.repos_of(connection, installation_id):
            if repo.id not in reached:
                sightings.remove(connection, repo.id, installation_id)
        looked_at = [repo for repo in found if _note(connection, repo, ctx) or everything]
        for repo in looked_at:
            outbox.release_repo(connection, repo, ctx.now)
        return [backfill(repo, ctx) for repo in looked_at]

    return decide


def _note(connection: Connection, repo: Repo, ctx: Context) -> bool:
    """Write down what was read of a repository; says whether it is new or came back to us."""
    before = repositories.repo(connection, repo.id)
    sightings.note_facts(connection, repo, ctx.now)
    back = sightings.take_up(connection, repo, ctx.now)
    return back or before is None or before.installation_id != repo.installation_id


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
    if ctx.inbox is not None:
        # What was said to us while we could not act: a comment may have been a signature.
        with ctx.inbox.write() as connection:
            inbox.resume(connection, repo.id, ctx.now)

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
        milestones = reading.where_they_matter(ctx, connection, repo.id)
        return [_reading(repo, ctx), *milestones, *rechecks]

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
