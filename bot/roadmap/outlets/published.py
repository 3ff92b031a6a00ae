"""Answers for readers that come again and again: with a tag and a date, and 304 where nothing changed."""

from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

from flask import Response, abort, request

from bot.roadmap import queries, voting
from bot.roadmap.outlets import atom
from core.translations import LANGUAGES
from core.web import preferences
from core.web.house import FoundRepo, house, public_repo

CACHED_SECONDS = 300


def roadmap_repo(owner: str, name: str) -> FoundRepo:
    """Find a repository that anybody may see and that has a roadmap, or answer 404."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        if not (
            queries.has_requests(connection, repo.id) or voting.rules_of(connection, repo.id).on
        ):
            abort(404)
    return repo


def tag(what: str) -> str:
    """Make an id for a feed or an entry, ours for good."""
    return atom.tag(_host(), what)


def uid(what: str) -> str:
    """Make an id for an event of a calendar, ours for good."""
    return f"{what}@{_host()}"


def _host() -> str:
    return urlsplit(house().settings.public_url).hostname or ""


def language() -> str:
    """Give the language to write in: the one that the address names, else the reader's own."""
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else preferences.language()


def address(path: str) -> str:
    """Give the whole address of a path on this site."""
    return f"{house().settings.public_url}{quote(path, safe='/?=&%#')}"


def answer(body: bytes, media_type: str, changed_at: datetime | None = None) -> Response:
    """Make an answer that caches may keep for five minutes and other sites may show."""
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    # Public data, and no cookie counts: readers that run in a browser may have it too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={CACHED_SECONDS}"
    response.vary.update(("Accept-Language", "Cookie"))
    response.set_etag(sha256(body).hexdigest()[:32])
    if changed_at is not None:
        response.last_modified = changed_at
    response.make_conditional(request)
    return response
