"""After an outage longer than GitHub repeats deliveries: what was said meanwhile is read again.

What people say on issues and discussions of a roadmap: each such act rests on its comment, so that
what was heard already changes nothing. Of pull requests, what signs (`missed_signatures`).
"""

from datetime import datetime

from sqlalchemy import Connection

from bot import discussions, repositories
from bot.commands import lines, naming
from bot.reactions import missed_signatures
from bot.reactions.intents import DECIDING
from bot.reactions.issue_comment import PLACE
from bot.roadmap import intake, rereading, voting
from core.context import Context, Decide, Effect, Task
from core.github import Inaccessible, Issue, NotFound, Repo
from webhooks.events import CommentWritten
from webhooks.router import TaskDue, handlers_of, on_task

HEARD = DECIDING | {"rank", "request", "works"}
"""Commands for which a thread is read again: those of the people, and what calls are made of."""


@on_task("reread_missed")
def reread(task: TaskDue, ctx: Context) -> Decide | None:
    """Give each repository with a roadmap, or with an agreement that is signed, its turn."""
    since = str(task.about["since"])

    def decide(connection: Connection) -> list[Effect]:
        repos = repositories.active_repos(connection)
        threads = [
            _task(ctx, repo, "reread_repository", since, {"since": since})
            for repo in repos
            if voting.rules_of(connection, repo.id).on
        ]
        return [*threads, *missed_signatures.tasks(ctx, connection, repos, since)]

    return decide


@on_task("reread_repository")
def changed(task: TaskDue, ctx: Context) -> Decide | None:
    """List the threads that changed since, each of which is read by a task of its own."""
    since = datetime.fromisoformat(str(task.about["since"]))
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    if repo is None:
        return None
    found = _changed(ctx, repo, since)

    def decide(_connection: Connection) -> list[Effect]:
        return [
            _task(
                ctx,
                repo,
                "reread_thread",
                f"{one.number}:{since.isoformat()}",
                {"since": since.isoformat(), "number": one.number, "category": one.category},
            )
            for one in found
        ]

    return decide


def _changed(ctx: Context, repo: Repo, since: datetime) -> list[Issue]:
    """List what was written to since. Of what an issue that became a discussion leaves, nothing."""
    with ctx.database.read() as connection:
        category = voting.rules_of(connection, repo.id).discussions
        here = discussions.numbers(connection, repo.id) & set(intake.open_in(connection, repo.id))
    github = ctx.github(repo)
    issues = github.issues(repo, since=since)
    found = [one for one in issues if not (one.locked and one.state == "closed")]
    try:
        listed = list(github.discussions(repo, category, "all")) if category else []
        known = {one.number for one in listed}
        read = (intake.discussion(ctx, repo, number) for number in sorted(here - known))
        found += [one for one in (*listed, *read) if one is not None and one.updated_at >= since]
    except Inaccessible:
        pass
    return [one for one in found if one.comments]


@on_task("reread_thread")
def thread(task: TaskDue, ctx: Context) -> Decide | None:
    """Read a thread, and hear what people said there as if it was told just now."""
    number, since = int(task.about["number"]), datetime.fromisoformat(str(task.about["since"]))
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    if repo is None:
        return None
    read = intake.discussion if task.about["category"] else intake.read
    found = read(ctx, repo, number)
    if found is None or found.number != number:
        return None
    try:
        told = rereading.told(ctx, repo, number, found, since)
    except NotFound:
        return None
    parts = [
        handler(event, ctx)
        for event in told
        if _says(event, ctx)
        for handler in handlers_of(event)
    ]

    def decide(connection: Connection) -> list[Effect]:
        return [effect for part in parts if part for effect in part(connection)]

    return decide


def _says(event: CommentWritten, ctx: Context) -> bool:
    name = naming.name_of(ctx, event.body, event.was)
    return any(
        isinstance(line, lines.Said) and line.command.name in HEARD
        for body in (event.body, event.was)
        for line in lines.addressed(body, PLACE, name)
    )


def _task(ctx: Context, repo: Repo, name: str, what: str, about: dict[str, int | str]) -> Task:
    # In the turn of the thread, as what is told of it now: nobody else waits for this.
    turn = f"thread:{repo.id}:{about['number']}" if "number" in about else f"reread:{repo.id}"
    return Task(name, f"{name}:{repo.id}:{what}", ctx.now, turn, about | {"repo_id": repo.id})
