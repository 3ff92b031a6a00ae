"""Whom an appeal asks: never again who gave, and who said “not now” only after the days it names.

Who is signed in is known by account. Of everybody else their own browser remembers it, in a cookie
that names appeals and days, and nobody.
"""

import re
from datetime import UTC, datetime, timedelta

from flask import Response, request
from sqlalchemy import Connection

from bot.policy.appeals import Appeal
from core.web import cookies
from core.web.signin import Person
from donations.asking import appeals

COOKIE = "asked"
GAVE = "g"
MOST = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ONE = re.compile(r"([0-9]{1,15}\.[a-z0-9-]{1,40}):(g|[0-9]{1,6})", re.ASCII)


def may_ask(
    connection: Connection, repo_id: int, appeal: Appeal, who: Person | None, now: datetime
) -> bool:
    """Say whether whoever looks may be asked."""
    known = _remembered().get(f"{repo_id}.{appeal.slug}")
    if known is not None and (known == GAVE or now < EPOCH + timedelta(days=int(known))):
        return False
    if who is None:
        return True
    return not (
        appeals.gave(connection, repo_id, appeal.slug, who.id)
        or appeals.said_later(connection, repo_id, appeal.slug, who.id, now)
    )


def remember_gave(answer: Response, repo_id: int, slug: str) -> None:
    """Have the browser remember that somebody gave: the appeal asks no more."""
    _remember(answer, repo_id, slug, GAVE)


def remember_later(answer: Response, repo_id: int, slug: str, until: datetime) -> None:
    """Have the browser remember until when the appeal does not ask."""
    _remember(answer, repo_id, slug, str((until - EPOCH).days + 1))


def _remembered() -> dict[str, str]:
    said = request.cookies.get(cookies.cookie_name(COOKIE), "")[:4_000]
    return dict(_ONE.findall(said))


def _remember(answer: Response, repo_id: int, slug: str, what: str) -> None:
    known = _remembered()
    name = f"{repo_id}.{slug}"
    if known.get(name) in {GAVE, what}:
        return
    known.pop(name, None)
    known[name] = what
    kept = list(known.items())[-MOST:]
    cookies.keep(answer, COOKIE, "~".join(f"{one}:{mark}" for one, mark in kept))
