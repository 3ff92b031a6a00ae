"""Where a gift is seen: an address that nobody can guess, because whoever has it may act there."""

import re
import secrets

from flask import Response, abort
from sqlalchemy import Connection

from core.web.house import FoundRepo
from donations.giving import store
from donations.giving.store import Gift

_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


def new_key() -> str:
    """Make the key of a gift that is about to be said: 128 bits."""
    return secrets.token_hex(16)


def is_key(said: str) -> bool:
    """Say whether a gift may have this key."""
    return _KEY.fullmatch(said) is not None


def keep_unknown(answer: Response) -> Response:
    """Leave no copy of a gift's page behind, and have nobody list it: its address is its key."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def of_gift(repo: FoundRepo, key: str) -> str:
    """Give the path of a gift's page."""
    return f"/{repo.name}/fund/{key}"


def page_of(repo: FoundRepo, gift: Gift) -> str:
    """Give the path of the page of a gift, or of what was bought."""
    return f"/{repo.name}/{'bought' if gift.product == 'licence' else 'fund'}/{gift.key}"


def gift_at(connection: Connection, repo: FoundRepo, key: str) -> Gift:
    """Give the gift at an address of a project, or answer 404."""
    gift = store.by_key(connection, key) if is_key(key) else None
    if gift is None or gift.repo_id != repo.id:
        abort(404)
    return gift
