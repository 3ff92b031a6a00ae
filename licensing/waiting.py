"""What each pull request was last judged to be and for whom it waits; merges looked into; bots met.

None of it is proof: it is what lets us ask GitHub less, and find what a signature sets free.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from core.db import UtcDateTime, insert_once, metadata, upsert
from core.queue import BIG_ID
from licensing import addresses
from licensing.tables import agreement_repository
from licensing.verdict import Verdict

verdict = Table(
    "verdict",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("head_sha", String(64), nullable=False),
    Column("base_ref", Text, nullable=False),
    Column("conclusion", String(16), nullable=False),
    Column("rules", String(64), nullable=False),
    Column("commented", Boolean(name="commented"), nullable=False),
    Column("judged_at", UtcDateTime, nullable=False),
    Index("ix_verdict_judged_at", "repo_id", "judged_at"),
)

waiting = Table(
    "waiting",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("github_id", BigInteger),
    Column("reason", String(16), nullable=False),
    Index("ix_waiting_thread", "repo_id", "number"),
    Index("ix_waiting_person", "repo_id", "github_id"),
)

merge = Table(
    "inspected_merge",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sha", String(64), primary_key=True),
    Column("adds_nothing", Boolean(name="adds_nothing"), nullable=False),
)

judged = Table(
    "judged_head",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sha", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
)

bot = Table(
    "exempt_bot",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", String(64), primary_key=True),
    Column("github_id", BigInteger, nullable=False),
)


@dataclass(frozen=True)
class Last:
    """The last judgement of a pull request; `rules` names the rules and the text it rests on."""

    head_sha: str
    base_ref: str
    conclusion: str
    rules: str
    commented: bool
    judged_at: datetime


def last(connection: Connection, repo_id: int, number: int) -> Last | None:
    """Give the last judgement of a pull request, if there is one."""
    row = connection.execute(
        select(verdict).where(verdict.c.repo_id == repo_id, verdict.c.number == number)
    ).one_or_none()
    if row is None:
        return None
    return Last(
        row.head_sha, row.base_ref, row.conclusion, row.rules, row.commented, row.judged_at
    )


def note(connection: Connection, repo_id: int, number: int, found: Last) -> None:
    """Write down a judgement."""
    values = {
        "head_sha": found.head_sha,
        "base_ref": found.base_ref,
        "conclusion": found.conclusion,
        "rules": found.rules,
        "commented": found.commented,
        "judged_at": found.judged_at,
    }
    upsert(connection, verdict, {"repo_id": repo_id, "number": number}, values)


def note_waiting(connection: Connection, repo_id: int, number: int, found: Verdict | None) -> None:
    """Write down for whom a pull request waits; None where it waits for nobody any more."""
    addresses.note_unlinked(connection, repo_id, number, found)
    wanted: list[tuple[int | None, str]] = []
    if found is not None:
        wanted += [(person.id, "missing") for person in found.missing]
        wanted += [(person.id, "undeclared") for person in found.undeclared]
        wanted += [(github_id, "unsigned") for github_id in _bare(found)]
        wanted += [(None, item.problem) for item in found.unresolved]
    here = (waiting.c.repo_id == repo_id) & (waiting.c.number == number)
    rows = connection.execute(
        select(waiting.c.github_id, waiting.c.reason).where(here).order_by(waiting.c.id)
    ).all()
    if [tuple(row) for row in rows] == wanted:
        return
    connection.execute(delete(waiting).where(here))
    for github_id, reason in wanted:
        connection.execute(
            insert(waiting).values(
                repo_id=repo_id, number=number, github_id=github_id, reason=reason
            )
        )


def _bare(found: Verdict) -> list[int | None]:
    """Give whose sign-offs are missing, each once; None for each whom only an address names."""
    bare = {(one.sha, one.role, one.email) for one in found.unsigned}
    holders = [one for one in found.holdings if (one.sha, one.role, one.email) in bare]
    known = dict.fromkeys(one.id for one in holders if one.id is not None)
    unknown = dict.fromkeys(one.email for one in holders if one.id is None)
    return [*known, *(None for _email in unknown)]


def waits_for(connection: Connection, repo_id: int, github_id: int) -> tuple[int, ...]:
    """Give the numbers of the pull requests that wait for a person."""
    rows = connection.scalars(
        select(waiting.c.number)
        .where(waiting.c.repo_id == repo_id, waiting.c.github_id == github_id)
        .order_by(waiting.c.number)
    )
    return tuple(dict.fromkeys(rows))


def waits_under(
    connection: Connection, agreement_id: int, github_id: int
) -> tuple[tuple[int, int], ...]:
    """Give as (repo_id, number) what waits for a person in the repositories of an agreement."""
    served = select(agreement_repository.c.repo_id).where(
        agreement_repository.c.agreement_id == agreement_id, agreement_repository.c.active
    )
    rows = connection.execute(
        select(waiting.c.repo_id, waiting.c.number)
        .where(waiting.c.github_id == github_id, waiting.c.repo_id.in_(served))
        .order_by(waiting.c.repo_id, waiting.c.number)
    )
    return tuple(dict.fromkeys((row.repo_id, row.number) for row in rows))


def note_judged(connection: Connection, repo_id: int, sha: str, number: int) -> None:
    """Remember that a pull request once had this head."""
    insert_once(connection, judged, {"repo_id": repo_id, "sha": sha, "number": number})


def judged_with(connection: Connection, repo_id: int, sha: str) -> tuple[int, ...]:
    """Give the numbers of the pull requests that have, or once had, this head."""
    rows = connection.scalars(
        select(judged.c.number)
        .where(judged.c.repo_id == repo_id, judged.c.sha == sha)
        .order_by(judged.c.number)
    )
    return tuple(rows)


def inspected(connection: Connection, repo_id: int, shas: Collection[str]) -> dict[str, bool]:
    """Give what was found out about merges: True for one that adds nothing of its own."""
    rows = connection.execute(
        select(merge.c.sha, merge.c.adds_nothing).where(
            merge.c.repo_id == repo_id, merge.c.sha.in_(shas)
        )
    )
    return {row.sha: row.adds_nothing for row in rows}


def note_inspected(connection: Connection, repo_id: int, sha: str, *, adds_nothing: bool) -> None:
    """Write down what was found out about a merge: a commit never changes."""
    values = {"repo_id": repo_id, "sha": sha, "adds_nothing": adds_nothing}
    insert_once(connection, merge, values)


def known_bots(
    connection: Connection, repo_id: int, logins: Collection[str]
) -> dict[str, int | None]:
    """Map each lower-case login to the number that it was first seen with, None if never seen."""
    rows = connection.execute(
        select(bot.c.login, bot.c.github_id).where(
            bot.c.repo_id == repo_id, bot.c.login.in_(logins)
        )
    )
    return dict.fromkeys(logins) | {row.login: row.github_id for row in rows}


def note_bot(connection: Connection, repo_id: int, login: str, github_id: int) -> None:
    """Hold a listed login to the bot that bore it first: logins change hands."""
    values = {"repo_id": repo_id, "login": login.lower(), "github_id": github_id}
    insert_once(connection, bot, values)
