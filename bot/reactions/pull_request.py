"""When a pull request is opened, pushed to, edited, reopened or closed: judge it as it is now."""

from functools import partial

from sqlalchemy import Connection

from bot import covering, policies, repositories, siblings
from bot.evaluation import Why, evaluate
from core.context import Context, Decide, Effect
from core.github import PullRequest
from licensing import waiting
from webhooks.events import PullRequestChanged
from webhooks.router import on


@on(PullRequestChanged)
def judge_pull_request(event: PullRequestChanged, ctx: Context) -> Decide | None:
    """Judge an open pull request, read anew where something newer than this event is known."""
    with ctx.database.read() as connection:
        known = repositories.pull(connection, event.repo.id, event.pull.number)
        unchanged = _is_unchanged(event, ctx, connection)
    if unchanged:
        return partial(_note, event, ctx, event.pull)
    why = Why(opened=event.action == "opened")
    if known is not None and _may_be_newer(known, event.pull):
        pull = ctx.github(event.repo).pull_request(event.repo, event.pull.number)
        if pull.state != "open":
            return partial(_note, event, ctx, pull)
        return evaluate(ctx, event.repo, pull, why, spent=1)
    if event.pull.state != "open":
        return partial(_close, event, ctx)
    return evaluate(ctx, event.repo, event.pull, why)


def _may_be_newer(known: PullRequest, told: PullRequest) -> bool:
    """Say whether `told` may be the older one: GitHub's times have whole seconds, pushes have not."""
    if known.updated_at != told.updated_at:
        return known.updated_at > told.updated_at
    return (known.head_sha, known.base_ref, known.state) != (
        told.head_sha,
        told.base_ref,
        told.state,
    )


def _is_unchanged(event: PullRequestChanged, ctx: Context, connection: Connection) -> bool:
    """Say whether nothing that the judgement rests on has changed: only a title, or a draft."""
    if event.action not in {"edited", "ready_for_review"}:
        return False
    last = waiting.last(connection, event.repo.id, event.pull.number)
    rules = policies.rules(connection, event.repo.id)
    return (
        last is not None
        and rules.is_fresh(ctx.now)
        and (last.head_sha, last.base_ref, last.rules)
        == (event.pull.head_sha, event.pull.base_ref, rules.name)
    )


def _note(
    event: PullRequestChanged, ctx: Context, pull: PullRequest, connection: Connection
) -> list[Effect]:
    repositories.note_repo(connection, event.repo, ctx.now)
    repositories.note_pull(connection, event.repo, pull)
    return covering.merged(ctx, event.repo, pull, connection)


def _close(event: PullRequestChanged, ctx: Context, connection: Connection) -> list[Effect]:
    """A closed pull request waits for nobody; it is judged again when it is reopened."""
    repositories.note_repo(connection, event.repo, ctx.now)
    number = event.pull.number
    landed = covering.merged(ctx, event.repo, event.pull, connection)
    if not repositories.note_pull(connection, event.repo, event.pull):
        return landed
    waiting.note_waiting(connection, event.repo.id, number, None)
    return landed + siblings.freed(ctx, event.repo, number, event.pull.head_sha, connection)
