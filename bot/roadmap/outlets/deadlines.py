"""The deadlines of a project: every subject that has some registers a function.

@deadlines.source
def of_repo(connection, repo_id, since): ...
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.roadmap.intents import deadlines as calls
from bot.roadmap.outlets.ical import Deadline

KEPT = timedelta(days=30)
"""What is over stays that long: a calendar that empties itself overnight looks broken."""

MOST = 500

Source = Callable[[Connection, int, datetime], Iterable[tuple[str, str, datetime, str]]]
"""Gives the deadlines of a repository (by its number) that are not before an instant, each as
(uid, title, at, url).

`uid` says subject and number, as in `contest/17`; `url` is a path on this site, such as
`/OWNER/NAME/requests/12`; `title` is in the language of the present request.
"""

_sources: list[Source] = [calls.of_repo]


def source(gives: Source) -> Source:
    """Register a subject's deadlines."""
    _sources.append(gives)
    return gives


def of_repo(
    connection: Connection, repo_id: int, now: datetime, sources: Sequence[Source] = _sources
) -> tuple[Deadline, ...]:
    """Give the deadlines of a repository, earliest first: those to come, and those just over."""
    since = now - KEPT
    found = [Deadline(*one) for gives in sources for one in gives(connection, repo_id, since)]
    found.sort(key=lambda one: (one.at, one.uid))
    return tuple(one for one in found if one.at >= since)[:MOST]
