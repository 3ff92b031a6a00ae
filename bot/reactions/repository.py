"""When a repository is renamed, transferred, archived, deleted, or made private or public."""

from sqlalchemy import Connection

from bot import outbox, repositories
from core.context import Context, Decide, Effect
from webhooks.events import RepositoryChanged
from webhooks.router import on


@on(RepositoryChanged)
def repository_changed(event: RepositoryChanged, ctx: Context) -> Decide | None:
    """Follow the repository by its number: a new name or owner changes nothing else.

    A replayed event is older than what stands and is left alone; deletion is final, since a
    repository made anew under the same name has a number of its own.
    """

    def decide(connection: Connection) -> list[Effect]:
        known = repositories.changed_at(connection, event.repo.id)
        if known and known > event.updated_at:
            return []
        repositories.note_repo(connection, event.repo, ctx.now)
        repositories.set_state(connection, event.repo.id, _state(event), event.updated_at)
        outbox.release_repo(connection, event.repo, ctx.now)
        return []

    return decide


def _state(event: RepositoryChanged) -> str:
    if event.action == "deleted":
        return "gone"
    return "archived" if event.archived else "active"
