"""When somebody presses “Re-run”: look again, or say that the commit is no longer the one that counts."""

from functools import partial

from sqlalchemy import Connection, select

from bot import groups, outbox, policies, rechecks, repositories
from bot.evaluation import voice
from bot.reactions.merge_group import again
from bot.report import CLA, POLICY, plain_check
from core.context import Context, Decide, Effect
from core.github import Check, NotFound, PullRequest, Repo
from licensing import waiting
from webhooks.events import CheckRerequested
from webhooks.router import on

MOST_PULLS = 10
"""Pull requests that had one head, and are read anew when somebody presses the button."""


@on(CheckRerequested)
def rerun(event: CheckRerequested, ctx: Context) -> Decide | None:
    """Look again at each pull request whose head this is, read anew, in its thread's turn."""
    if event.name not in {None, CLA, POLICY}:
        return None
    repo, sha = event.repo, event.head_sha
    with ctx.database.read() as connection:
        if groups.known(connection, repo.id, sha):
            return partial(_again, event, ctx)
        numbers = set(event.numbers) | set(waiting.judged_with(connection, repo.id, sha))
        numbers |= {pull.number for pull in repositories.pulls_with_head(connection, repo.id, sha)}
    pulls = [_read(ctx, repo, number) for number in sorted(numbers)[:MOST_PULLS]]
    return partial(_look, event, ctx, [pull for pull in pulls if pull is not None])


def _read(ctx: Context, repo: Repo, number: int) -> PullRequest | None:
    try:
        return ctx.github(repo).pull_request(repo, number)
    except NotFound:
        return None


def _again(event: CheckRerequested, ctx: Context, connection: Connection) -> list[Effect]:
    repositories.note_repo(connection, event.repo, ctx.now)
    return [again(ctx, event.repo, event.head_sha)]


def _look(
    event: CheckRerequested, ctx: Context, pulls: list[PullRequest], connection: Connection
) -> list[Effect]:
    repo, sha = event.repo, event.head_sha
    repositories.note_repo(connection, repo, ctx.now)
    for pull in pulls:
        repositories.note_pull(connection, repo, pull)
    current = [pull for pull in pulls if pull.head_sha == sha and pull.state == "open"]
    if current:
        nonce = ctx.guid[:8]
        return [rechecks.recheck(ctx, repo, one.number, "rerun", nonce=nonce) for one in current]
    if not _was_judged(connection, repo, sha):
        return []
    # Neutral lets a merge pass: it is only said of what was a head, and is one no more.
    speaking = voice(ctx, repo, policies.rules(connection, repo.id))
    return [plain_check(speaking, sha, "neutral", "check_superseded")]


def _was_judged(connection: Connection, repo: Repo, sha: str) -> bool:
    surface = Check(repo, sha, CLA, "neutral", "", "").surface
    known = select(outbox.surface.c.surface).where(outbox.surface.c.surface == surface)
    return connection.scalar(known) is not None
