"""Which company's word a row of the ledger rests on: looked up when it is read, since names change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from licensing.companies import reading
from licensing.companies.tables import acknowledgement
from licensing.coverage import Covered
from licensing.ledger import evidence
from licensing.tables import agreement, record


@dataclass(frozen=True)
class Word:
    """A company's word for a person: `record` is the place of the person's acknowledgement.

    `company` is the company's number, under which its record stands in the same chain.
    """

    company: int
    name: str
    record: int


@dataclass(frozen=True)
class Told:
    """A row of the ledger as it is shown: `word` where it rests on a company's."""

    row: Covered
    word: Word | None


def told(connection: Connection, rows: Iterable[Covered]) -> tuple[Told, ...]:
    """Say of each row by which company's word it was let in; a few queries for each agreement."""
    rows = tuple(rows)
    people: dict[tuple[str, int], set[int]] = {}
    for row in rows:
        if row.rule == "company" and row.scope and row.scope_id and row.holder_id:
            people.setdefault((row.scope, row.scope_id), set()).add(row.holder_id)
    words: dict[tuple[str | None, int | None, str | None], Word] = {}
    for (scope, scope_id), theirs in people.items():
        found = _words(connection, scope, scope_id, theirs)
        words |= {(scope, scope_id, proof): word for proof, word in found.items()}
    return tuple(Told(row, words.get((row.scope, row.scope_id, row.evidence))) for row in rows)


def _words(
    connection: Connection, scope: str, scope_id: int, people: Collection[int]
) -> dict[str, Word]:
    """Give what these people acknowledged under an agreement, by the evidence of the record."""
    said = acknowledgement.c
    rows = connection.execute(
        select(said.agreement_id, said.company, said.sequence, record.c.record)
        .join(agreement, agreement.c.id == said.agreement_id)
        .join(
            record,
            (record.c.agreement_id == said.agreement_id) & (record.c.sequence == said.sequence),
        )
        .where(
            agreement.c.scope == scope,
            agreement.c.scope_id == scope_id,
            said.github_id.in_(people),
        )
    ).all()
    if not rows:
        return {}
    names = reading.names(connection, rows[0].agreement_id, {row.company for row in rows})
    return {
        evidence(row.record): Word(row.company, names.get(row.company, ""), row.sequence)
        for row in rows
    }
