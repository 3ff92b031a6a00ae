"""When a repository is renamed, transferred, archived, deleted, or made private or public."""

from datetime import timedelta

from sqlalchemy import Connection

from bot import outbox, rechecks, repositories, sightings
from core.context import Context, Decide, Effect
from webhooks.events import RepositoryChanged
from webhooks.router import on

MOVED = frozenset({"renamed", "transferred"})
"""After these, the owner's shared rules may be others, or name this repository no more."""


@on(RepositoryChanged)
def repository_changed(event: RepositoryChanged, ctx: Context) -> Decide | None:
    """Follow the repository by its number: a new name or owner changes nothing else.

    A replayed event is older than what stands and is left alone; deletion is final, since a
    repository made anew under the same name has a number of its own.
    """

    def decide(connection: Connection) -> list[Effect]:
        later = sightings.note_facts(connection, event.repo, event.updated_at)
        if not later and event.action != "deleted":
            sightings.doubt(connection, event.repo, ctx.now)
            return []
        repositories.set_state(connection, event.repo.id, _state(event))
        outbox.release_repo(connection, event.repo, ctx.now)
        if event.action in MOVED:
            return [rechecks.reload_rules(ctx, event.repo.id, timedelta(0))]
        return []

    return decide


def _state(event: RepositoryChanged) -> str:
    if event.action == "deleted":
        return "gone"
    return "archived" if event.archived else "active"
