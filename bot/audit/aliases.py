"""What stewards said of people who look alike: the same person, or not; each time with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from bot.audit.tables import audit_alias, audit_alias_named
from core.errors import UserError
from licensing.audit.erased import digested, without_addresses

SHORTEST_REASON = 10
LONGEST_REASON = 500
LONGEST_KEY = 400


@dataclass(frozen=True)
class Said:
    """One decision: `person` (a key such as `mail:ada@old.example`) is `same_as`, or is not."""

    person: str
    same_as: str
    accepted: bool
    steward_id: int
    reason: str
    decided_at: datetime


def decide(connection: Connection, repo_id: int, said: Said) -> None:
    """Write a decision down; the last one about a pair counts. Raises `UserError`."""
    reason = " ".join(said.reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise UserError(f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON} letters.")
    if max(len(said.person), len(said.same_as)) > LONGEST_KEY or said.person == said.same_as:
        raise UserError("These are not two people that were asked about.")
    values = {
        **said.__dict__,
        "repo_id": repo_id,
        "person": digested(said.person),
        "same_as": digested(said.same_as),
        "reason": without_addresses(reason),
    }
    wanted = insert(audit_alias).values(**values).returning(audit_alias.c.id)
    named = {"person": said.person, "same_as": said.same_as}
    number = connection.execute(wanted).scalar_one()
    connection.execute(insert(audit_alias_named).values(alias_id=number, **named))


def standing(connection: Connection, repo_id: int) -> Mapping[tuple[str, str], Said]:
    """Give what counts of each pair; addresses in it are hashed."""
    rows = connection.execute(
        select(
            audit_alias.c.person,
            audit_alias.c.same_as,
            audit_alias.c.accepted,
            audit_alias.c.steward_id,
            audit_alias.c.reason,
            audit_alias.c.decided_at,
        )
        .where(audit_alias.c.repo_id == repo_id)
        .order_by(audit_alias.c.id)
    )
    return {(row.person, row.same_as): Said(*row) for row in rows}


def readable(connection: Connection, repo_id: int) -> tuple[Said, ...]:
    """Give what counts, with the addresses that nobody had erased: for maintainers alone."""
    named = audit_alias_named.c
    rows = connection.execute(
        select(audit_alias.c.person, audit_alias.c.same_as, named.person, named.same_as)
        .join(audit_alias_named, named.alias_id == audit_alias.c.id)
        .where(audit_alias.c.repo_id == repo_id)
    )
    words = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    found = []
    for pair, said in standing(connection, repo_id).items():
        person, same_as = words.get(pair, pair)
        found.append(replace(said, person=person, same_as=same_as))
    return tuple(found)


def accepted(connection: Connection, repo_id: int) -> dict[str, str]:
    """Give whom each key was said to be, where somebody said so; addresses are hashed."""
    return {
        one.person: one.same_as for one in standing(connection, repo_id).values() if one.accepted
    }


def newest(connection: Connection, repo_id: int) -> int:
    """Give the number of the last decision, 0 where there is none."""
    found = connection.scalar(
        select(func.max(audit_alias.c.id)).where(audit_alias.c.repo_id == repo_id)
    )
    return int(found or 0)
