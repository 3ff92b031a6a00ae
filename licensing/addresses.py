"""Addresses that people proved to be theirs, and which pull requests have commits without an account.

GitHub says which addresses it has verified for somebody who is signed in; the person chooses the
ones to rely on. A commit under such an address is theirs. One that two accounts proved is nobody's.

What GitHub could not link is noted as SHA-256 only: enough to find what an address would resolve.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import (
    BigInteger,
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

from core.db import UtcDateTime, metadata, upsert
from core.github import Account
from licensing.chain import sha256
from licensing.verdict import Verdict

AT_ONCE = 500

proven_address = Table(
    "proven_address",
    metadata,
    Column("address", String(254), primary_key=True),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False),
    Column("proven_at", UtcDateTime, nullable=False),
    Index("ix_proven_address_github", "github_id"),
)

unlinked_address = Table(
    "unlinked_address",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("address_sha256", String(64), primary_key=True),
    Index("ix_unlinked_address_sha256", "address_sha256"),
)


def prove(
    connection: Connection, account: Account, addresses: Iterable[str], now: datetime
) -> None:
    """Take it that these addresses, verified by GitHub just now, are this account's."""
    for address in sorted({one.lower() for one in addresses}):
        keys = {"address": address, "github_id": account.id}
        upsert(connection, proven_address, keys, {"login": account.login, "proven_at": now})


def forget(connection: Connection, github_id: int) -> int:
    """Erase every address that an account proved, and say how many."""
    mine = delete(proven_address).where(proven_address.c.github_id == github_id)
    return int(connection.execute(mine).rowcount)


def proven(connection: Connection, addresses: Collection[str]) -> dict[str, Account]:
    """Map those addresses, in lower case, that exactly one account proved, to that account."""
    wanted = sorted({one.lower() for one in addresses})
    found: dict[str, list[Account]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(proven_address).where(
                proven_address.c.address.in_(wanted[start : start + AT_ONCE])
            )
        )
        for row in rows:
            found.setdefault(row.address, []).append(Account(row.github_id, row.login))
    return {address: owners[0] for address, owners in found.items() if len(owners) == 1}


def rivals(connection: Connection, github_id: int, addresses: Collection[str]) -> tuple[int, ...]:
    """Give the other accounts that proved any of these addresses."""
    rows = connection.scalars(
        select(proven_address.c.github_id)
        .where(
            proven_address.c.address.in_(sorted({one.lower() for one in addresses})),
            proven_address.c.github_id != github_id,
        )
        .distinct()
        .order_by(proven_address.c.github_id)
    )
    return tuple(rows)


def relied_on(connection: Connection, github_id: int) -> tuple[str, ...]:
    """Give the addresses that an account proved, sorted; for that very person only."""
    rows = connection.scalars(
        select(proven_address.c.address)
        .where(proven_address.c.github_id == github_id)
        .order_by(proven_address.c.address)
    )
    return tuple(rows)


def note_unlinked(
    connection: Connection, repo_id: int, number: int, verdict: Verdict | None
) -> None:
    """Write down which addresses keep a pull request waiting; none where it waits for nobody."""
    wanted = {
        sha256(one.email.lower().encode())
        for one in (verdict.unresolved if verdict else ())
        if "@" in one.email
    }
    table = unlinked_address
    here = (table.c.repo_id == repo_id) & (table.c.number == number)
    known = set(connection.scalars(select(table.c.address_sha256).where(here)))
    if known - wanted:
        gone = here & table.c.address_sha256.in_(sorted(known - wanted))
        connection.execute(delete(table).where(gone))
    for digest in sorted(wanted - known):
        values = {"repo_id": repo_id, "number": number, "address_sha256": digest}
        connection.execute(insert(table).values(values))


def unlinked_with(
    connection: Connection, addresses: Collection[str]
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Map each address that would resolve something to the (repo_id, number) that wait for it."""
    digests = {sha256(one.lower().encode()): one.lower() for one in addresses}
    table = unlinked_address
    rows = connection.execute(
        select(table)
        .where(table.c.address_sha256.in_(sorted(digests)))
        .order_by(table.c.repo_id, table.c.number)
    )
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for row in rows:
        address = digests[row.address_sha256]
        found[address] = (*found.get(address, ()), (row.repo_id, row.number))
    return found
