"""Asking the coverage ledger: who covers this commit, and what rests on this record?"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from licensing.coverage import coverage, covered, effective
from licensing.coverage_words import Told, told
from licensing.ledger import evidence
from licensing.tables import agreement, agreement_repository, record

AT_ONCE = 500
AFTER_HEX = "g"
"""Follows every digit of a commit's name, in any order of letters that databases have."""


@dataclass(frozen=True)
class Wanted:
    """Which rows: what is None is not asked for, all of it must fit.

    `commit` is the beginning of a commit's name: of one that was merged, of the one by which it
    landed, or of the copy that a rebase made. `person` is a number; `evidence` names a record.
    """

    repo_id: int | None = None
    commit: str | None = None
    number: int | None = None
    person: int | None = None
    evidence: str | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """The same as SQL."""
        parts = [
            column == value
            for column, value in (
                (coverage.c.repo_id, self.repo_id),
                (coverage.c.number, self.number),
                (coverage.c.holder_id, self.person),
                (coverage.c.evidence, self.evidence),
            )
            if value is not None
        ]
        if self.commit is not None:
            parts.append(_names(self.commit))
        return and_(*parts) if parts else coverage.c.id.is_not(None)


def _names(commit: str) -> ColumnElement[bool]:
    # A range, not LIKE: it uses the index on both databases.
    return or_(
        *(
            and_(column >= commit, column < commit + AFTER_HEX)
            for column in (coverage.c.sha, coverage.c.landed_sha, coverage.c.merge_sha)
        )
    )


@dataclass(frozen=True)
class Page:
    """Some rows, newest pull request first: page `number` of `last`, of `total` in all."""

    number: int
    last: int
    total: int
    rows: tuple[Told, ...]


def anything(connection: Connection) -> bool:
    """Say whether anything was merged yet, as far as the ledger knows."""
    return connection.scalar(select(coverage.c.id).limit(1)) is not None


def page(connection: Connection, wanted: Wanted, number: int, on_one: int) -> Page:
    """Give one page of what is wanted; a page beyond the last is the last."""
    query = effective().where(wanted.condition)
    total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    last = max(1, -(-total // on_one))
    number = min(max(1, number), last)
    rows = connection.execute(
        query.order_by(
            coverage.c.number.desc(), coverage.c.repo_id, coverage.c.place, coverage.c.entry
        )
        .limit(on_one)
        .offset((number - 1) * on_one)
    )
    return Page(number, last, total, told(connection, map(covered, rows)))


def all_of(
    read: Callable[[], AbstractContextManager[Connection]], wanted: Wanted
) -> Iterator[tuple[Told, ...]]:
    """Give everything that is wanted, oldest first, some rows at a time, holding nothing between."""
    order = (coverage.c.repo_id, coverage.c.number, coverage.c.place, coverage.c.entry)
    after: tuple[Any, ...] | None = None
    while True:
        query = effective().where(wanted.condition).order_by(*order).limit(AT_ONCE)
        if after is not None:
            query = query.where(tuple_(*order) > after)
        with read() as connection:
            rows = told(connection, map(covered, connection.execute(query)))
        if rows:
            yield rows
            last = rows[-1].row
            after = (last.repo_id, last.number, last.place, last.entry)
        if len(rows) < AT_ONCE:
            return


def evidence_at(connection: Connection, agreement_id: int, sequence: int) -> str | None:
    """Give the evidence of the record at a place of a chain, by which rows name it."""
    text = connection.scalar(
        select(record.c.record).where(
            record.c.agreement_id == agreement_id, record.c.sequence == sequence
        )
    )
    return evidence(text) if text is not None else None


def evidence_here(connection: Connection, repo_id: int, sequence: int) -> str | None:
    """Give the evidence of a record of the chain that a repository's agreement has; None for none."""
    found = head(connection, repo_id)
    return evidence_at(connection, found.agreement_id, sequence) if found else None


@dataclass(frozen=True)
class Head:
    """The public end of a chain: whoever keeps it can tell later whether anything was taken away."""

    agreement_id: int
    scope: str
    scope_id: int
    sequence: int
    hash: str


def head(connection: Connection, repo_id: int) -> Head | None:
    """Give the end of the chain of a repository's agreement; None where it never had one."""
    row = connection.execute(
        select(agreement)
        .join(agreement_repository, agreement_repository.c.agreement_id == agreement.c.id)
        .where(agreement_repository.c.repo_id == repo_id)
    ).one_or_none()
    if row is None:
        return None
    return Head(row.id, row.scope, row.scope_id, row.head_sequence, row.head_hash)
