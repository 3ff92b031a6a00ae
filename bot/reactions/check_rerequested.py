"""When somebody presses “Re-run”: look again, or say that the commit is no longer the one that counts."""

from functools import partial

from sqlalchemy import Connection, select

from bot import groups, outbox, policies, rechecks, repositories
from bot.evaluation import voice
from bot.reactions.merge_group import again
from bot.report import CLA, POLICY, plain_check
from core.context import Context, Decide, Effect
from core.github import Check, Repo
from webhooks.events import CheckRerequested
from webhooks.router import on


@on(CheckRerequested)
def rerun(event: CheckRerequested, ctx: Context) -> Decide | None:
    """Look again at each pull request whose head this is, in its thread's turn."""
    if event.name not in {None, CLA, POLICY}:
        return None
    return partial(_look, event, ctx)


def _look(event: CheckRerequested, ctx: Context, connection: Connection) -> list[Effect]:
    repo, sha = event.repo, event.head_sha
    repositories.note_repo(connection, repo, ctx.now)
    if groups.known(connection, repo.id, sha):
        return [again(ctx, repo, sha)]
    numbers = {pull.number for pull in repositories.pulls_with_head(connection, repo.id, sha)}
    numbers |= {
        number
        for number in event.numbers
        if repositories.pull(connection, repo.id, number) is None
    }
    if numbers:
        return [
            rechecks.recheck(ctx, repo, number, "rerun", fresh=True, nonce=ctx.guid[:8])
            for number in sorted(numbers)
        ]
    if not _was_judged(connection, repo, sha):
        return []
    # Neutral lets a merge pass: it is only said of what was a head, and is one no more.
    speaking = voice(ctx, repo, policies.rules(connection, repo.id))
    return [plain_check(speaking, sha, "neutral", "check_superseded")]


def _was_judged(connection: Connection, repo: Repo, sha: str) -> bool:
    surface = Check(repo, sha, CLA, "neutral", "", "").surface
    known = select(outbox.surface.c.surface).where(outbox.surface.c.surface == surface)
    return connection.scalar(known) is not None
