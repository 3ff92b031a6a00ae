"""Days of milestones and last days of campaigns, for the calendar of a project."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Connection, select

from bot import repositories
from bot.milestones import store as milestones
from bot.outcomes import store
from bot.roadmap.outlets import deadlines
from donations.pledges import store as purses
from donations.pledges.tables import purse, purse_act

Named = tuple[str, str, datetime, str]
"""What it is called for good, its title, the instant, and where it is on this site."""


@deadlines.source
def of_milestones(connection: Connection, repo_id: int, since: datetime) -> Iterator[Named]:
    """Give the days on which open milestones are due, as GitHub keeps them."""
    repo = repositories.repo(connection, repo_id)
    for one in milestones.in_repo(connection, repo_id) if repo else ():
        if repo is not None and one.state == "open" and one.due_at and one.due_at >= since:
            title = _("%(title)s: the milestone is due", title=one.title)
            url = f"/{repo.name}/milestones/{one.number}"
            yield (f"milestone/{one.node_id}", str(title), one.due_at, url)


@deadlines.source
def of_campaigns(connection: Connection, repo_id: int, since: datetime) -> Iterator[Named]:
    """Give when campaigns end in which one can still promise, or could until just now."""
    repo = repositories.repo(connection, repo_id)
    running = (
        select(purse.c.about)
        .join(purse_act, purse_act.c.about == purse.c.about)
        .where(purse.c.repo_id == repo_id, purse_act.c.deed == "campaign")
        .where(purse_act.c.until >= since)
        .distinct()
    )
    for about in connection.scalars(running).all():
        last, of = purses.course_of(connection, about).campaign, store.find(connection, about)
        if repo is None or last is None or of is None or of.state == "gone":
            continue
        named = f"{of.sign} {of.title}".strip()
        title = _("%(what)s: the campaign ends", what=named)
        url = f"/{repo.name}/pledge?{of.query}"
        yield (f"campaign/{about}", str(title), last.ends_at, url)
