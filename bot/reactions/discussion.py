"""When a discussion is begun, edited, moved, closed or deleted: is it a request, and how is it now?

As with issues, the event only says that there is something to look at. An issue that becomes a
discussion is told of by both; whichever is heard first, the request follows, votes and all.
"""

from functools import partial

from sqlalchemy import Connection, select

from bot import repositories
from bot.reactions.issue import end, move
from bot.roadmap import intake, store, talk, voting
from bot.roadmap.board import following
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.context import Context, Decide, Effect
from core.github import Issue, IssueAct, Repo
from core.github.values import ActKind
from webhooks.events import DiscussionChanged
from webhooks.router import on

MOST_NAMESAKES = 3
NEWS = frozenset({"created", "category_changed"})
CLOSINGS: dict[str, ActKind] = {"closed": "closed", "reopened": "reopened"}


@on(DiscussionChanged)
def follow(event: DiscussionChanged, ctx: Context) -> Decide | None:
    """Follow what is a request, or becomes one."""
    told = event.discussion
    with ctx.database.read() as connection:
        roadmap = voting.rules_of(connection, event.repo.id)
        asked = store.by_node(connection, told.node_id)
        repo = repositories.repo(connection, event.repo.id) or event.repo
        same = _namesakes(connection, event) if asked is None else []
    if event.action == "transferred" and event.moved and event.moved_to:
        return partial(move, told.node_id, event.moved_to, event.moved)
    if asked is not None and asked.repo_id != event.repo.id:
        return None
    if event.action == "deleted":
        return partial(end, asked) if asked is not None else None
    if not roadmap.on:
        return None
    before = _forerunner(ctx, repo, same, told.node_id)
    if asked is None and before is None and not intake.belongs(told, roadmap):
        return None
    found = intake.discussion(ctx, repo, told.number)
    if found is not None and asked is None and before is None:
        found = intake.known(ctx, repo, found)
    return partial(_look, event, ctx, repo, found, before)


def _namesakes(connection: Connection, event: DiscussionChanged) -> list[Request]:
    """Give the requests of the same person and title, of which it may be what one became."""
    told, columns = event.discussion, request.c
    found = connection.scalars(
        select(columns.id)
        .where(columns.repo_id == event.repo.id, columns.author_id == told.author.id)
        .where(columns.title == told.title, columns.state.in_(("open", "closed")))
        .order_by(columns.opened_at.desc(), columns.id)
        .limit(MOST_NAMESAKES)
    ).all()
    return [one for one in (store.by_id(connection, it) for it in found) if one is not None]


def _forerunner(ctx: Context, repo: Repo, same: list[Request], node_id: str) -> Request | None:
    for asked in same:
        found = intake.into(ctx, repo, asked.number)
        if found is not None and found.node_id == node_id:
            return asked
    return None


def _look(
    event: DiscussionChanged,
    ctx: Context,
    repo: Repo,
    found: Issue | None,
    before: Request | None,
    connection: Connection,
) -> list[Effect]:
    repositories.note_repo(connection, event.repo, ctx.now)
    asked = store.by_node(connection, event.discussion.node_id)
    if found is None or found.node_id != event.discussion.node_id:
        return end(asked, connection) if asked is not None else []
    roadmap = voting.rules_of(connection, repo.id)
    if asked is None and before is not None:
        intake.take_over(connection, before, repo, found, roadmap)
        return []
    made, new = intake.seen(connection, repo, found, roadmap)
    if made is None:
        return []
    if new and event.action in NEWS:
        return talk.greeting(ctx, repo, made, roadmap, connection)
    effects = _moved(event, found, made, connection, ctx)
    if not new:
        effects += talk.greeting_again(ctx, repo, made, roadmap, connection)
    return effects


def _moved(
    event: DiscussionChanged, found: Issue, made: Request, connection: Connection, ctx: Context
) -> list[Effect]:
    """Let closing and opening move it on the board, as with an issue; resolved is completed."""
    kind = CLOSINGS.get(event.action)
    if kind is None or (kind == "closed") != (found.state == "closed"):
        return []
    at = found.closed_at or event.discussion.updated_at
    reason = "completed" if found.state_reason == "resolved" else "not_planned"
    evidence = f"{found.node_id}:{kind}:{at.isoformat()}"
    act = IssueAct(evidence, kind, event.sender, at, reason=reason)
    return following.told(connection, made, found, act, ctx.now)
