"""What was said of how something goes, wherever it is shown: on pages, in feeds and by program."""

from sqlalchemy import Connection

from bot.milestones import store as milestones
from bot.outcomes.store import Outcome
from bot.roadmap import store as requests
from bot.roadmap.updates import store
from bot.roadmap.updates.rules import MOST
from bot.roadmap.updates.store import Update


def of_outcome(
    connection: Connection, of: Outcome, most: int = MOST, after: tuple[int, int] | None = None
) -> tuple[Update, ...]:
    """Give the updates on a request and on the one it was joined with, or on a milestone; newest first."""
    return store.standing(connection, _names(connection, of), most, after)


def _names(connection: Connection, of: Outcome) -> tuple[str, ...]:
    if of.milestone is not None:
        return milestones.names(connection, of.milestone)
    if of.asked is None or of.asked.root_id == of.asked.id:
        return (of.about,)
    root = requests.by_id(connection, of.asked.root_id)
    return (of.about, root.node_id) if root else (of.about,)
