"""A maintainer accepts the work on a request: only then are cards charged that were promised for it."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.money import pledges, pledges_facts
from bot.money.pledges_facts import Reading
from bot.roadmap.store import Request
from core.context import Task
from donations.pledges import store
from donations.pledges.rules import Act


def accept(
    connection: Connection,
    asked: Request,
    who: int,
    evidence: str,
    at: datetime,
    now: datetime,
) -> tuple[Literal["done", "known", "refused", "joined", "empty"], list[Task]]:
    """Write down an acceptance by when it was written.

    `refused`: the request stands as not planned, or is gone. `joined`: another one is built.
    `empty`: nobody promised or gave.
    """
    about = asked.node_id
    if not store.hold(connection, about):
        return "empty", []
    facts = pledges_facts.facts(connection, asked, Reading())
    if asked.root_id != asked.id:
        return "joined", []
    if facts is None or (facts.thread in {"refused", "gone"} and facts.since <= at):
        return "refused", []
    if not store.write(connection, about, Act("accepted", evidence, at, by_id=who), now):
        return "known", []
    return "done", [pledges.look_again(about, evidence, now)]
