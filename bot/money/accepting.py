"""A maintainer accepts the work on a request: only then are cards charged that were promised for it."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.awards import deciding
from bot.milestones import store as milestones
from bot.money import pledges, pledges_facts
from bot.money.pledges_facts import Reading
from bot.outcomes import members
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from core.context import Task
from donations.pledges import store
from donations.pledges.rules import Act


def accept(
    connection: Connection,
    of: Outcome,
    who: int,
    evidence: str,
    at: datetime,
    now: datetime,
) -> tuple[Literal["done", "known", "refused", "joined", "nobody", "empty"], list[Task]]:
    """Write down an acceptance by when it was written; with a request its chosen offer is accepted.

    `refused`: the request stands as not planned, or is gone. `joined`: another one is built.
    `nobody`: of a milestone it is not known who built it, so nobody could be paid. `empty`: nobody
    promised or gave.
    """
    if not store.hold(connection, of.about):
        return "empty", []
    facts = pledges_facts.facts(connection, of, Reading())
    if of.asked is not None and of.asked.root_id != of.asked.id:
        return "joined", []
    if facts is None or (facts.thread in {"refused", "gone"} and facts.since <= at):
        return "refused", []
    if of.milestone is not None and deciding.decided(connection, of.about).split is None:
        return "nobody", []
    act = Act("accepted", evidence, at, by_id=who)
    if not store.write(connection, of.about, act, now):
        return "known", []
    names = outcomes.purses_of(connection, of.asked) if of.asked else (of.about,)
    if of.milestone is not None:
        members.keep(connection, of.milestone, at)
        names = tuple(
            name
            for name in milestones.names(connection, of.milestone)
            if store.hold(connection, name)
        )
        for name in names[1:]:
            store.write(connection, name, act, now)
    return "done", [pledges.look_again(name, evidence, now) for name in names]
