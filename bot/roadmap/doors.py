"""Votes that come in on GitHub: who may vote, and what a comment or a reaction does to the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from bot import discussions, people
from bot.roadmap import ballots, store, votes
from bot.roadmap.rules import Act, Choice
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.github import Account, Reaction


@dataclass(frozen=True)
class Stand:
    """Where a person stands with a request: `counts` is None without a vote."""

    counts: bool | None
    left: int


def may_vote(who: Account | None) -> bool:
    """Say whether an account is a person's: bots and organisations have no vote."""
    return people.is_person(who)


def stand(connection: Connection, asked: Request, github_id: int, limit: int) -> Stand:
    """Say whether a person's vote for a request counts, and how many they have left."""
    found = votes.counts(connection, asked.root_id, github_id)
    return Stand(found, votes.left(connection, asked.repo_id, github_id, limit))


def say(
    connection: Connection,
    asked: Request,
    who: Account,
    choice: Choice,
    comment: tuple[int, datetime],
    limit: int,
    now: datetime,
) -> None:
    """Take a choice that a comment (its number, and when) makes; the last one of all doors counts.

    Withdrawn is withdrawn from everything that is counted together with this request.
    """
    evidence, acted_at = str(comment[0]), comment[1]
    where = [asked.id]
    if choice == "withdrawn":
        where += votes.members(connection, asked.root_id, who.id)
    people.note(connection, who.id, who, now)
    for request_id in dict.fromkeys(where):
        one = store.by_id(connection, request_id)
        if one is not None:
            act = Act(who.id, "cast", choice, "comment", evidence, acted_at)
            votes.cast(connection, one, act, limit, now)


def unsay(
    connection: Connection,
    asked: Request,
    who: Account,
    comment: tuple[int, datetime],
    limit: int,
    now: datetime,
) -> None:
    """Undo what rested on a comment (its number, and when) that says it no more, in every box."""
    evidence, acted_at = str(comment[0]), comment[1]
    boxes = ballots.subjects(connection, who.id, "comment", evidence)
    for subject in dict.fromkeys([ballots.subject_of(asked.node_id), *boxes]):
        one = store.by_node(connection, subject.removeprefix("request:"))
        if one is not None:
            act = Act(who.id, "undone", "withdrawn", "comment", evidence, acted_at)
            votes.cast(connection, one, act, limit, now)


def gone(connection: Connection, asked: Request, reactions: Sequence[Reaction]) -> bool:
    """Say whether a 👍 that we know is not among those just read."""
    prefix = _prefix(connection, asked)
    known, _earlier = _known(connection, asked, prefix)
    there = {f"{prefix}{one.id}" for one in reactions}
    return any(still and evidence not in there for evidence, (_who, still) in known.items())


def _prefix(connection: Connection, asked: Request) -> str:
    """Give what reactions are named with: those of a discussion are others than an issue's."""
    return "d" if discussions.node_of(connection, asked.repo_id, asked.number) else ""


def _known(
    connection: Connection, asked: Request, prefix: str
) -> tuple[dict[str, tuple[int, bool]], dict[int, list[str]]]:
    """Give the reactions that we know of the thread as it is, and those that stand from before."""
    found = ballots.evidence(connection, ballots.subject_of(asked.node_id), "reaction")
    known = {key: one for key, one in found.items() if key.startswith("d") == bool(prefix)}
    earlier: dict[int, list[str]] = {}
    for key, (who, still) in found.items():
        if key not in known and still:
            earlier.setdefault(who, []).append(key)
    return known, earlier


def take_in(
    connection: Connection,
    asked: Request,
    reactions: Sequence[Reaction],
    total: int,
    limit: int,
    now: datetime,
) -> int:
    """Hold the ledger against every 👍 under a thread, read whole; says how many acts were new.

    `total` is what GitHub's list of issues counted before they were read.
    """
    prefix = _prefix(connection, asked)
    known, earlier = _known(connection, asked, prefix)
    there = {f"{prefix}{one.id}" for one in reactions}
    acts: list[Act] = []
    for one in reactions:
        if one.user is None or not may_vote(one.user):
            continue
        evidence = f"{prefix}{one.id}"
        _person, still = known.get(evidence, (0, False))
        if not still:
            # What was taken for gone and is there again, is there from now on.
            at = now if evidence in known else one.created_at
            acts.append(Act(one.user.id, "cast", "for", "reaction", evidence, at))
            people.note(connection, one.user.id, one.user, now)
            # The 👍 that they gave while it was an issue is this one, or was given anew.
            acts += [
                Act(one.user.id, "undone", "withdrawn", "reaction", before, now)
                for before in earlier.get(one.user.id, ())
            ]
    for evidence, (person, still) in known.items():
        if still and evidence not in there:
            acts.append(Act(person, "undone", "withdrawn", "reaction", evidence, now))
    for act in acts:
        votes.cast(connection, asked, act, limit, now)
    here = update(request).where(request.c.id == asked.id)
    connection.execute(here.values(reactions_seen=total, swept_at=now))
    return len(acts)
