"""When a branch is rewritten: what its pull requests bring may be more than it was."""

from sqlalchemy import Connection

from bot import rechecks, repositories
from core.context import Context, Decide, Effect
from webhooks.events import Pushed
from webhooks.router import on


@on(Pushed)
def look_at_what_goes_into_it(event: Pushed, ctx: Context) -> Decide | None:
    """Judge anew every open pull request into the branch: commits that it had may be gone.

    A push that only adds to a branch takes nothing from it, so nobody is asked more.
    """
    if not event.rewritten:
        return None

    def decide(connection: Connection) -> list[Effect]:
        return [
            rechecks.recheck(ctx, event.repo, pull.number, "base")
            for pull in repositories.open_pulls(connection, event.repo.id)
            if pull.base_ref == event.branch
        ]

    return decide
