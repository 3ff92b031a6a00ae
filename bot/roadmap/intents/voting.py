"""A vote on the offers of a call, or the entries of a contest, through either door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.roadmap.intents import approving, standing
from bot.roadmap.intents.values import Call, Contest
from bot.roadmap.rules import Door
from bot.roadmap.store import Request

Outcome = Literal["voted", "early", "late", "unchanged", "decided", "not_votes"]


@dataclass(frozen=True)
class Given:
    """A whole ballot: everybody to whom somebody says yes, through which door, by what evidence."""

    person: int
    chosen: frozenset[int]
    door: Door
    evidence: str
    at: datetime


def among(latest: Call | Contest) -> list[int]:
    """Give the people whose offers or entries can be chosen."""
    if isinstance(latest, Call):
        return [one.bidder for one in latest.offers]
    return [one.author for one in latest.entries]


def is_by_vote(latest: Call | Contest) -> bool:
    """Say whether people vote on it: not where a maintainer chooses, nor once they have to."""
    if isinstance(latest, Contest):
        return True
    return latest.method == "backers" and latest.ending != "unvoted"


def vote(connection: Connection, asked: Request, given: Given, now: datetime) -> Outcome:
    """Take a ballot, if the vote was on when the person acted."""
    latest = standing.newest(standing.stands(connection, asked.id))
    if latest is None or not is_by_vote(latest):
        return "not_votes"
    if given.at < latest.until:
        return "early"
    if given.at >= latest.vote_until:
        return "late"
    if latest.is_over(given.at):
        return "decided"
    changed = approving.choose(
        connection,
        asked,
        latest.round,
        among(latest),
        (given.person, given.chosen),
        (given.door, given.evidence),
        (given.at, now),
    )
    return "voted" if changed else "unchanged"
