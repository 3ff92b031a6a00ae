"""Saying who gets what of a request or a milestone: the comment and the page have the same rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot import people
from bot.awards import deciding
from bot.outcomes.store import Outcome
from bot.payouts import proposing
from bot.payouts.grammar import Line
from core.github import Account
from donations.payouts import splits
from donations.payouts.rules import Split
from donations.pledges import store as purses

INSTANT = timedelta(microseconds=1)

Named = Sequence[tuple[Account | None, int]]
"""Whose account each name is, None where it is none, with the weight; in the order of the line."""


@dataclass(frozen=True)
class Words:
    """Who said it, when, and by what: a comment or a form."""

    by: Account
    at: datetime
    evidence: str


def misnamed(found: Named, line: Line) -> tuple[str, ...]:
    """Say what is wrong with who is named: somebody is no person, or two names are one account."""
    for (who, _weight), (login, _) in zip(found, line.shares, strict=True):
        if not people.is_person(who):
            return "nobody", login
    different = {who.id for who, _weight in found if who is not None}
    return ("twice",) if len(different) < len(found) else ()


def say(
    connection: Connection, of: Outcome, found: Named, line: Line, words: Words, now: datetime
) -> str:
    """Write down who gets what; gives `done`, `known` where it was said so, or why it cannot be said.

    `frozen`: the work is accepted; `reason`: somebody works on it already.
    """
    purses.open_purse(connection, of.about, of.repo_id, now)
    purses.hold(connection, of.about)
    if why := _hindrance(connection, of, line, words.at):
        return why
    for who, _weight in found:
        if who is not None:
            people.note(connection, who.id, who, now)
    said = Split(
        tuple((who.id, weight) for who, weight in found if who is not None),
        by_id=words.by.id,
        said_at=words.at,
        reason=line.reason,
    )
    people.note(connection, words.by.id, words.by, now)
    is_new = splits.say(connection, of.about, said, words.evidence, now)
    return "done" if is_new else "known"


def after(connection: Connection, of: Outcome, now: datetime) -> datetime:
    """Give when a page's words are said: behind all that it showed, whosever clock is ahead."""
    said = (one.said_at for one in splits.versions(connection, of.about))
    return max([now, *(at + INSTANT for at in said if at is not None)])


def _hindrance(connection: Connection, of: Outcome, line: Line, at: datetime) -> str:
    """Say why it cannot be said now: it is frozen, or work began and there is no reason."""
    now = proposing.current(connection, of)
    if now.frozen_at is not None and at > now.frozen_at and now.split is not None:
        return "frozen"
    if not line.reason and deciding.work_began(connection, of):
        return "reason"
    return ""
