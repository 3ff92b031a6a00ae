"""Requests that were there before the board: each gets its stage, in silence."""

from sqlalchemy import Connection, Select, select, text, update

from bot.roadmap import store
from bot.roadmap.board import moving
from bot.roadmap.board import store as board
from bot.roadmap.board.rules import View
from bot.roadmap.board.tables import SHOWN_HERE, UNREAD, board_view
from bot.roadmap.tables import request

AT_ONCE = 1_000
"""Requests that one transaction places: a fifth of a second."""


def lacks(connection: Connection, repo_id: int) -> bool:
    """Say whether requests have no stage yet, or nobody knows in which milestones their issues are."""
    unplaced = connection.scalar(_unplaced(repo_id).limit(1)) is not None
    return unplaced or connection.scalar(_unread(repo_id).limit(1)) is not None


def place_rest(connection: Connection, repo_id: int) -> int:
    """Place requests whose issues were on no list; gives the last one where there are more, else 0.

    Of a closed one nobody knows that it is done.
    """
    board.hold(connection, repo_id)
    numbers = connection.scalars(_unplaced(repo_id).limit(AT_ONCE)).all()
    stages = board.stages_of(connection, repo_id)
    views, read_at, steps = {}, {}, []
    for asked in store.by_ids(connection, numbers):
        views[asked.id] = View(state="open" if asked.state == "open" else "closed")
        read_at[asked.id] = asked.updated_at
        closed = View(state="closed", reason="not_planned")
        shown = View() if asked.state == "open" else closed
        since = asked.closed_at or asked.updated_at
        steps += moving.first_steps(asked, stages, shown, since, asked.updated_at)
    board.see_all(connection, views, read_at)
    board.write_all(connection, repo_id, steps)
    # All issues that are given to us were read: what is on no list is in none.
    rest = update(board_view).where(board_view.c.request_id.in_(_unread(repo_id)))
    connection.execute(rest.values(milestone_number=0))
    return numbers[-1] if len(numbers) == AT_ONCE else 0


def _unplaced(repo_id: int) -> Select[int]:
    here = (request.c.repo_id == repo_id) & (request.c.stage == "")
    return select(request.c.id).where(here, SHOWN_HERE).order_by(request.c.id)


def _unread(repo_id: int) -> Select[int]:
    of = select(request.c.id).where(request.c.repo_id == repo_id)
    unread = select(board_view.c.request_id).where(text(UNREAD))
    return unread.where(board_view.c.request_id.in_(of))
