"""Credits as they are written down, taken back, hidden and read.

A credit is a row that nothing changes. Whoever maintains the project takes one back, and gives it
again; whoever bears it declines it, and accepts it again: dated acts beside it, of each side the
last one counts. It stands as long as neither has taken it away.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    func,
    select,
)

from bot import policies
from bot.credits import names, tallying
from bot.credits.tables import credit, credit_act, credited
from bot.people import account
from core.db import insert_once
from core.github import Account

Deed = Literal[
    "given",
    "asked",
    "story",
    "tested",
    "coded",
    "reviewed",
    "backed",
    "imported",
]
"""What the credit is for in this house's words; given: somebody said so by `/credit`."""

Act = Literal["taken_back", "given_again", "declined", "accepted"]
ACTS: tuple[Act, ...] = get_args(Act)
_OTHER: dict[Act, Act] = {
    "taken_back": "given_again",
    "given_again": "taken_back",
    "declined": "accepted",
    "accepted": "declined",
}
LONGEST = 160


@dataclass(frozen=True)
class Given:
    """A credit to be written down.

    `subject` is the thread that it is about: `issues/12`, `pull/5`, or empty; `evidence` what
    makes it one and the same when it is heard again. `by_id` gave it, None where it follows from
    what GitHub or Potluck saw.
    """

    repo_id: int
    github_id: int
    kind: str
    deed: Deed
    subject: str
    evidence: str
    credited_at: datetime
    by_id: int | None = None


@dataclass(frozen=True)
class Credit:
    """A credit as it stands. `login` is empty where it is not known (any more).

    `taken_back_at` and `declined_at` are None where nobody did, or undid it since; `hides` says
    that the person wants none of theirs to be shown.
    """

    id: int
    repo_id: int
    github_id: int
    login: str
    kind: str
    deed: str
    subject: str
    evidence: str
    by_id: int | None
    credited_at: datetime
    taken_back_at: datetime | None = None
    declined_at: datetime | None = None
    hides: bool = False

    @property
    def stands(self) -> bool:
        """It is to be shown."""
        return self.taken_back_at is None and self.declined_at is None and not self.hides


def is_kept(connection: Connection, repo_id: int) -> bool:
    """Say whether a project keeps a register: its rules switch the roadmap on."""
    policy = policies.rules(connection, repo_id).policy
    return policy is not None and policy.roadmap.on


def give(connection: Connection, given: Given, who: Account | None, now: datetime) -> bool:
    """Write a credit down; False where it is there. `who` keeps the login beside it."""
    if who is not None:
        names.note(connection, who, now)
    else:
        fresh = {"github_id": given.github_id, "login": "", "noted_at": now, "hides": False}
        insert_once(connection, credited, fresh)
    values = {
        "repo_id": given.repo_id,
        "github_id": given.github_id,
        "kind": given.kind,
        "deed": given.deed,
        "subject": given.subject[:LONGEST],
        "evidence": given.evidence[:LONGEST],
        "by_id": given.by_id,
        "credited_at": given.credited_at,
        "recorded_at": now,
    }
    if not insert_once(connection, credit, values):
        return False
    tallying.settle(connection, given.repo_id, given.github_id, given.kind)
    return True


def act(
    connection: Connection, credit_id: int, deed: Act, by: int, evidence: str, acted_at: datetime
) -> bool:
    """Take a credit back or give it again, decline or accept it; False where that stands already."""
    sides = (deed, _OTHER[deed])
    here = (credit_act.c.credit_id == credit_id) & credit_act.c.deed.in_(sides)
    # Whoever comes at the same time waits for this row.
    connection.execute(select(credited.c.github_id).where(_bearer(credit_id)).with_for_update())
    last = connection.execute(select(credit_act.c.deed).where(here).order_by(*_LAST)).scalar()
    if last == deed or (last is None and deed in ("given_again", "accepted")):
        return False
    values = {
        "credit_id": credit_id,
        "deed": deed,
        "actor_id": by,
        "evidence": evidence[:LONGEST],
        "acted_at": acted_at,
    }
    if not insert_once(connection, credit_act, values):
        return False
    changed = connection.execute(select(credit).where(credit.c.id == credit_id)).one()
    tallying.settle(connection, changed.repo_id, changed.github_id, changed.kind)
    return True


def declined_on(connection: Connection, credit_id: int) -> str:
    """Give on what evidence a credit stands declined; empty where it does not."""
    here = (credit_act.c.credit_id == credit_id) & credit_act.c.deed.in_(("declined", "accepted"))
    words = select(credit_act.c.deed, credit_act.c.evidence).where(here).order_by(*_LAST)
    last = connection.execute(words).first()
    return str(last.evidence) if last and last.deed == "declined" else ""


def of_person(connection: Connection, github_id: int) -> tuple[Credit, ...]:
    """Give every credit of a person in all projects, newest first: also those that do not stand."""
    return _read(connection, credit.c.github_id == github_id, newest=True)


def of_repo(connection: Connection, repo_id: int) -> tuple[Credit, ...]:
    """Give every credit of a project, oldest first: also those that do not stand."""
    return _read(connection, credit.c.repo_id == repo_id)


def by_hand(connection: Connection, repo_id: int, github_id: int, subject: str) -> list[Credit]:
    """Give the credits of a person that were given by hand on one thread and stand."""
    where = (
        (credit.c.repo_id == repo_id)
        & (credit.c.github_id == github_id)
        & (credit.c.subject == subject)
        & (credit.c.deed == "given")
    )
    return [one for one in _read(connection, where) if one.taken_back_at is None]


def one(connection: Connection, credit_id: int) -> Credit | None:
    """Give a credit by its number."""
    return next(iter(_read(connection, credit.c.id == credit_id)), None)


def standing(found: Sequence[Credit]) -> tuple[Credit, ...]:
    """Give those that are to be shown."""
    return tuple(one for one in found if one.stands)


def of_people(
    connection: Connection, repo_id: int, github_ids: Collection[int]
) -> tuple[Credit, ...]:
    """Give every credit of some people in a project, oldest first."""
    theirs = (credit.c.repo_id == repo_id) & credit.c.github_id.in_(github_ids)
    return _read(connection, theirs)


def _bearer(credit_id: int) -> ColumnElement[bool]:
    person = select(credit.c.github_id).where(credit.c.id == credit_id).scalar_subquery()
    return credited.c.github_id == person


_LAST = (credit_act.c.acted_at.desc(), credit_act.c.id.desc())


def _read(
    connection: Connection, where: ColumnElement[bool], *, newest: bool = False
) -> tuple[Credit, ...]:
    login = func.coalesce(account.c.login, credited.c.login, "").label("login")
    order = (credit.c.credited_at, credit.c.id)
    rows = connection.execute(
        select(credit, login, func.coalesce(credited.c.hides, False).label("hides"))
        .outerjoin(credited, credited.c.github_id == credit.c.github_id)
        .outerjoin(account, account.c.id == credit.c.github_id)
        .where(where)
        .order_by(*(column.desc() for column in order) if newest else order)
    ).all()
    acts = _acts(connection, where) if rows else {}
    return tuple(_credit(row, acts) for row in rows)


def _acts(
    connection: Connection, where: ColumnElement[bool]
) -> dict[tuple[int, str], tuple[str, datetime]]:
    """Give the last act of each side on each credit: (deed, instant) by credit and side."""
    rows = connection.execute(
        select(credit_act.c.credit_id, credit_act.c.deed, credit_act.c.acted_at)
        .join(credit, credit.c.id == credit_act.c.credit_id)
        .where(where)
        .order_by(credit_act.c.acted_at, credit_act.c.id)
    )
    return {(row.credit_id, min(row.deed, _OTHER[row.deed])): row[1:] for row in rows}


def _credit(row: Row[Any], acts: dict[tuple[int, str], tuple[str, datetime]]) -> Credit:
    def since(deed: str, side: str) -> datetime | None:
        last = acts.get((row.id, side))
        return last[1] if last and last[0] == deed else None

    return Credit(
        id=row.id,
        repo_id=row.repo_id,
        github_id=row.github_id,
        login="" if row.hides else row.login,
        kind=row.kind,
        deed=row.deed,
        subject=row.subject,
        evidence=row.evidence,
        by_id=row.by_id,
        credited_at=row.credited_at,
        taken_back_at=since("taken_back", "given_again"),
        declined_at=since("declined", "accepted"),
        hides=bool(row.hides),
    )
