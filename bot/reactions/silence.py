"""Silence: what bots mark as stale although people want it, and what nobody wants any more."""

from functools import partial

from sqlalchemy import Connection

from bot import repositories
from bot.roadmap import intake, store, voting
from bot.roadmap.silence import asking, keeping
from bot.roadmap.silence import store as silence
from core.context import Context, Decide, Effect
from core.github import Issue, IssueComment, NotFound, Repo
from webhooks.events import IssueChanged
from webhooks.router import TaskDue, on, on_task


@on(IssueChanged)
def unmark(event: IssueChanged, _ctx: Context) -> Decide | None:
    """Take a bot's mark off what people want, before the bot closes it; what people mark stays so."""
    label = event.label or ""
    if event.action != "labeled" or not event.sender.is_bot or not label:
        return None

    def decide(connection: Connection) -> list[Effect]:
        roadmap = voting.rules_of(connection, event.repo.id)
        asked = store.by_node(connection, event.issue.node_id)
        is_mark = label.casefold() == roadmap.stale_label.casefold()
        if not roadmap.on or not is_mark or asked is None or asked.state != "open":
            return []
        if asked.root_id != asked.id or not silence.hold(connection, asked):
            return []
        return list(keeping.unmarked(connection, event.repo, asked, event.issue))

    return decide


@on_task("mind_silence")
def mind(_task: TaskDue, ctx: Context) -> Decide | None:
    """Have each silent request looked at, where the rules want that."""

    def decide(connection: Connection) -> list[Effect]:
        return [
            effect
            for repo in repositories.active_repos(connection)
            if voting.rules_of(connection, repo.id).on
            for effect in asking.due(ctx, connection, repo)
        ]

    return decide


@on_task("look_at_silence")
def look(task: TaskDue, ctx: Context) -> Decide | None:
    """Read a thread as it is now, and what was written there since we asked."""
    with ctx.database.read() as connection:
        asked = store.by_id(connection, int(task.about["request_id"]))
        repo = repositories.repo(connection, asked.repo_id) if asked else None
        since = silence.said(connection, asked.id).asked_at if asked else None
    issue = intake.read(ctx, repo, asked.number) if asked and repo else None
    if asked is None or repo is None or issue is None or issue.category:
        return None
    written: tuple[IssueComment, ...] = ()
    try:
        if since is not None:
            written = tuple(ctx.github(repo).comments(repo, asked.number, since))
    except NotFound:
        return None
    return partial(_judge, ctx, repo, asked.id, issue, written)


def _judge(
    ctx: Context,
    repo: Repo,
    request_id: int,
    issue: Issue,
    written: tuple[IssueComment, ...],
    connection: Connection,
) -> list[Effect]:
    roadmap = voting.rules_of(connection, repo.id)
    asked = store.by_id(connection, request_id)
    if asked is None or asked.repo_id != repo.id:
        return []
    found = intake.take_over(connection, asked, repo, issue, roadmap)
    return asking.judge(ctx, connection, repo, found, asking.Read(issue, written))
