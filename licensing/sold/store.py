"""Licences in the database: issued, renewed, revoked, reinstated, each once for each cause.

Every write holds the seller's book, so that events that come twice or at once do one thing, and
leaves an act in its chain. Who asks is to be checked before: here nobody is refused.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update

from core.db import insert_once
from core.digests import sha256
from core.errors import UserError
from licensing.sold import acts, claims, keys
from licensing.sold.acts import Cause, Kind
from licensing.sold.purposes import Purpose
from licensing.sold.reading import Licence, Terms, claims_of, find, reasons
from licensing.sold.tables import activation, book, file, holder, licence, revocation

ERASED = "—"


def issue(
    connection: Connection,
    repo_id: int,
    terms: Terms,
    cause: Cause,
    secret_key: str,
    now: datetime,
) -> Licence:
    """Issue a licence and its file; the same cause again gives the same licence, unchanged.

    Raises `UserError` for terms that cannot stand in a file.
    """
    keys.ensure(connection, repo_id, secret_key, now)
    before = acts.done(connection, repo_id, "issued", cause)
    if before is not None:
        return _known(connection, before.licence)
    made = Licence(str(uuid4()), repo_id, terms, now.replace(microsecond=0), None)
    claims.require_sound(claims_of(made, now))
    values = {"id": made.id, "repo_id": repo_id, "issued_at": made.issued_at}
    connection.execute(insert(licence).values(values | _columns(terms)))
    connection.execute(insert(holder).values(licence_id=made.id, licensee=terms.licensee))
    _write(connection, made, "issued", cause, secret_key, now)
    return made


def renew(
    connection: Connection,
    licence_id: str,
    changes: Mapping[str, Any],
    cause: Cause,
    secret_key: str,
    now: datetime,
) -> Licence:
    """Change the terms and make a newer file under the same id, once for each cause.

    `changes` are fields of `Terms`, such as `expires_at`, `updates_until` or `seats`.
    """
    found = _held(connection, licence_id)
    if acts.done(connection, found.repo_id, "renewed", cause) is not None:
        return found
    renewed = replace(found, terms=replace(found.terms, **changes))
    claims.require_sound(claims_of(renewed, now))
    values = _columns(renewed.terms)
    connection.execute(update(licence).where(licence.c.id == licence_id).values(values))
    named = update(holder).where(holder.c.licence_id == licence_id)
    connection.execute(named.values(licensee=renewed.terms.licensee))
    _write(connection, renewed, "renewed", cause, secret_key, now)
    return renewed


def refile(
    connection: Connection, licence_id: str, cause: Cause, secret_key: str, now: datetime
) -> Licence:
    """Sign a licence again with the key that signs now: after a rotation, before a retirement."""
    found = _held(connection, licence_id)
    if acts.done(connection, found.repo_id, "refiled", cause) is None:
        _write(connection, found, "refiled", cause, secret_key, now)
    return found


def revoke(
    connection: Connection, licence_id: str, reason: str, cause: Cause, now: datetime
) -> bool:
    """Take a licence back for a cause; says whether that changed anything.

    It stays revoked until each cause of it is lifted. What was lifted before it came stays so.
    """
    found = _held(connection, licence_id)
    values = {"licence_id": licence_id, "reason": reason, "revoked_at": now}
    if not insert_once(connection, revocation, values | asdict(cause)):
        return False
    acts.append(connection, found.repo_id, "revoked", cause, {"reason": reason}, now, licence_id)
    _settle(connection, found, now)
    return True


def reinstate(connection: Connection, licence_id: str, cause: Cause, now: datetime) -> bool:
    """Lift what this cause revoked, also where it has yet to; says whether that changed anything."""
    found = _held(connection, licence_id)
    early = {"licence_id": licence_id, "reason": "", "revoked_at": now, "lifted_at": now}
    came_first = insert_once(connection, revocation, early | asdict(cause))
    lift = update(revocation).where(
        revocation.c.licence_id == licence_id,
        revocation.c.source == cause.source,
        revocation.c.external_id == cause.external_id,
        revocation.c.lifted_at.is_(None),
    )
    lifted = connection.execute(lift.values(lifted_at=now)).rowcount > 0
    if lifted or came_first:
        acts.append(connection, found.repo_id, "reinstated", cause, {}, now, licence_id)
        _settle(connection, found, now)
    return lifted


def forget(connection: Connection, holder_id: int) -> int:
    """Erase who a person's licences name, and the files that name them; gives how many rows.

    The licences stand, and whoever has the file can go on using it.
    """
    theirs = select(licence.c.id).where(licence.c.holder_id == holder_id)
    gone = 0
    for statement in (
        update(holder).where(holder.c.licence_id.in_(theirs)).values(licensee=ERASED),
        update(file).where(file.c.licence_id.in_(theirs)).values(token=""),
        delete(activation).where(activation.c.licence_id.in_(theirs)),
        update(licence).where(licence.c.holder_id == holder_id).values(holder_id=None),
    ):
        gone += connection.execute(statement).rowcount
    return gone


def _known(connection: Connection, licence_id: str) -> Licence:
    found = find(connection, licence_id)
    if found is None:
        raise UserError("There is no licence of this id: check it, or list those that there are.")
    return found


def _held(connection: Connection, licence_id: str) -> Licence:
    """Give a licence as it stands once its seller's book is ours."""
    acts.hold(connection, _known(connection, licence_id).repo_id)
    return _known(connection, licence_id)


def _settle(connection: Connection, found: Licence, now: datetime) -> None:
    """Bring a licence and the number of the list in line with the reasons that stand."""
    is_revoked = bool(reasons(connection, found.id))
    if is_revoked == (found.revoked_at is not None):
        return
    change = update(licence).where(licence.c.id == found.id)
    connection.execute(change.values(revoked_at=now if is_revoked else None))
    raised = update(book).where(book.c.repo_id == found.repo_id)
    connection.execute(raised.values(revocations=book.c.revocations + 1))


def _write(
    connection: Connection,
    of: Licence,
    kind: Kind,
    cause: Cause,
    secret_key: str,
    now: datetime,
) -> None:
    """Sign the file of a licence as it is, keep it, and say so in the chain."""
    payload = claims.written(claims_of(of, now))
    signed = keys.sign(connection, of.repo_id, Purpose.LICENCE, payload, secret_key)
    digest = sha256(signed.token.encode())
    values = {"licence_id": of.id, "kid": signed.kid, "sha256": digest, "made_at": now}
    connection.execute(insert(file).values(values | {"token": signed.token}))
    said = {name: value for name, value in payload.items() if name not in {"id", "licensee"}}
    facts = {**said, "grace_seats": of.terms.grace_seats, "kid": signed.kid, "file": digest}
    acts.append(connection, of.repo_id, kind, cause, facts, now, of.id)


def _columns(terms: Terms) -> dict[str, Any]:
    values = {name: value for name, value in vars(terms).items() if name != "licensee"}
    audit = {} if terms.audit is None else asdict(terms.audit)
    return values | {"audit": audit, "entitlements": list(terms.entitlements)}
