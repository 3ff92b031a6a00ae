"""The one export of all that is proven: agreements, coverage, votes, boards, calls, books, payouts, sales."""

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.roadmap import proof as ballots
from bot.roadmap.board import proof as boards
from bot.roadmap.intents import proof as intents
from donations import proof as books
from donations.payouts import checking as paid
from donations.payouts import proof as payouts
from donations.sharing import checking
from donations.sharing import proof as shares
from licensing import exports
from licensing.sold import chained
from licensing.sold import proof as licences


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Write it as JSON, some at a time; with `repo_id` only what one repository rests on."""
    parts = {
        ballots.LIST: ballots.pieces(connection, repo_id),
        intents.LIST: intents.pieces(connection, repo_id),
        "boards": boards.pieces(connection, repo_id),
        "books": books.pieces(connection, repo_id),
        chained.LIST: licences.pieces(connection, repo_id),
        paid.LIST: payouts.pieces(connection, repo_id),
        checking.LIST: shares.pieces(connection, repo_id),
    }
    return exports.pieces(connection, repo_id, parts)
