"""Whether what has shipped does people's job: one answer for each person, with its history.

Acts stand in the ledger of ballots, in a box of their own for each request; the words stand
beside them and can be taken back.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, or_, select

from bot.credits import store as credit_store
from bot.credits.store import Given
from bot.roadmap import ballots
from bot.roadmap.loop.rules import ANSWERS
from bot.roadmap.loop.tables import answer
from bot.roadmap.rules import Act
from bot.roadmap.store import Request
from bot.roadmap.tables import request, vote
from core.db import upsert
from core.github import Account

MOST_SHOWN = 50


@dataclass(frozen=True)
class Answered:
    """What somebody answered; `login` is empty once it was erased."""

    github_id: int
    login: str
    choice: str
    words: str
    answered_at: datetime


@dataclass(frozen=True)
class Counted:
    """How many gave each answer, how many of them had wanted it, how many said why."""

    counts: tuple[tuple[str, int], ...]
    wanted: tuple[tuple[str, int], ...] = ()
    with_words: int = 0

    @property
    def total(self) -> int:
        """How many answered."""
        return sum(number for _choice, number in self.counts)

    @property
    def by_wanting(self) -> int:
        """How many of them had wanted it."""
        return sum(number for _choice, number in self.wanted)


def subject_of(asked: Request) -> str:
    """Name the box of the answers to a request."""
    return f"works:{asked.node_id}"


def take(
    connection: Connection, asked: Request, who: Account, act: Act, words: str, now: datetime
) -> bool:
    """Take an act into the ledger and hold the answer against it; False where it was known."""
    subject = subject_of(asked)
    if not ballots.record(connection, subject, act, now):
        return False
    _settle(connection, asked, who, act, words)
    if words and act.deed == "cast" and act.choice != "withdrawn":
        given = Given(
            repo_id=asked.repo_id,
            github_id=who.id,
            kind="userTesting",
            deed="tested",
            subject=f"issues/{asked.number}",
            evidence=f"works:{asked.id}",
            credited_at=act.acted_at,
        )
        credit_store.give(connection, given, who, now)
    return True


def _settle(connection: Connection, asked: Request, who: Account, act: Act, words: str) -> None:
    stands = ballots.stands(connection, subject_of(asked), who.id)
    key = {"request_id": asked.id, "github_id": who.id}
    if stands is None:
        connection.execute(delete(answer).where(_own(asked, who.id)))
        return
    kept = own(connection, asked, who.id)
    if stands != act:
        if kept is not None and kept.answered_at == stands.acted_at:
            # What was heard just now came before what stands.
            return
        # An earlier answer stands again: its words went with the later one.
        words = ""
    values = {
        "login": who.login,
        "choice": stands.choice,
        "words": words,
        "door": stands.door,
        "evidence": stands.evidence,
        "answered_at": stands.acted_at,
    }
    upsert(connection, answer, key, values)


def _own(asked: Request, github_id: int) -> ColumnElement[bool]:
    return (answer.c.request_id == asked.id) & (answer.c.github_id == github_id)


def own(connection: Connection, asked: Request, github_id: int) -> Answered | None:
    """Give what somebody answered."""
    row = connection.execute(select(answer).where(_own(asked, github_id))).one_or_none()
    if row is None:
        return None
    return Answered(row.github_id, row.login, row.choice, row.words, row.answered_at)


def rests_on(connection: Connection, github_id: int, evidence: str) -> list[int]:
    """Give the requests on which somebody's answer rests on a comment."""
    found = select(answer.c.request_id).where(
        answer.c.github_id == github_id,
        answer.c.door == "comment",
        answer.c.evidence == evidence,
    )
    return list(connection.scalars(found))


def listed(connection: Connection, asked: Request) -> tuple[Answered, ...]:
    """Give the newest answers that come with words."""
    here = (answer.c.request_id == asked.id) & (answer.c.words != "")
    newest = (answer.c.answered_at.desc(), answer.c.github_id)
    rows = connection.execute(select(answer).where(here).order_by(*newest).limit(MOST_SHOWN))
    return tuple(
        Answered(row.github_id, row.login, row.choice, row.words, row.answered_at) for row in rows
    )


def counted(connection: Connection, asked: Request) -> Counted:
    """Count the answers, and apart from them those of people who had wanted it."""
    theirs = request.c.root_id == asked.root_id
    voted = (
        exists()
        .where(vote.c.github_id == answer.c.github_id)
        .where(vote.c.request_id == request.c.id, theirs)
    )
    asked_it = exists().where(request.c.author_id == answer.c.github_id, theirs)
    wanted = case((or_(voted, asked_it), 1), else_=0)
    rows = connection.execute(
        select(
            answer.c.choice,
            func.count().label("number"),
            func.sum(wanted).label("wanted"),
            func.sum(case((answer.c.words != "", 1), else_=0)).label("with_words"),
        )
        .where(answer.c.request_id == asked.id)
        .group_by(answer.c.choice)
    )
    found = {row.choice: row for row in rows}
    return Counted(
        counts=tuple((one, found[one].number if one in found else 0) for one in ANSWERS),
        wanted=tuple((one, int(found[one].wanted) if one in found else 0) for one in ANSWERS),
        with_words=sum(int(row.with_words) for row in found.values()),
    )
