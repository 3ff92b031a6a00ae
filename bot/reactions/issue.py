"""When an issue is opened, labelled, edited, closed, moved or deleted: is it a request, and how is it now?

The event only says that there is something to look at; what counts is how GitHub has the issue
when we look. So the order in which we are told does not matter.
"""

from functools import partial

from sqlalchemy import Connection

from bot import repositories
from bot.roadmap import intake, store, talk, voting
from bot.roadmap.board import following
from bot.roadmap.store import Request
from core.context import Context, Decide, Effect
from core.github import Issue, Repo
from webhooks.events import IssueChanged
from webhooks.router import on


@on(IssueChanged)
def follow(event: IssueChanged, ctx: Context) -> Decide | None:
    """Follow what is a request, or becomes one."""
    with ctx.database.read() as connection:
        roadmap = voting.rules_of(connection, event.repo.id)
        asked = store.by_node(connection, event.issue.node_id)
        before = store.by_node(connection, event.moved_from) if event.moved_from else None
        # An event that comes late may bear a name that another repository has by now.
        repo = repositories.repo(connection, event.repo.id) or event.repo
    if event.action == "transferred" and event.moved and event.moved_to:
        return partial(move, event.issue.node_id, event.moved_to, event.moved)
    if before is not None:
        return partial(move, event.moved_from, repo, event.issue)
    if asked is not None and (asked.repo_id, asked.number) != (event.repo.id, event.issue.number):
        # It was moved away, or is a discussion by now.
        return None
    if event.action == "deleted":
        return partial(end, asked) if asked is not None else None
    if not roadmap.on or (asked is None and not intake.bears(event.issue, roadmap.label)):
        return None
    issue = intake.read(ctx, repo, event.issue.number)
    if issue is not None and asked is None:
        issue = intake.known(ctx, repo, issue)
    return partial(_look, event, ctx, repo, issue)


def move(node_id: str, to: Repo, moved: Issue, connection: Connection) -> list[Effect]:
    """Let the request of a thread follow it to another repository."""
    asked = store.by_node(connection, node_id)
    if asked is None or asked.repo_id == to.id:
        return []
    intake.move(connection, asked, to, moved)
    place, roadmap = repositories.repo(connection, to.id), voting.rules_of(connection, to.id)
    found = store.by_id(connection, asked.id)
    if place is None or found is None or found.repo_id != to.id:
        return []
    return talk.labelled(connection, place, found, roadmap.label)


def end(asked: Request, connection: Connection) -> list[Effect]:
    """Note that GitHub gives the thread no more."""
    intake.end(connection, asked, "gone", voting.rules_of(connection, asked.repo_id))
    return []


def _look(
    event: IssueChanged, ctx: Context, repo: Repo, issue: Issue | None, connection: Connection
) -> list[Effect]:
    repositories.note_repo(connection, event.repo, ctx.now)
    if event.action == "opened":
        # GitHub tells of an opening only where we are installed.
        repositories.note_watched(connection, repo.id, event.issue.created_at)
    asked = store.by_node(connection, event.issue.node_id)
    if issue is not None and issue.category and asked is not None:
        intake.take_over(connection, asked, repo, issue, voting.rules_of(connection, repo.id))
        return []
    if issue is None or issue.node_id != event.issue.node_id:
        return end(asked, connection) if asked is not None else []
    roadmap = voting.rules_of(connection, repo.id)
    found, new = intake.seen(connection, repo, issue, roadmap)
    if found is not None and not new and event.action == "edited":
        # Another title may be similar to others.
        return talk.greeting_again(ctx, repo, found, roadmap, connection)
    if found is None:
        return []
    followed = following.look_again(ctx, repo, found, issue, connection)
    if not new or not _is_news(event, roadmap.label, connection):
        return followed
    return [*followed, *talk.greeting(ctx, repo, found, roadmap, connection)]


def _is_news(event: IssueChanged, label: str, connection: Connection) -> bool:
    """Say whether it became a request just now, and not before we were there."""
    labelled = event.action == "labeled" and (event.label or "").lower() == label.lower()
    since = repositories.installed_at(connection, event.repo.id)
    return (event.action == "opened" or labelled) and (
        since is None or event.issue.updated_at >= since.replace(microsecond=0)
    )
