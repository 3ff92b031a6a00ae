"""Every day: what is given again and again to a project that is lost is ended, with nobody doing anything."""

import logging

from sqlalchemy import Connection

from bot.money import lost
from core.context import Context, Decide, Effect
from donations.giving import store
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)


@on_task("end_lost_giving")
def end_lost_giving(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at projects that somebody gives to again and again: so many gifts, then the next."""
    with ctx.database.read() as connection:
        page = lost.some_of(connection, int(task.about.get("after", 0)))

    def decide(connection: Connection) -> list[Effect]:
        going = lost.going_on(connection, page.numbers)
        known = lost.note(connection, {one.repo_id for one, _name in going}, ctx.now)
        for one, name in going:
            if one.repo_id not in known:
                continue
            why, since = known[one.repo_id]
            if lost.is_over(why, since, store.terms_of(connection, one).away_days, ctx.now):
                log.warning("giving is ended", extra={"gift": one.id, "why": why})
                lost.end(connection, one, name, ctx.now)
        return page.then(task)

    return decide
