"""Where a request is found: its number in an address, and what stands behind it."""

from flask import abort
from sqlalchemy import Connection

from bot.roadmap import store
from bot.roadmap.store import Request
from core.web.house import FoundRepo

LARGEST_NUMBER = 2**31 - 1
"""Of an issue on GitHub."""

NUMBER = f"<int(min=1, max={LARGEST_NUMBER}):number>"
"""The number of a request in a route."""


def one(connection: Connection, repo: FoundRepo, number: int) -> Request:
    """Find a request by its number, or answer 404: also where it is gone from GitHub."""
    found = store.by_number(connection, repo.id, number)
    if found is None or found.state == "gone":
        abort(404)
    return found
