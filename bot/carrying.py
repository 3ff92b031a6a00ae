"""What a pull request brings along that was merged into another branch before.

See `licensing.carried`. What passed there for its size alone counts on as long as that branch is
protected: anybody who may push could gather a large change from small ones on one that is not.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from bot import repositories
from bot.rechecks import recheck
from bot.scenes import Scene
from core.context import Context, Effect
from core.github import GitHub, Incomplete, NotFound, Refused, Repo, Unavailable
from licensing import carried, waiting

MOST_BRANCHES = 2
"""So many branches fit into a look: by its second, the rules are known."""


def look(ctx: Context, github: GitHub, scene: Scene, allows: Callable[[int], bool]) -> Scene:
    """Find out what is carried; `allows` takes calls out of the budget. Raises `Unavailable`."""
    commits = scene.comparison.commits if scene.comparison else ()
    pull = scene.pull
    before = (pull.merged_at, pull.number) if pull.merged_at else None
    with ctx.database.read() as connection:
        seen = tuple(map(carried.seen, commits))
        found = carried.carried(connection, scene.repo.id, seen, before)
        small = {one.number for one in found.values() if one.small}
        branches = {
            number: known.base_ref
            for number in sorted(small)
            if (known := repositories.pull(connection, scene.repo.id, number)) is not None
        }
    again = None
    guarded: dict[str, bool] = {}
    for branch in sorted(set(branches.values()))[:MOST_BRANCHES]:
        if not allows(1):
            again = f"branch:{branch}"
            break
        guarded[branch] = _is_protected(ctx, github, scene.repo, branch)
    counting = {
        sha: one
        for sha, one in found.items()
        if not one.small or guarded.get(branches.get(one.number, ""), False)
    }
    return replace(scene, carried=counting, again=scene.again or again)


def _is_protected(ctx: Context, github: GitHub, repo: Repo, branch: str) -> bool:
    try:
        return github.is_protected(repo, branch)
    except (Incomplete, NotFound, Refused):
        return False
    except Unavailable:
        if ctx.attempts == 1:
            raise
        return False


def covered_now(ctx: Context, connection: Connection, repo_id: int, number: int) -> list[Effect]:
    """Look again at what waits and goes elsewhere than a pull request whose merge was just covered."""
    here = repositories.pull(connection, repo_id, number)
    repo = repositories.repo(connection, repo_id)
    if here is None or repo is None:
        return []
    return [
        recheck(ctx, repo, other.number, f"merged:{number}")
        for other in repositories.open_pulls(connection, repo_id)
        if other.base_ref != here.base_ref
        and (last := waiting.last(connection, repo_id, other.number)) is not None
        and last.conclusion == "action_required"
    ]
