"""What a campaign that reached its goal does on the board: the work is paid for, so it is planned."""

from datetime import datetime

from sqlalchemy import Connection

from bot.roadmap import voting
from bot.roadmap.board import moving, rules, store
from bot.roadmap.board.rules import Cause
from bot.roadmap.store import Request
from core.context import Effect


def reached(
    connection: Connection, asked: Request | None, campaign: str, now: datetime
) -> list[Effect]:
    """Move an item that only was asked for to the next stage; what stands further stays there.

    `campaign` names the campaign whose goal is there.
    """
    if asked is None or asked.state != "open" or asked.root_id != asked.id:
        return []
    stages = store.stages_of(connection, asked.repo_id)
    first, following = stages[0], stages[1]
    stage = rules.named(stages, store.stage_of(connection, asked.id))
    if stage is not first or following.closes != "none":
        return []
    if not voting.rules_of(connection, asked.repo_id).on:
        return []
    cause = Cause("funded", 0, f"funded:{campaign}", now)
    return moving.move(connection, asked, following.name, cause, now)
