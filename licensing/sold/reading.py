"""Licences as they stand: what was sold, its newest file, and the list of what was taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from core.digests import sha256
from licensing.sold import acts, armour, claims, keys
from licensing.sold.acts import Cause
from licensing.sold.claims import Audit, Claims
from licensing.sold.purposes import Purpose
from licensing.sold.tables import book, file, holder, licence, revocation

LIST_HOLDS = timedelta(days=7)
LIST_STEP = timedelta(hours=1)


@dataclass(frozen=True)
class Terms:
    """What is sold. `seats` None is as many as wanted, `expires_at` None for ever.

    `grace_seats` is how many machines more than seats are let pass (0: refused); it stands in no
    file. `holder_id` is the buyer's number on GitHub, `licensee` the name on the file.
    """

    product: str
    edition: str
    licensee: str
    order: str
    text_sha256: str
    audit: Audit | None
    entitlements: tuple[str, ...] = ()
    seats: int | None = None
    expires_at: datetime | None = None
    updates_until: datetime | None = None
    file_until: datetime | None = None
    grace_seats: int = 0
    holder_id: int | None = None


@dataclass(frozen=True)
class Licence:
    """A licence as it stands. `id` is public, a UUID that nobody can guess."""

    id: str
    repo_id: int
    terms: Terms
    issued_at: datetime
    revoked_at: datetime | None


_LICENCES = select(licence, holder.c.licensee).join(holder, holder.c.licence_id == licence.c.id)


def claims_of(of: Licence, issued_at: datetime) -> Claims:
    """Give what a file of this licence says that is issued at an instant."""
    terms = of.terms
    return Claims(
        id=of.id,
        product=terms.product,
        edition=terms.edition,
        entitlements=terms.entitlements,
        seats=terms.seats,
        licensee=terms.licensee,
        order=terms.order,
        issued_at=issued_at,
        expires_at=terms.expires_at,
        updates_until=terms.updates_until,
        file_until=terms.file_until,
        text_sha256=terms.text_sha256,
        audit=terms.audit,
    )


def reasons(connection: Connection, licence_id: str) -> tuple[tuple[str, Cause], ...]:
    """Give why a licence is revoked now: each reason that was not lifted, and its cause."""
    rows = connection.execute(
        select(revocation.c.reason, revocation.c.source, revocation.c.external_id)
        .where(revocation.c.licence_id == licence_id, revocation.c.lifted_at.is_(None))
        .order_by(revocation.c.id)
    )
    return tuple((row[0], Cause(row[1], row[2])) for row in rows)


def find(connection: Connection, licence_id: str) -> Licence | None:
    """Give a licence by its id."""
    rows = connection.execute(_LICENCES.where(licence.c.id == licence_id))
    return next((_licence(row) for row in rows), None)


def by_cause(connection: Connection, repo_id: int, cause: Cause) -> Licence | None:
    """Give the licence that a cause issued."""
    found = acts.done(connection, repo_id, "issued", cause)
    return None if found is None else find(connection, found.licence)


def of_holder(connection: Connection, holder_id: int) -> tuple[Licence, ...]:
    """Give the licences that somebody bought, newest first."""
    wanted = _LICENCES.where(licence.c.holder_id == holder_id)
    rows = connection.execute(wanted.order_by(licence.c.issued_at.desc(), licence.c.id))
    return tuple(_licence(row) for row in rows)


def of_seller(
    connection: Connection, repo_id: int, most: int, before: datetime | None = None
) -> tuple[Licence, ...]:
    """Give the licences that a project sold, newest first, those issued `before` an instant."""
    wanted = _LICENCES.where(licence.c.repo_id == repo_id)
    if before is not None:
        wanted = wanted.where(licence.c.issued_at < before)
    ordered = wanted.order_by(licence.c.issued_at.desc(), licence.c.id).limit(most)
    return tuple(_licence(row) for row in connection.execute(ordered))


def text_of(connection: Connection, licence_id: str) -> str | None:
    """Give the newest file of a licence, in its armour; None once it was erased."""
    token = connection.scalar(
        select(file.c.token)
        .where(file.c.licence_id == licence_id)
        .order_by(file.c.id.desc())
        .limit(1)
    )
    return armour.put_on(token, Purpose.LICENCE) if token else None


def signed_by(connection: Connection, kid: str) -> tuple[str, ...]:
    """Give the licences whose newest file a key signed: those to reissue before it is retired."""
    newer = file.alias("newer")
    last = select(newer.c.id).where(
        newer.c.licence_id == file.c.licence_id, newer.c.id > file.c.id
    )
    rows = connection.scalars(
        select(file.c.licence_id).where(file.c.kid == kid, ~last.exists()).order_by(file.c.id)
    )
    return tuple(rows)


def revocation_list(
    connection: Connection, repo_id: int, secret_key: str, now: datetime
) -> tuple[int, str]:
    """Give the number of a seller's list and its file; within an hour the same bytes.

    Raises `UserError` where the project has no keys yet.
    """
    gone = select(licence.c.id).where(
        licence.c.repo_id == repo_id, licence.c.revoked_at.is_not(None)
    )
    number = connection.scalar(select(book.c.revocations).where(book.c.repo_id == repo_id)) or 0
    issued = now.replace(minute=0, second=0, microsecond=0)
    payload = {
        "n": number,
        "issued": claims.stamp(issued),
        "next_update": claims.stamp(issued + LIST_STEP + LIST_HOLDS),
        "ids": sorted(sha256(one.encode()) for one in connection.scalars(gone)),
    }
    signed = keys.sign(connection, repo_id, Purpose.REVOCATION, payload, secret_key)
    return number, armour.put_on(signed.token, Purpose.REVOCATION)


def _licence(row: Row[Any]) -> Licence:
    terms = Terms(
        product=row.product,
        edition=row.edition,
        licensee=row.licensee,
        order=row.order,
        text_sha256=row.text_sha256,
        audit=Audit(**row.audit) if row.audit else None,
        entitlements=tuple(row.entitlements),
        seats=row.seats,
        expires_at=row.expires_at,
        updates_until=row.updates_until,
        file_until=row.file_until,
        grace_seats=row.grace_seats,
        holder_id=row.holder_id,
    )
    return Licence(row.id, row.repo_id, terms, row.issued_at, row.revoked_at)
