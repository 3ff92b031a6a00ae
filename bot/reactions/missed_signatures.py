"""After an outage longer than GitHub repeats deliveries: who signed meanwhile in a comment is heard.

Only where the check on an open pull request still asks somebody, and only what signs. A signature
rests on its comment and its instant, so the text is the one in force then, and one that was heard
changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot import policies, repositories
from bot.commands.answering import answer
from bot.commands.known import Call, Part, named
from bot.policies import Rules
from bot.roadmap import rereading
from bot.stages import Stage
from core.context import Context, Decide, Effect, Task
from core.github import NotFound, PullRequest, Repo
from licensing import phrases, waiting
from webhooks.events import CommentWritten
from webhooks.router import TaskDue, on_task

SETTLED = frozenset({"success", "neutral"})


def tasks(ctx: Context, connection: Connection, repos: Iterable[Repo], since: str) -> list[Effect]:
    """Give each repository whose agreement is signed in comments its turn."""
    return [
        _task(ctx, repo, "reread_pull_requests", {"since": since})
        for repo in repos
        if _is_signed(policies.rules(connection, repo.id))
    ]


@on_task("reread_pull_requests")
def waits(task: TaskDue, ctx: Context) -> Decide | None:
    """List what changed since and asks still; each is read by a task of its own."""
    since = str(task.about["since"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
    if repo is None:
        return None
    pulls = [
        one
        for one in ctx.github(repo).open_pull_requests(repo)
        if one.updated_at >= datetime.fromisoformat(since)
    ]

    def decide(connection: Connection) -> list[Effect]:
        return [
            _task(ctx, repo, "reread_pull_request", {"since": since, "number": one.number})
            for one in pulls
            if _asks(connection, repo, one)
        ]

    return decide


@on_task("reread_pull_request")
def pull(task: TaskDue, ctx: Context) -> Decide | None:
    """Read the comments of one, and hear those that sign as if they were told just now."""
    number, since = int(task.about["number"]), datetime.fromisoformat(str(task.about["since"]))
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        rules = policies.rules(connection, repo.id) if repo else None
    if repo is None or rules is None or rules.version is None:
        return None
    try:
        told = rereading.told_on_pull_request(ctx, repo, number, since)
    except NotFound:
        return None
    heard = [found for one in told if (found := _heard(ctx, one, rules.version.phrase))]

    def decide(connection: Connection) -> list[Effect]:
        return [effect for one, part in heard for effect in answer(one, ctx, [part], connection)]

    return decide


def _heard(ctx: Context, one: CommentWritten, phrase: str) -> tuple[CommentWritten, Part] | None:
    """Give what a comment does if its author signs by it; whatever else it says is not heard."""
    intent, sign = phrases.read(one.body, phrase), named("sign")
    if sign is None or one.sender.id != one.author.id or not isinstance(intent, phrases.Signs):
        return None
    part = sign.run(Call(one, ctx, Stage(one, ctx), intent=intent))
    return (one, part) if part else None


def _asks(connection: Connection, repo: Repo, one: PullRequest) -> bool:
    last = waiting.last(connection, repo.id, one.number)
    return last is None or last.head_sha != one.head_sha or last.conclusion not in SETTLED


def _is_signed(rules: Rules) -> bool:
    policy = rules.policy
    return rules.asks and policy is not None and policy.mode != "dco"


def _task(ctx: Context, repo: Repo, name: str, about: dict[str, int | str]) -> Task:
    # In the turn of the thread, as what is told of it now: nobody else waits for this.
    number = about.get("number", "")
    turn = f"thread:{repo.id}:{number}" if number else f"reread:{repo.id}"
    key = f"{name}:{repo.id}:{number}:{about['since']}"
    return Task(name, key, ctx.now, turn, about | {"repo_id": repo.id})
