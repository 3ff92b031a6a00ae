"""Feeds of a board, of a request and of what shipped, and the calendar of deadlines.

GET /OWNER/NAME/roadmap/feed.atom          moves on the board
GET /OWNER/NAME/requests/12/feed.atom      what happened to a request
GET /OWNER/NAME/changelog/feed.atom        what shipped
GET /OWNER/NAME/roadmap/deadlines.ics      until when something can be done

`?language=fr` chooses the language. Public like the pages: a private repository has none.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import repositories
from bot.roadmap.addresses import NUMBER, one
from bot.roadmap.board import store as board
from bot.roadmap.outlets import atom, changelog, deadlines, entries, ical, published
from bot.roadmap.outlets.atom import Entry, Feed
from bot.roadmap.outlets.published import address, roadmap_repo
from core.web.house import FoundRepo, house, public_repo
from core.web.text import inert

MOST = 50

blueprint = Blueprint("outlets_feeds", __name__)


@blueprint.get("/<owner>/<name>/roadmap/feed.atom")
def of_board(owner: str, name: str) -> Response:
    """Give the last moves on the board."""
    repo = roadmap_repo(owner, name)
    with force_locale(published.language()), house().app.read() as connection:
        found = entries.of_board(connection, repo, MOST)
        title = _("%(repo)s: roadmap", repo=repo.name)
        return _feed(connection, repo, "roadmap", title, found)


@blueprint.get("/<owner>/<name>/changelog/feed.atom")
def of_changelog(owner: str, name: str) -> Response:
    """Give what shipped last."""
    repo = roadmap_repo(owner, name)
    with force_locale(published.language()), house().app.read() as connection:
        stages = board.stages_of(connection, repo.id)
        shipped = changelog.page(connection, repo.id, stages, most=MOST)
        found = entries.of_changelog(repo, shipped.rows)
        title = _("%(repo)s: what shipped", repo=repo.name)
        return _feed(connection, repo, "changelog", title, found)


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}/feed.atom")
def of_request(owner: str, name: str, number: int) -> Response:
    """Give what happened to a request; votes are not told, because they would drown the rest."""
    repo = public_repo(owner, name)
    with force_locale(published.language()), house().app.read() as connection:
        asked = one(connection, repo, number)
        found = entries.of_request(connection, repo, asked, MOST)
    path = f"/{repo.name}/requests/{asked.number}"
    feed = Feed(
        id=published.tag(f"request/{asked.id}"),
        title=f"{inert(asked.title)} · {repo.name} #{asked.number}",
        link=address(path),
        self_link=address(f"{path}/feed.atom"),
        author=repo.name,
        language=published.language(),
        began_at=asked.opened_at,
        entries=found,
    )
    # A new title changes every entry, and may be all that changed.
    return _answer(feed, asked.updated_at)


@blueprint.get("/<owner>/<name>/roadmap/deadlines.ics")
def calendar(owner: str, name: str) -> Response:
    """Give the deadlines of the project."""
    repo = roadmap_repo(owner, name)
    now = house().clock()
    with force_locale(published.language()), house().app.read() as connection:
        found = [
            replace(it, uid=published.uid(it.uid), url=address(it.url))
            for it in deadlines.of_repo(connection, repo.id, now)
        ]
        title = _("%(repo)s: deadlines", repo=repo.name)
    # As of today, so that the calendar stays the same to the byte until something in it changes.
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return published.answer(ical.written(title, found, today), ical.MEDIA_TYPE)


def _feed(
    connection: Connection, repo: FoundRepo, page: str, title: str, found: Sequence[Entry]
) -> Response:
    """Answer with a feed of a whole repository; `page` is the last part of its page's address."""
    feed = Feed(
        id=published.tag(f"repo/{repo.id}/{page}"),
        title=title,
        link=address(f"/{repo.name}/{page}"),
        self_link=address(f"/{repo.name}/{page}/feed.atom"),
        author=repo.name,
        language=published.language(),
        began_at=repositories.installed_at(connection, repo.id) or house().clock(),
        entries=found,
    )
    return _answer(feed, feed.updated_at)


def _answer(feed: Feed, changed_at: datetime) -> Response:
    return published.answer(atom.written(feed), atom.MEDIA_TYPE, max(changed_at, feed.updated_at))
