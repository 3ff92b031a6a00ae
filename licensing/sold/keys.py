"""A seller's signing keys: two from the first day, sealed in the database, rotated and retired.

One key signs and one stands by. Products pin both, so that a file of the second verifies in a
product that was built before it ever signed: a key that comes later would be unknown there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Row, insert, select, update

from core.digests import canonical
from core.errors import UserError
from core.sealing import box
from licensing.sold import acts, checking, paseto
from licensing.sold.acts import Cause
from licensing.sold.purposes import Purpose
from licensing.sold.tables import key

SEALED_FOR = "licence keys"
AT_FIRST = 2

State = Literal["standby", "signing", "verifying", "retired"]


@dataclass(frozen=True)
class Key:
    """A key as everybody may know it; `public` is its 32 bytes."""

    kid: str
    public: bytes
    state: State
    made_at: datetime
    signs_since: datetime | None
    signs_until: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True)
class Signed:
    """A token, and the key that signed it."""

    token: str
    kid: str


def ensure(connection: Connection, repo_id: int, secret_key: str, now: datetime) -> None:
    """Make a seller's first two keys unless there are some; holds its book."""
    acts.hold(connection, repo_id)
    if of(connection, repo_id):
        return
    for _ in range(AT_FIRST):
        _make(connection, repo_id, secret_key, now)
    _promote(connection, repo_id, now)


def of(connection: Connection, repo_id: int) -> tuple[Key, ...]:
    """Give every key of a seller, oldest first; empty where it has not begun."""
    rows = connection.execute(select(key).where(key.c.repo_id == repo_id).order_by(key.c.id))
    return tuple(_key(row) for row in rows)


def pinned(connection: Connection, repo_id: int) -> dict[str, bytes]:
    """Give what a product built today should know, by kid: every key that is not retired."""
    return {one.kid: one.public for one in of(connection, repo_id) if one.state != "retired"}


def sign(
    connection: Connection,
    repo_id: int,
    purpose: Purpose,
    payload: Mapping[str, Any],
    secret_key: str,
) -> Signed:
    """Sign a JSON object with the key that signs now. Raises `UserError` without one (`ensure`).

    The same payload gives the same token as long as the same key signs.
    """
    row = connection.execute(
        select(key).where(key.c.repo_id == repo_id, key.c.state == "signing")
    ).one_or_none()
    if row is None:
        raise UserError("This project has no key to sign with yet: issue its first licence.")
    try:
        seed = box(secret_key, SEALED_FOR).decrypt(row.sealed.encode())
    except InvalidToken:
        raise UserError(
            "SECRET_KEY is not the one under which the licence keys were kept: set the old key"
            " again. Files that were issued still verify, but none can be signed without it."
        ) from None
    message, footer = canonical(payload).encode(), canonical({"kid": row.kid}).encode()
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Signed(paseto.sign(private, message, footer, purpose.implicit), row.kid)


def opened(connection: Connection, repo_id: int, purpose: Purpose, text: str) -> dict[str, Any]:
    """Give what a seller signed for this purpose. Raises `checking.Refused` with a reason code."""
    message = checking.signed_message(text, pinned(connection, repo_id), purpose)
    found: dict[str, Any] = json.loads(message)
    return found


def rotate(
    connection: Connection, repo_id: int, secret_key: str, cause: Cause, now: datetime
) -> tuple[Key, ...]:
    """Let the key that stands by sign from now on, and make a new one to stand by.

    Gives all keys. Files of the old key go on verifying. Once for each cause.
    """
    ensure(connection, repo_id, secret_key, now)
    if acts.done(connection, repo_id, "key_signs", cause) is None:
        _promote(connection, repo_id, now, cause)
        _make(connection, repo_id, secret_key, now)
    return of(connection, repo_id)


def retire(connection: Connection, repo_id: int, kid: str, cause: Cause, now: datetime) -> None:
    """Let products built from now on no longer know a key. Raises `UserError` for one in use.

    `licensing.sold.store.signed_by` lists the licences to reissue before.
    """
    acts.hold(connection, repo_id)
    found = {one.kid: one for one in of(connection, repo_id)}.get(kid)
    if found is None:
        raise UserError(f"There is no key {kid} here: see `potluck licence keys`.")
    if found.state == "retired":
        return
    if found.state != "verifying":
        raise UserError("This key signs or stands by: rotate first, then retire the old one.")
    change = update(key).where(key.c.kid == kid).values(state="retired", retired_at=now)
    connection.execute(change)
    acts.append(connection, repo_id, "key_retired", cause, {"kid": kid}, now)


def _make(connection: Connection, repo_id: int, secret_key: str, now: datetime) -> None:
    private = Ed25519PrivateKey.generate()
    public = paseto.public_bytes(private)
    kid = paseto.key_id(public)
    sealed = box(secret_key, SEALED_FOR).encrypt(private.private_bytes_raw()).decode()
    values = {"repo_id": repo_id, "kid": kid, "public": paseto.encoded_key(public)}
    row = {**values, "sealed": sealed, "state": "standby", "made_at": now}
    connection.execute(insert(key).values(row))
    facts = {"kid": kid, "public": values["public"]}
    acts.append(connection, repo_id, "key_made", Cause("key", kid), facts, now)


def _promote(
    connection: Connection, repo_id: int, now: datetime, cause: Cause | None = None
) -> None:
    here = key.c.repo_id == repo_id
    rest = update(key).where(here, key.c.state == "signing")
    connection.execute(rest.values(state="verifying", signs_until=now))
    kid = connection.scalar(
        select(key.c.kid).where(here, key.c.state == "standby").order_by(key.c.id).limit(1)
    )
    begin = update(key).where(key.c.kid == kid).values(state="signing", signs_since=now)
    connection.execute(begin)
    because = cause or Cause("key", str(kid))
    acts.append(connection, repo_id, "key_signs", because, {"kid": kid}, now)


def _key(row: Row[Any]) -> Key:
    return Key(
        kid=row.kid,
        public=paseto.decoded_key(row.public),
        state=cast("State", row.state),
        made_at=row.made_at,
        signs_since=row.signs_since,
        signs_until=row.signs_until,
        retired_at=row.retired_at,
    )
