"""Proof of what was shared, in a database: rules, statements, choices, and what the books say of them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from core.digests import canonical, parsed
from donations.sharing import checking
from donations.sharing.checking import KIND, SOURCE, Posted
from donations.sharing.tables import choice, rule, statement
from donations.tables import entry, transaction


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold; none where nothing was altered."""
    posted = _posted(connection)
    for part in _parts(connection):
        try:
            found = [*checking.problems(part, posted), *_choices(connection, part)]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            found = [f"a statement or rule cannot be read: {type(error).__name__} at {error}"]
        yield from (f"sharing of repository {part['repository']}: {one}" for one in found)


def extents(connection: Connection) -> tuple[str, ...]:
    """Say how much there is, with one hash over all: to be compared with one kept."""
    return checking.said_of(_parts(connection))


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Give each project's rules and statements (or those of one) as canonical JSON."""
    yield from (canonical(part) for part in _parts(connection, repo_id))


def _parts(connection: Connection, repo_id: int | None = None) -> Iterator[dict[str, Any]]:
    sellers = {
        number
        for table in (rule, statement)
        for number in connection.scalars(select(table.c.repo_id).distinct())
    }
    for number in sorted(sellers if repo_id is None else sellers & {repo_id}):
        written = select(rule).where(rule.c.repo_id == number).order_by(rule.c.number)
        made = (
            select(statement)
            .where(statement.c.repo_id == number)
            .order_by(statement.c.ends_at, statement.c.currency)
        )
        yield {
            "repository": number,
            "rules": [
                {
                    "number": row.number,
                    "sha256": row.sha256,
                    "text": row.text,
                    "frozen_at": row.frozen_at.isoformat(),
                }
                for row in connection.execute(written)
            ],
            "statements": [
                {
                    "period": row.period,
                    "currency": row.currency,
                    "ends_at": row.ends_at.isoformat(),
                    "rule_sha256": row.rule_sha256,
                    "sha256": row.sha256,
                    "text": row.text,
                    "made_at": row.made_at.isoformat(),
                }
                for row in connection.execute(made)
            ],
        }


def _choices(connection: Connection, part: dict[str, Any]) -> Iterator[str]:
    """Hold what statements say that people chose against what they chose last before."""
    made = {
        (row.period, row.currency): row.made_at
        for row in connection.execute(
            select(statement).where(statement.c.repo_id == part["repository"])
        )
    }
    rows = connection.execute(
        select(choice).where(choice.c.repo_id == part["repository"]).order_by(choice.c.id)
    ).all()
    for one in part["statements"]:
        at = made[one["period"], one["currency"]]
        last = {row.github_id: row.choice for row in rows if row.acted_at <= at}
        told = parsed(one["text"])
        concerned = {who for who, _kind, _thread in told["contributions"]}
        concerned |= set(told["rule"]["maintainer_ids"])
        wanted = {who: word for who, word in last.items() if who in concerned}
        if dict(told["choices"]) != wanted:
            yield (
                f"the statement of {one['period']} {one['currency']} does not go by what people chose"
            )


def _posted(connection: Connection) -> Posted:
    there = (transaction.c.book_id == entry.c.book_id) & (
        transaction.c.sequence == entry.c.sequence
    )
    rows = connection.execute(
        select(transaction.c.external_id, entry.c.account, entry.c.currency, entry.c.minor)
        .join(entry, there)
        .where(transaction.c.source == SOURCE, transaction.c.kind == KIND)
        .where(transaction.c.external_id.startswith("sharing:"))
    )
    found: dict[str, dict[tuple[str, str], int]] = {}
    for row in rows:
        sums, key = found.setdefault(row.external_id, {}), (row.account, row.currency)
        sums[key] = sums.get(key, 0) + row.minor
    return found
