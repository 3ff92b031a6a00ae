"""On whose word the check of each open pull request rests, and on which version of the agreement.

It says which pull requests a withdrawal concerns, and lets one that was green when a new MAJOR
came stay so while its commits stay the same. None of it is proof: whether the word still
counts is asked of `licensing.bases` each time.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
)

from core.db import metadata
from licensing import store
from licensing.bases import Basis, bases
from licensing.tables import agreement_version
from licensing.versions import AgreementVersion

reliance = Table(
    "reliance",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("head_sha", String(64), nullable=False),
    Column("version_id", ForeignKey("agreement_version.id"), nullable=False),
    Index("ix_reliance_person", "github_id"),
)


def covered(
    connection: Connection,
    version: AgreementVersion,
    thread: tuple[int, int, str],
    people: Collection[int],
    now: datetime,
) -> dict[int, Basis]:
    """Give the basis of each of `people` who is covered in this pull request; the rest are missing.

    `thread` is (repo_id, number, head). Who is not covered for `version` stays covered by an
    older one, if the check of this very head was green by it and it still counts for them.
    """
    found = bases(connection, version, people, now)
    rest = [one for one in people if one not in found]
    for older, kept in kept_under(connection, version, thread, rest):
        found |= bases(connection, older, kept, now)
    return found


def kept_under(
    connection: Connection,
    version: AgreementVersion,
    thread: tuple[int, int, str],
    people: Collection[int],
) -> tuple[tuple[AgreementVersion, list[int]], ...]:
    """Give the older versions on which this very head rested when it was green, each with whom.

    Only those of `people` who are not covered for `version` should be asked about.
    """
    by_version: defaultdict[int, list[int]] = defaultdict(list)
    for github_id, version_id in _kept(connection, thread).items() if people else ():
        if github_id in people and version_id != version.id:
            by_version[version_id].append(github_id)
    older = {version_id: store.version(connection, version_id) for version_id in by_version}
    return tuple(
        (one, by_version[version_id])
        for version_id, one in sorted(older.items())
        if one is not None and one.agreement_id == version.agreement_id
    )


def note(
    connection: Connection,
    version: AgreementVersion,
    thread: tuple[int, int, str],
    relied_on: Mapping[int, Basis],
    *,
    green: bool,
) -> None:
    """Write down on whom a judgement rests. One that is not green keeps what stood for this head."""
    repo_id, number, head_sha = thread
    here = (reliance.c.repo_id == repo_id) & (reliance.c.number == number)
    before = _kept(connection, thread)
    wanted = {
        github_id: version.id
        if int(basis.version.partition(".")[0]) == version.major
        else before.get(github_id, version.id)
        for github_id, basis in relied_on.items()
        if green or github_id in before
    }
    stale = reliance.c.head_sha != head_sha
    if wanted == before and not connection.scalar(select(reliance.c.number).where(here, stale)):
        return
    connection.execute(delete(reliance).where(here))
    for github_id, version_id in wanted.items():
        values = {"repo_id": repo_id, "number": number, "github_id": github_id}
        connection.execute(
            insert(reliance).values(values | {"head_sha": head_sha, "version_id": version_id})
        )


def relies_under(
    connection: Connection, agreement_id: int, github_id: int
) -> tuple[tuple[int, int], ...]:
    """Give as (repo_id, number) what rests on a person's word about an agreement."""
    rows = connection.execute(
        select(reliance.c.repo_id, reliance.c.number)
        .join(agreement_version, agreement_version.c.id == reliance.c.version_id)
        .where(agreement_version.c.agreement_id == agreement_id)
        .where(reliance.c.github_id == github_id)
        .order_by(reliance.c.repo_id, reliance.c.number)
    )
    return tuple((row.repo_id, row.number) for row in rows)


def relies_on(connection: Connection, github_id: int) -> tuple[tuple[int, int], ...]:
    """Give as (repo_id, number) everything that rests on a person's word, under any agreement."""
    rows = connection.execute(
        select(reliance.c.repo_id, reliance.c.number)
        .where(reliance.c.github_id == github_id)
        .order_by(reliance.c.repo_id, reliance.c.number)
    )
    return tuple((row.repo_id, row.number) for row in rows)


def _kept(connection: Connection, thread: tuple[int, int, str]) -> dict[int, int]:
    repo_id, number, head_sha = thread
    rows = connection.execute(
        select(reliance.c.github_id, reliance.c.version_id)
        .where(reliance.c.repo_id == repo_id, reliance.c.number == number)
        .where(reliance.c.head_sha == head_sha)
    )
    return {row.github_id: row.version_id for row in rows}
