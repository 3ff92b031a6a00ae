"""Who wrote what was just judged, kept while GitHub can still show it."""

from sqlalchemy import Connection

from bot.scenes import Scene
from core.context import Context
from licensing import provenance
from licensing.verdict import Verdict


def keep(ctx: Context, scene: Scene, verdict: Verdict | None, connection: Connection) -> None:
    """Keep the commits of a head; one that is still to be looked into is kept after that."""
    if scene.comparison is None or scene.again:
        return
    pull, base_sha = scene.pull, scene.comparison.base_sha
    work = provenance.work_of(scene.facts(ctx.noreply_host), verdict)
    provenance.note(connection, scene.repo.id, pull.number, pull.head_sha, base_sha, work)
