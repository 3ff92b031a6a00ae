"""The requests of a milestone: those that are in it now, or that were when its work was accepted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from bot.milestones import store as milestones
from bot.milestones.store import Milestone
from bot.outcomes.tables import milestone_taken
from bot.roadmap import store as requests
from bot.roadmap.store import Request
from core.db import insert_once


def of_milestone(
    connection: Connection, of: Milestone, accepted_at: datetime | None
) -> Sequence[Request]:
    """Give the requests of a milestone, as it is or as it was accepted at an instant."""
    if accepted_at is None:
        return milestones.requests_of(connection, of)
    own = milestone_taken.c
    here = own.node_id.in_(milestones.names(connection, of)) & (own.accepted_at == accepted_at)
    return requests.by_ids(connection, select(own.request_id).where(here))


def accepted_with(connection: Connection, asked: Request) -> tuple[str, ...]:
    """Give the names of the milestones whose work was accepted while a request was in them."""
    own = milestone_taken.c
    taken = select(own.node_id).where(own.request_id == asked.id).distinct()
    found = [milestones.by_node(connection, one) for one in connection.scalars(taken).all()]
    return tuple(
        sorted({name for one in found if one for name in milestones.names(connection, one)})
    )


def keep(connection: Connection, of: Milestone, accepted_at: datetime) -> None:
    """Write down which requests are in a milestone whose work was just accepted."""
    for one in milestones.requests_of(connection, of):
        values = {"node_id": of.node_id, "accepted_at": accepted_at, "request_id": one.id}
        insert_once(connection, milestone_taken, values)
