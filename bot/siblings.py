"""Pull requests that share a head: GitHub has one check for the commit, so the worst verdict stands.

Two pull requests from one branch to two bases, or of two openers, may ask different people. A
check that passes for one of them would let the other be merged as well.
"""

from sqlalchemy import Connection

from bot import rechecks, repositories
from core.context import Context, Effect
from core.github import Check, PullRequest, Repo
from licensing import waiting

STOPS = frozenset({"action_required", "failure"})


def with_others(
    ctx: Context, repo: Repo, pull: PullRequest, check: Check, connection: Connection
) -> list[Effect]:
    """Give the check, unless another open pull request with this head is stopped and it would pass.

    Where the head moved on, those that share the former one are looked at again.
    """
    waiting.note_judged(connection, repo.id, pull.head_sha, pull.number)
    effects: list[Effect] = []
    before = waiting.last(connection, repo.id, pull.number)
    if before is not None and before.head_sha != pull.head_sha:
        effects += freed(ctx, repo, pull.number, before.head_sha, connection)
    if check.conclusion in STOPS or not _another_is_stopped(repo, pull, connection):
        effects.append(check)
    return effects


def freed(ctx: Context, repo: Repo, number: int, sha: str, connection: Connection) -> list[Effect]:
    """Look again at the others with this head, because `number` is closed or has moved on."""
    return [
        rechecks.recheck(ctx, repo, other.number, f"freed:{number}")
        for other in repositories.pulls_with_head(connection, repo.id, sha)
        if other.number != number and other.state == "open"
    ]


def _another_is_stopped(repo: Repo, pull: PullRequest, connection: Connection) -> bool:
    for other in repositories.pulls_with_head(connection, repo.id, pull.head_sha):
        if other.number == pull.number or other.state != "open":
            continue
        judged = waiting.last(connection, repo.id, other.number)
        if judged and judged.head_sha == pull.head_sha and judged.conclusion in STOPS:
            return True
    return False
