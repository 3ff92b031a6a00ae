"""Proof that what is owed to people is what was posted: each share of each reward, and splits in order."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from donations.payouts.store import SOURCE, account_of
from donations.payouts.tables import reward, share, split_said
from donations.tables import book, entry, transaction

Owed = dict[tuple[str, str], int]
"""By (account, currency), in minor units."""


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold; none where nothing was altered."""
    shares: dict[tuple[str, str], Owed] = {}
    for row in connection.execute(
        select(reward.c.book, reward.c.cause, reward.c.currency, share.c.github_id, share.c.minor)
        .outerjoin(share, share.c.reward_id == reward.c.id)
        .order_by(reward.c.id)
    ):
        owed = shares.setdefault((row.book, row.cause), {})
        if row.github_id is not None:
            owed[account_of(row.github_id), row.currency] = row.minor
    posted = _posted(connection)
    for key, owed in shares.items():
        if posted.get(key, {}) != owed:
            yield f"payouts of {key[0]}: the shares of {key[1]} are not what was posted"
    yield from _splits(connection)


def _posted(connection: Connection) -> dict[tuple[str, str], Owed]:
    """Give what each reward's own posting owes to people."""
    there = (transaction.c.book_id == entry.c.book_id) & (
        transaction.c.sequence == entry.c.sequence
    )
    rows = connection.execute(
        select(
            book.c.name,
            transaction.c.external_id,
            entry.c.account,
            entry.c.currency,
            func.sum(-entry.c.minor).label("minor"),
        )
        .join(entry, there)
        .join(book, book.c.id == transaction.c.book_id)
        .join(reward, reward.c.cause == transaction.c.external_id)
        .where(transaction.c.source == SOURCE, entry.c.account.startswith("owed:person-"))
        # Out of what somebody declined others get theirs: only what is owed anew counts.
        .where(entry.c.minor < 0)
        .group_by(book.c.name, transaction.c.external_id, entry.c.account, entry.c.currency)
    )
    found: dict[tuple[str, str], Owed] = {}
    for row in rows:
        sums = found.setdefault((row.name, row.external_id), {})
        sums[row.account, row.currency] = int(row.minor)
    return found


def _splits(connection: Connection) -> Iterator[str]:
    """Name requests of whose splits a version was taken away."""
    rows = connection.execute(
        select(
            split_said.c.about,
            func.count().label("versions"),
            func.max(split_said.c.version).label("last"),
        ).group_by(split_said.c.about)
    )
    for row in rows:
        if row.versions != row.last:
            yield f"splits of {row.about}: {row.versions} versions are there, and the last is {row.last}"
