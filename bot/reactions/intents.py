"""Intents on GitHub: signs of life of those who work on something, and what deadlines decide."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot import repositories
from bot.commands import lines, naming
from bot.credits import store as crediting
from bot.reactions import issue_comment
from bot.roadmap import intake, rereading, store, sweep, voting
from bot.roadmap.intents import (
    answering,
    approving,
    claims,
    deciding,
    ledger,
    rules,
    standing,
    talk,
)
from bot.roadmap.intents.values import Act, Contest
from bot.roadmap.store import Request
from core.context import Context, Decide, Effect
from core.github import Issue, NotFound, Repo
from licensing.provenance import Landing
from webhooks.events import CommentWritten, PullRequestChanged
from webhooks.router import TaskDue, on, on_task

FURTHEST_BACK = timedelta(days=3)
"""How long GitHub can repeat what it could not deliver: older comments were heard, or never will be."""

DECIDING = frozenset(
    "intend bid withdraw-bid contest submit choose vote unvote claim release".split()
)
"""What older comments are read for, back to the opening: an outage may have lasted longer."""

MOST_JOINED = 20


@on(CommentWritten)
def hear(event: CommentWritten, ctx: Context) -> Decide | None:
    """Take a comment for a sign of life, and undo a vote that it says no more."""
    if event.sender.id != event.author.id or event.author.is_bot:
        return None
    name = naming.name_of(ctx, event.body) if event.action == "edited" else ""
    return partial(_hear, event, ctx, name)


def _hear(event: CommentWritten, ctx: Context, name: str, connection: Connection) -> list[Effect]:
    who = event.author.id
    if event.action == "created":
        for request_id in _concerned(connection, event):
            claims.alive(connection, request_id, who, event.acted_at)
        return []
    if event.action == "deleted" or not _chooses(event.body, name):
        at = ctx.received_at if event.action == "deleted" else event.acted_at
        approving.undo(connection, who, str(event.comment_id), at, ctx.now)
    return []


def _chooses(body: str, name: str) -> bool:
    return any(
        isinstance(line, lines.Said) and line.command.name == "choose"
        for line in lines.addressed(body, issue_comment.PLACE, name)
    )


def _concerned(connection: Connection, event: CommentWritten) -> tuple[int, ...]:
    if event.on_pull_request:
        return claims.linked(connection, event.repo.id, event.number)
    asked = store.by_number(connection, event.repo.id, event.number)
    return (asked.id,) if asked is not None else ()


@on(PullRequestChanged)
def follow(event: PullRequestChanged, ctx: Context) -> Decide | None:
    """Note which requests a pull request names, and that whoever works on them does."""
    return partial(_follow, event, ctx)


def _follow(event: PullRequestChanged, ctx: Context, connection: Connection) -> list[Effect]:
    repo, pull = event.repo, event.pull
    at = pull.created_at if event.action == "opened" else pull.updated_at
    for request_id in claims.link(connection, repo, pull):
        if not event.sender.is_bot and event.sender.id == pull.opener.id:
            claims.alive(connection, request_id, event.sender.id, at)
    if pull.merged_at is None or not answering.agrees(connection, pull.opener.id, repo.id):
        return []
    return [answering.read_paths(repo.id, pull.opener.id, f"{pull.number}", ctx.now)]


@on_task("read_paths")
def paths(task: TaskDue, ctx: Context) -> Decide | None:
    """Read what the latest merged pull requests of a member changed: one call for each."""
    repo_id, github_id = int(task.about["repo_id"]), int(task.about["github_id"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        agrees = answering.agrees(connection, github_id, repo_id)
        unread = answering.unread(connection, github_id, repo_id) if agrees else ()
    if repo is None or not unread:
        return None
    found = [(one, _paths(ctx, repo, one)) for one in unread]

    def decide(connection: Connection) -> list[Effect]:
        for where, changed in found:
            answering.note_paths(connection, where, changed)
        return []

    return decide


def _paths(ctx: Context, repo: Repo, landed: Landing) -> tuple[str, ...]:
    try:
        compared = ctx.github(repo).comparison(repo, landed.base_sha, landed.head_sha)
    except NotFound:
        return ()
    return tuple(file.path for file in compared.files)


@on_task("sweep_intents")
def sweep_intents(_task: TaskDue, ctx: Context) -> Decide | None:
    """Look for deadlines that come or are over, and claims whose time has come."""

    def decide(connection: Connection) -> list[Effect]:
        return [*deciding.due(connection, ctx.now), *claims.due(connection, ctx.now)]

    return decide


@on_task("read_before")
def read_before(task: TaskDue, ctx: Context) -> Decide | None:
    """Read the votes for a request just before a deadline: one who leaves later was there."""
    due_at = datetime.fromisoformat(str(task.about["due_at"]))
    found = about(task, ctx)
    if found is None or ctx.now >= due_at:
        return None
    _repo, asked = found
    reads = _votes(ctx, asked)

    def decide(connection: Connection) -> list[Effect]:
        deciding.was_read(connection, asked.id, due_at)
        return [effect for read in reads for effect in read(connection)]

    return decide


@on_task("decide_intent")
def decide_intent(task: TaskDue, ctx: Context) -> Decide | None:
    """Read the thread once more, then decide what the deadline decides."""
    found = about(task, ctx)
    if found is None:
        return None
    repo, asked = found
    with ctx.database.read() as connection:
        due_at = deciding.deadline(connection, asked.id)
    if due_at is None:
        return None
    thread = intake.read(ctx, repo, asked.number)
    missed = _missed(ctx, repo, asked, thread, due_at) if thread else []
    if thread is not None and thread.number != asked.number:
        return partial(_turn, ctx, repo, asked, thread, missed)
    reads = _votes(ctx, asked)

    def decide(connection: Connection) -> list[Effect]:
        effects = [effect for part in (*missed, *reads) for effect in part(connection)]
        fresh = store.by_id(connection, asked.id) or asked
        for done in deciding.decide(connection, fresh, ctx.now):
            effects += done.effects
            contest = done.standing.contest
            if isinstance(contest, Contest) and contest.winner and done.ok:
                _credit(connection, fresh, contest, ctx)
        fresh = store.by_id(connection, asked.id) or asked
        return [*effects, *talk.about(ctx, connection, repo, fresh)]

    return decide


def _turn(
    ctx: Context,
    repo: Repo,
    asked: Request,
    thread: Issue,
    missed: list[Decide],
    connection: Connection,
) -> list[Effect]:
    """Let a request be the discussion that it became unheard; then all is read there, and decided."""
    intake.take_over(connection, asked, repo, thread, voting.rules_of(connection, repo.id))
    told = [effect for part in missed for effect in part(connection)]
    return [*told, deciding.again(asked, thread.node_id, ctx.now)]


def _credit(connection: Connection, asked: Request, contest: Contest, ctx: Context) -> None:
    evidence = f"contest:{asked.node_id}:{contest.round}"[: crediting.LONGEST]
    at = contest.decided_at or ctx.now
    given = crediting.Given(
        asked.repo_id, contest.winner, "ideas", "given", f"issues/{asked.number}", evidence, at
    )
    crediting.give(connection, given, None, ctx.now)


def about(task: TaskDue, ctx: Context) -> tuple[Repo, Request] | None:
    """Give the request that a task is about, with its repository; None where either is gone."""
    with ctx.database.read() as connection:
        asked = store.by_id(connection, int(task.about["request_id"]))
        repo = repositories.repo(connection, asked.repo_id) if asked else None
    return (repo, asked) if repo is not None and asked is not None else None


def _missed(
    ctx: Context, repo: Repo, asked: Request, thread: Issue, due_at: datetime
) -> list[Decide]:
    """Give what was said on the thread, as if it was told just now: most of it is known already.

    What was said too late is among it, and answered so.
    """
    with ctx.database.read() as connection:
        known = ledger.acts(connection, asked.id)
    latest = standing.newest(rules.replay(known).standing)
    lately = due_at - FURTHEST_BACK
    since = min(lately, latest.opened_at) if latest else lately
    try:
        told = rereading.told(ctx, repo, asked.number, thread, since)
    except NotFound:
        return []
    heard = [
        handler(event, ctx)
        for event in told
        if (event.acted_at >= lately or _decides(event, ctx)) and not _is_copy(event, known)
        for handler in (issue_comment.listen, hear)
    ]
    return [one for one in heard if one is not None]


def _is_copy(event: CommentWritten, known: Iterable[Act]) -> bool:
    """Say whether GitHub took it along when an issue became a discussion: it has another number."""
    return bool(event.discussion) and any(
        (act.github_id, act.acted_at) == (event.author.id, event.acted_at)
        and act.place.comment not in {0, event.comment_id}
        for act in known
    )


def _decides(event: CommentWritten, ctx: Context) -> bool:
    """Say whether an act may change what is decided: by what it says, or says no more."""
    name = naming.name_of(ctx, event.body, event.was)
    return any(
        isinstance(one, lines.Said) and one.command.name in DECIDING
        for body in (event.body, event.was)
        for one in lines.addressed(body, issue_comment.PLACE, name)
    )


def _votes(ctx: Context, asked: Request) -> list[Decide]:
    """Read every 👍 of the group once more. Raises `GitHubError` where not all of it can be read."""
    with ctx.database.read() as connection:
        threads = deciding.threads_of(connection, asked)[:MOST_JOINED]
        repo = repositories.repo(connection, asked.repo_id)
    found: list[Decide] = []
    for number in threads:
        issue = intake.read(ctx, repo, number) if repo is not None else None
        read = sweep.read(ctx, asked.repo_id, f"{number}:{issue.thumbs}") if issue else None
        if read is not None:
            found.append(read)
    return found
