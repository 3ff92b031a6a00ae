"""Where an issue shows another stage than the board: read what was done to it, and make both one."""

from functools import partial

from sqlalchemy import Connection

from bot import repositories
from bot.roadmap import intake, store, voting
from bot.roadmap.board import following, unheard
from bot.roadmap.silence import keeping
from core.context import Context, Decide, Effect
from core.github import Issue, IssueAct, NotFound, Repo
from webhooks.router import TaskDue, on_task


@on_task("follow_board")
def follow_board(task: TaskDue, ctx: Context) -> Decide | None:
    """Read an issue and its timeline, and take what people did there as moves."""
    number = int(task.about["number"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    issue = intake.read(ctx, repo, number) if repo is not None else None
    if repo is None or issue is None:
        return None
    with ctx.database.read() as connection:
        asked = store.by_node(connection, issue.node_id)
        if asked is None or not following.differs(connection, asked, issue):
            # Our own writes have arrived meanwhile: nothing more is asked of GitHub.
            return None
    try:
        acts = ctx.github(repo).issue_acts(repo, number)
    except NotFound:
        return None
    return partial(_settle, ctx, repo, issue, acts)


@on_task("closed_unheard")
def closed_unheard(task: TaskDue, ctx: Context) -> Decide | None:
    """Read a discussion that was closed unheard, and decline it where that is what it says."""
    number = int(task.about["number"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    thread = intake.discussion(ctx, repo, number) if repo is not None else None
    if repo is None or thread is None:
        return None
    return partial(_decline, ctx, repo, thread)


def _decline(ctx: Context, repo: Repo, thread: Issue, connection: Connection) -> list[Effect]:
    asked = store.by_number(connection, repo.id, thread.number)
    if asked is None or asked.state in intake.GONE_STATES:
        return []
    return unheard.decline(ctx, asked, thread, connection)


def _settle(
    ctx: Context, repo: Repo, issue: Issue, acts: tuple[IssueAct, ...], connection: Connection
) -> list[Effect]:
    roadmap = voting.rules_of(connection, repo.id)
    asked = store.by_node(connection, issue.node_id)
    if asked is None or not roadmap.on:
        return []
    found = intake.take_over(connection, asked, repo, issue, roadmap)
    if found.state in intake.GONE_STATES:
        return []
    return following.settle(connection, found, issue, acts, ctx.now, keeping.kept)
