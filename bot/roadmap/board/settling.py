"""Requests that were there before the board: each gets its stage, in silence."""

from sqlalchemy import Connection, Select, select

from bot.roadmap import store
from bot.roadmap.board import moving
from bot.roadmap.board.rules import View
from bot.roadmap.board.tables import SHOWN_HERE
from bot.roadmap.tables import request

AT_ONCE = 500


def lacks(connection: Connection, repo_id: int) -> bool:
    """Say whether requests of a repository have no stage yet."""
    return connection.scalar(_unplaced(repo_id).limit(1)) is not None


def place_rest(connection: Connection, repo_id: int) -> None:
    """Place requests whose issues were on no list: of a closed one nobody knows that it is done."""
    for number in connection.scalars(_unplaced(repo_id).limit(AT_ONCE)).all():
        asked = store.by_id(connection, number)
        if asked is not None:
            closed = View(state="closed", reason="not_planned")
            view = View() if asked.state == "open" else closed
            since = asked.closed_at or asked.updated_at
            moving.settle(connection, asked, view, since, asked.updated_at)


def _unplaced(repo_id: int) -> Select[int]:
    here = (request.c.repo_id == repo_id) & (request.c.stage == "")
    return select(request.c.id).where(here, SHOWN_HERE)
