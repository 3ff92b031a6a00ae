"""What must hold in the books of licences: every chain, file, term, and licence that is off."""

from collections.abc import Iterator

from sqlalchemy import Connection, Row, exists, select

from core.digests import canonical, parsed, sha256
from licensing.sold import acts, chained, claims, reading
from licensing.sold.chained import FILING, Told
from licensing.sold.tables import act, book, file, licence, revocation


def problems(connection: Connection) -> Iterator[str]:
    """Name everything that does not hold, with whose licences it is about."""
    for repo_id in acts.sellers(connection):
        for one in acts.problems(connection, repo_id):
            yield f"licences of repository {repo_id}: {one}"
        for one in _of_rows(connection, repo_id):
            yield f"licences of repository {repo_id}: {one}"
    yield from _files(connection)
    yield from _standings(connection)


def extents(connection: Connection) -> tuple[str, ...]:
    """Say what was looked at, and where each chain ends."""
    rows = connection.execute(select(book).order_by(book.c.repo_id))
    return tuple(chained.said(row.repo_id, row.head_sequence, row.head_hash) for row in rows)


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Give each seller's chain (or that of one repository) as canonical JSON, for `chained.export_problems`.

    Nobody is named in it: who holds a licence stands beside the chain.
    """
    names = ("sequence", "record", "previous", "hash")
    columns = (act.c.sequence, act.c.record, act.c.previous_hash, act.c.hash)
    found = select(book).order_by(book.c.repo_id)
    if repo_id is not None:
        found = found.where(book.c.repo_id == repo_id)
    for row in connection.execute(found).all():
        wanted = select(*columns).where(act.c.repo_id == row.repo_id).order_by(act.c.sequence)
        yield canonical(
            {
                "repository": row.repo_id,
                "head": {"sequence": row.head_sequence, "hash": row.head_hash},
                "acts": [dict(zip(names, one, strict=True)) for one in connection.execute(wanted)],
                "revoked": _off(connection, row.repo_id),
                "number": row.revocations,
            }
        )


def _off(connection: Connection, repo_id: int) -> list[str]:
    here = (licence.c.repo_id == repo_id) & licence.c.revoked_at.is_not(None)
    return list(connection.scalars(select(licence.c.id).where(here).order_by(licence.c.id)))


def _of_rows(connection: Connection, repo_id: int) -> Iterator[str]:
    """Hold the rows of a seller against what its acts come to."""
    told = Told()
    records = connection.scalars(
        select(act.c.record).where(act.c.repo_id == repo_id).order_by(act.c.sequence)
    )
    try:
        yield from chained.problems_of(repo_id, map(parsed, records), told)
    except (KeyError, TypeError) as error:
        yield f"an act cannot be read: {type(error).__name__} at {error}"
        return
    number = connection.scalar(select(book.c.revocations).where(book.c.repo_id == repo_id))
    if (_off(connection, repo_id), number) != (told.off, told.number):
        yield "what is taken back is not what the acts come to"
    rows = connection.execute(select(licence).where(licence.c.repo_id == repo_id)).all()
    if {row.id for row in rows} != set(told.terms):
        yield "the licences are not those that the acts issued"
    for row in rows:
        if row.id in told.terms and _differs(connection, row, told):
            yield f"the terms of licence {row.id} are not those of its last act"


def _differs(connection: Connection, row: Row[tuple[object, ...]], told: Told) -> bool:
    """Say whether a licence's row says otherwise than what was signed last, but for the name."""
    found, last = reading.find(connection, row.id), told.terms[row.id]
    if found is None:
        return True
    terms = claims.written(reading.claims_of(found, found.issued_at))
    terms["grace_seats"] = found.terms.grace_seats
    return any(terms[name] != last.get(name) for name in terms.keys() - {"id", "licensee", "iat"})


def _files(connection: Connection) -> Iterator[str]:
    said = select(act.c.licence, act.c.record).where(act.c.kind.in_(FILING))
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
