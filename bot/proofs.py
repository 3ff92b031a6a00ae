"""The one export of all that is proven: agreements and coverage, boards, and books of money."""

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.roadmap.board import proof as boards
from donations import proof as books
from licensing import exports


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Write it as JSON, some at a time; with `repo_id` only what one repository rests on."""
    parts = {
        "boards": boards.pieces(connection, repo_id),
        "books": books.pieces(connection, repo_id),
    }
    return exports.pieces(connection, repo_id, parts)
