"""A vote through the page: a person's act with the form as evidence, so that a double click is one."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select

from bot import policies
from bot.policy import Roadmap
from bot.roadmap import ballots, facts, votes
from bot.roadmap.rules import Act, Choice
from bot.roadmap.store import Request, by_id
from bot.roadmap.tables import request

Outcome = Literal["cast", "withdrawn", "unchanged", "closed"]
INSTANT = timedelta(microseconds=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


@dataclass(frozen=True)
class Click:
    """A form that was sent: `token` is what it was shown with, once for every showing."""

    github_id: int
    choice: Choice
    token: str
    at: datetime


def token() -> str:
    """Make the evidence of a form that is about to be shown."""
    return secrets.token_urlsafe(16)


def is_token(said: str) -> bool:
    """Say whether a form may have come with this."""
    return _TOKEN.fullmatch(said) is not None


def rules_of(connection: Connection, repo_id: int) -> Roadmap:
    """Give what the repository's file says of its roadmap, as last read."""
    found = policies.rules(connection, repo_id).policy
    return found.roadmap if found else Roadmap()


def click(connection: Connection, asked: Request, given: Click) -> Outcome:
    """Cast a vote on a request, or withdraw all that the person has in its group.

    What stands already is not written again, and a form that is sent again does nothing.
    """
    limit = rules_of(connection, asked.repo_id).votes_per_person
    if given.choice == "for":
        return _act(connection, asked, given, limit)
    own = facts.own_votes(connection, asked.root_id, given.github_id)
    outcome: Outcome = "unchanged"
    for one in own:
        found = by_id(connection, one.request_id)
        if found and _act(connection, found, given, limit) == "withdrawn":
            outcome = "withdrawn"
    return outcome


def _act(connection: Connection, asked: Request, given: Click, limit: int) -> Outcome:
    subject = ballots.subject_of(asked.node_id)
    ballots.hold(connection, subject)
    # Only now: it may have been closed, or this form sent, while we waited for our turn.
    state = connection.scalar(select(request.c.state).where(request.c.id == asked.root_id))
    if state != votes.OPEN:
        return "closed"
    before = ballots.acts(connection, subject, given.github_id)
    if any(act.door == "web" and act.evidence == given.token for act in before):
        return "unchanged"
    stands = ballots.stands(connection, subject, given.github_id)
    if (stands is not None) == (given.choice == "for"):
        return "unchanged"
    # Whoever acts here has seen what stood: GitHub's clock may be ahead of ours, and must not win.
    at = max([given.at, *(act.acted_at + INSTANT for act in before)])
    act = Act(given.github_id, "cast", given.choice, "web", given.token, at)
    votes.cast(connection, asked, act, limit, given.at)
    return "cast" if given.choice == "for" else "withdrawn"
