"""Splits as they were said, version by version, and the merged work that the project's rule counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from core.db import insert_once
from donations.payouts.rules import Split
from donations.payouts.tables import merged_work, reverted_work, split_said

AT_ONCE = 500
"""So many names fit into one query on both databases."""


@dataclass(frozen=True)
class Revert:
    """A merged pull request that took an earlier one back out, who merged it, and when."""

    number: int
    by_id: int
    at: datetime


def say(connection: Connection, about: str, said: Split, evidence: str, now: datetime) -> bool:
    """Write down another version of who gets what; whoever calls holds the request's purse."""
    last = select(func.coalesce(func.max(split_said.c.version), 0)).where(
        split_said.c.about == about
    )
    values = {
        "about": about,
        "version": 1 + int(connection.scalar(last) or 0),
        "shares": [list(one) for one in said.shares],
        "reason": said.reason,
        "by_id": said.by_id,
        "evidence": evidence,
        "said_at": said.said_at or now,
        "recorded_at": now,
    }
    return insert_once(connection, split_said, values)


def versions(connection: Connection, about: str) -> tuple[Split, ...]:
    """Give every version that was said, the oldest first."""
    rows = connection.execute(
        select(split_said).where(split_said.c.about == about).order_by(split_said.c.version)
    )
    return tuple(_split(row) for row in rows)


def merged(
    connection: Connection, repo_id: int, number: int, about: str, who: int, at: datetime
) -> bool:
    """Write down that somebody's work for a request was merged; says whether it is news."""
    values = {"repo_id": repo_id, "number": number, "about": about}
    return insert_once(connection, merged_work, values | {"github_id": who, "merged_at": at})


def builders(connection: Connection, about: str, until: datetime | None) -> Sequence[int]:
    """Give those whose work for a request was merged by then, each once, the first first."""
    here = select(merged_work.c.github_id).where(merged_work.c.about == about)
    if until is not None:
        here = here.where(merged_work.c.merged_at <= until)
    rows = connection.scalars(here.order_by(merged_work.c.merged_at, merged_work.c.number))
    return tuple(dict.fromkeys(rows))


def builders_of_each(
    connection: Connection, abouts: Sequence[str], until: datetime | None
) -> Sequence[int]:
    """Give those whose work was merged for any of several requests, in their order: few queries."""
    own, by = merged_work.c, dict[str, list[int]]()
    for start in range(0, len(abouts), AT_ONCE):
        found = select(own.about, own.github_id).where(
            own.about.in_(abouts[start : start + AT_ONCE])
        )
        if until is not None:
            found = found.where(own.merged_at <= until)
        for about, who in connection.execute(found.order_by(own.merged_at, own.number)):
            by.setdefault(about, []).append(who)
    return tuple(dict.fromkeys(who for about in abouts for who in by.get(about, ())))


def reverted(connection: Connection, repo_id: int, number: int, by: Revert) -> None:
    """Write down that a pull request was taken back out, though we may not know of it yet."""
    values = {"repo_id": repo_id, "number": number, "by_number": by.number}
    insert_once(connection, reverted_work, values | {"by_id": by.by_id, "at": by.at})


def reverts_of(
    connection: Connection, repo_id: int, number: int
) -> tuple[tuple[str, Revert], ...]:
    """Give each request for which a pull request was merged, with each merge that undid that later.

    Whoever names a pull request before it is merged takes nothing out.
    """
    own, by = merged_work.c, reverted_work.c
    found = (
        select(own.about, by.by_number, by.by_id, by.at)
        .join(reverted_work, (by.repo_id == own.repo_id) & (by.number == own.number))
        .where(own.repo_id == repo_id, own.number == number, own.merged_at <= by.at)
        .order_by(own.about, by.at, by.by_number)
    )
    rows = connection.execute(found)
    return tuple((row.about, Revert(row.by_number, row.by_id, row.at)) for row in rows)


def _split(row: Row[Any]) -> Split:
    shares = tuple((who, weight) for who, weight in row.shares)
    return Split(shares, row.version, row.by_id, row.said_at, row.reason)
