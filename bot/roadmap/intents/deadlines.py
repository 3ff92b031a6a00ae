"""The deadlines of calls and contests, for the calendar of a project."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import repositories
from bot.roadmap.intents import shown
from bot.roadmap.intents.shown import Line

Named = tuple[str, str, datetime, str]
"""What it is called for good, its title, the instant, and where it is on this site."""


def of_repo(connection: Connection, repo_id: int, since: datetime) -> Iterator[Named]:
    """Give until when offers and entries are taken, and votes on them."""
    repo = repositories.repo(connection, repo_id)
    if repo is None:
        return
    for line, at in shown.deadlines(connection, repo_id, since):
        ends = "until" if at == line.until else "vote"
        url = f"/{repo.name}/requests/{line.number}/intent"
        yield (f"{line.kind}-{ends}/{line.number}", _title(line, ends), at, url)


def _title(line: Line, ends: str) -> str:
    about = {"title": line.title, "number": line.number}
    if ends == "vote":
        return str(_("#%(number)s %(title)s: the vote ends", **about))
    if line.kind == "offers":
        return str(_("#%(number)s %(title)s: offers until now", **about))
    return str(_("#%(number)s %(title)s: entries until now", **about))
