"""Saying yes to offers and entries: votes by approval in the one ledger of ballots, a box for each.

Whoever votes by a comment says the whole of their ballot: those whom it names, and nobody else.
Totals are shown to nobody before the vote ends.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from bot.roadmap import ballots
from bot.roadmap import rules as votes
from bot.roadmap.intents import ledger
from bot.roadmap.rules import Act, Choice, Door
from bot.roadmap.store import Request
from bot.roadmap.tables import ballot, box, request

PREFIX = "yes:"


def subject_of(asked: Request, round_: str, whose: int) -> str:
    """Name the box of one offer or entry of one round."""
    return f"{PREFIX}{asked.node_id}:{ledger.short(round_)}:{whose}"


def choose(
    connection: Connection,
    asked: Request,
    round_: str,
    among: Iterable[int],
    ballot_: tuple[int, Collection[int]],
    door: tuple[Door, str],
    times: tuple[datetime, datetime],
) -> bool:
    """Write down somebody's whole ballot; False where it said so already.

    `ballot_` is the person and those they say yes to, `door` the kind of door and the evidence,
    `times` when they acted and when we heard.
    """
    (person, chosen), (kind, evidence), (acted_at, now) = ballot_, door, times
    changed = False
    for whose in among:
        subject = subject_of(asked, round_, whose)
        ballots.hold(connection, subject)
        before = ballots.acts(connection, subject, person)
        choice: Choice = "for" if whose in chosen else "withdrawn"
        if choice == "withdrawn" and not before:
            continue
        act = Act(person, "cast", choice, kind, evidence, acted_at)
        changed |= ballots.record(connection, subject, act, now)
    return changed


def undo(
    connection: Connection, github_id: int, evidence: str, at: datetime, now: datetime
) -> bool:
    """Undo what rested on a comment that is deleted, or says it no more."""
    changed = False
    for subject in ballots.subjects(connection, github_id, "comment", evidence, PREFIX):
        act = Act(github_id, "undone", "withdrawn", "comment", evidence, at)
        changed |= ballots.record(connection, subject, act, now)
    return changed


def approvals(
    connection: Connection, asked: Request, round_: str, among: Iterable[int], before: datetime
) -> dict[int, set[int]]:
    """Give by offer or entry who says yes to it, by what people had done before an instant."""
    return {
        whose: _standing(connection, subject_of(asked, round_, whose), before) for whose in among
    }


def own(
    connection: Connection, asked: Request, round_: str, among: Iterable[int], person: int
) -> set[int]:
    """Give those to whom somebody says yes now."""
    return {
        whose
        for whose in among
        if ballots.stands(connection, subject_of(asked, round_, whose), person) is not None
    }


def voted_for(
    connection: Connection, asked: Request, people: Iterable[int], before: datetime
) -> set[int]:
    """Give those of some people whose vote for the request stood before an instant."""
    nodes = connection.scalars(select(request.c.node_id).where(request.c.root_id == asked.root_id))
    subjects = [ballots.subject_of(node_id) for node_id in nodes]
    return {
        person
        for person in people
        if any(_stood(connection, subject, person, before) for subject in subjects)
    }


def _stood(connection: Connection, subject: str, person: int, before: datetime) -> bool:
    acts = ballots.acts(connection, subject, person)
    return votes.standing(act for act in acts if act.acted_at < before) is not None


def _standing(connection: Connection, subject: str, before: datetime) -> set[int]:
    people = connection.scalars(
        select(ballot.c.github_id)
        .join(box, box.c.id == ballot.c.box_id)
        .where(box.c.subject == subject, ballot.c.acted_at < before)
        .distinct()
    ).all()
    return {person for person in people if _stood(connection, subject, person, before)}
