"""What happens to milestones: told by webhooks, and read once a day for what was not told.

An App that was made before milestones were followed is told of none until it is given that event;
the daily reading finds the same. Whenever one is closed, opened again or gone, its purse is looked at.
"""

from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot import repositories
from bot.milestones import reading, store
from bot.milestones.store import Milestone
from bot.money import pledges
from core.context import Context, Decide, Effect
from core.github import GitHub, NotFound, Repo
from core.github import Milestone as Told
from webhooks.events import MilestoneChanged
from webhooks.router import TaskDue, on, on_task

A_SECOND = timedelta(seconds=1)
"""GitHub tells no instants closer than this."""

MOST_MISSED = 10
"""Milestones that are on the list no more, and are asked for one by one."""


@on(MilestoneChanged)
def milestone_changed(event: MilestoneChanged, ctx: Context) -> Decide | None:
    """Take over what is newer than what stands; where GitHub's seconds cannot tell, have it read."""

    def decide(connection: Connection) -> list[Effect]:
        repositories.note_repo(connection, event.repo, ctx.now)
        told = event.milestone
        before = store.by_number(connection, event.repo.id, told.number)
        verdict = store.hear(connection, event.repo.id, told, ctx.now)
        if event.action == "deleted":
            store.end(connection, event.repo.id, told.number, ctx.now)
        elif verdict == "ask":
            return [reading.due(ctx, event.repo.id, ctx.now + A_SECOND)]
        return _look(ctx, connection, before)

    return decide


@on_task("sweep_milestones")
def sweep(task: TaskDue, ctx: Context) -> Decide | None:
    """Give each repository whose milestones matter to anybody here its turn."""
    del task

    def decide(connection: Connection) -> list[Effect]:
        return [
            effect
            for repo in repositories.active_repos(connection)
            for effect in reading.where_they_matter(ctx, connection, repo.id)
        ]

    return decide


@on_task("read_milestones")
def read(task: TaskDue, ctx: Context) -> Decide | None:
    """List the milestones as GitHub has them; what is on no list and cannot be found is gone."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        known = store.in_repo(connection, repo.id) if repo else ()
    if repo is None:
        return None
    github = ctx.github(repo)
    try:
        listed = list(github.milestones(repo))
    except NotFound:
        # Issues are switched off there: nothing was deleted, and nothing can be seen.
        return None
    found, gone = _missed(github, repo, known, {one.number for one in listed})
    return partial(_take_over, ctx, repo, [*listed, *found], gone)


def _missed(
    github: GitHub, repo: Repo, known: tuple[Milestone, ...], listed: set[int]
) -> tuple[list[Told], list[int]]:
    """Ask for those that no page had: one may have slipped past while a page was turned."""
    missed = [one for one in known if one.state != "gone" and one.number not in listed]
    found: list[Told] = []
    gone: list[int] = []
    for one in sorted(missed, key=lambda one: (one.seen_at, one.number))[:MOST_MISSED]:
        there = github.milestone(repo, one.number)
        if there is None:
            gone.append(one.number)
        else:
            found.append(there)
    return found, gone


def _take_over(
    ctx: Context, repo: Repo, told: list[Told], gone: list[int], connection: Connection
) -> list[Effect]:
    known = store.in_repo(connection, repo.id)
    for one in told:
        store.read(connection, repo.id, one, ctx.now)
    for number in gone:
        store.end(connection, repo.id, number, ctx.now)
    return [effect for one in known for effect in _look(ctx, connection, one)]


def _look(ctx: Context, connection: Connection, before: Milestone | None) -> list[Effect]:
    """Have the purse of a milestone looked at if it stands otherwise than before."""
    now = store.by_number(connection, before.repo_id, before.number) if before else None
    if before is None or now is None or now.state == before.state:
        return []
    evidence = f"{now.state}:{ctx.source}:{ctx.guid}"
    return [pledges.look_again(one, evidence, ctx.now) for one in store.names(connection, now)]
