"""Who asks the API, how often, and for which repository: looked at before anything else."""

from dataclasses import dataclass
from math import ceil
from typing import cast

from flask import Flask, current_app, request

from bot.api.problems import Problem
from bot.maintaining import tokens
from bot.maintaining.tokens import Token
from core.buckets import Buckets, Rate
from core.web.house import FoundRepo, house

BUCKETS = "potluck_api_buckets"
PUBLIC = Rate(30, 0.5)
"""Without a token, for each network address."""

WITH_TOKEN = Rate(120, 10.0)
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="potluck"'}
_UNKNOWN = (
    "There is no such repository here for you: check the name, or use a token of this repository."
)
_WRONG = "This token is not good: it was revoked, or is not one of ours. Ask a maintainer for one."
_NEEDED = "This needs a token of the repository: its maintainers make one under /maintain/tokens."


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: with a token that is good, or without any."""

    token: Token | None = None


def prepare(app: Flask) -> None:
    """Give the application what remembers how often everybody asked."""
    app.extensions[BUCKETS] = Buckets()


def caller() -> Caller:
    """Say who asks. Raises `Problem`: 401 for a bad token, 429 for too many requests."""
    words = request.headers.get("Authorization", "")
    if not words:
        _count(f"address:{request.remote_addr}", with_token=False)
        return Caller()
    kind, _space, given = words.partition(" ")
    found = None
    if kind.lower() == "bearer":
        with house().app.read() as connection:
            found = tokens.find(connection, given.strip())
    if found is None:
        # Whoever guesses counts as one who has none.
        _count(f"address:{request.remote_addr}", with_token=False)
        raise Problem(401, _WRONG, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    _count(f"token:{found.id}", with_token=True)
    _note(found)
    return Caller(found)


def repo(owner: str, name: str, who: Caller, *, is_public: bool) -> FoundRepo:
    """Find the repository that is asked for. Raises `Problem`.

    `is_public`: what is asked may be known to everybody who may see the repository. A token
    opens its own repository, private or not, and no other.
    """
    if who.token is None and not is_public:
        raise Problem(401, _NEEDED, CHALLENGE)
    found = house().find_repo(owner, name)
    if found is None:
        raise Problem(404, _UNKNOWN)
    is_open = not found[2] if who.token is None else who.token.repo_id == found[0]
    if not is_open:
        raise Problem(404, _UNKNOWN)
    return FoundRepo(*found)


def _count(who: str, *, with_token: bool) -> None:
    buckets = cast("Buckets", current_app.extensions[BUCKETS])
    wait = buckets.take(who, WITH_TOKEN if with_token else PUBLIC, house().clock())
    if wait:
        seconds = max(ceil(wait), 1)
        said = f"These are too many requests. Go on in {seconds} s"
        said += "." if with_token else ", or use a token."
        raise Problem(429, said, {"Retry-After": str(seconds)})


def _note(token: Token) -> None:
    today = house().clock().date()
    if token.last_used_on != today:
        with house().app.write() as connection:
            tokens.note_use(connection, token.id, today)
