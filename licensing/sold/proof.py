"""What must hold in the books of licences: every chain, every file, and every licence that is off."""

from collections.abc import Iterator

from sqlalchemy import Connection, exists, select

from core.digests import parsed, sha256
from licensing.sold import acts
from licensing.sold.tables import act, book, file, licence, revocation


def problems(connection: Connection) -> Iterator[str]:
    """Name everything that does not hold, with whose licences it is about."""
    for repo_id in acts.sellers(connection):
        for one in acts.problems(connection, repo_id):
            yield f"licences of repository {repo_id}: {one}"
    yield from _files(connection)
    yield from _standings(connection)


def extents(connection: Connection) -> tuple[str, ...]:
    """Say what was looked at, and where each chain ends."""
    rows = connection.execute(select(book).order_by(book.c.repo_id))
    return tuple(
        f"licences of repository {row.repo_id}: {row.head_sequence} acts, head {row.head_hash}"
        for row in rows
    )


def _files(connection: Connection) -> Iterator[str]:
    issuing = ("issued", "renewed", "refiled")
    said = select(act.c.licence, act.c.record).where(act.c.kind.in_(issuing))
    known = {
        (row.licence, str(parsed(row.record).get("file"))) for row in connection.execute(said)
    }
    for row in connection.execute(select(file).order_by(file.c.id)):
        if row.token and sha256(row.token.encode()) != row.sha256:
            yield f"file {row.id} of licence {row.licence_id} was changed: its hash does not fit"
        if (row.licence_id, row.sha256) not in known:
            yield f"file {row.id} of licence {row.licence_id} was issued by no act"


def _standings(connection: Connection) -> Iterator[str]:
    stands = exists().where(
        revocation.c.licence_id == licence.c.id, revocation.c.lifted_at.is_(None)
    )
    wrong = select(licence.c.id).where(licence.c.revoked_at.is_(None) == stands)
    for one in connection.scalars(wrong.order_by(licence.c.id)):
        yield f"licence {one} is off without a reason, or holds in spite of one"
