"""Licence files for tests: a seller with two keys, and files, lists and certificates of theirs."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyseto
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.digests import canonical, sha256
from licensing.sold import armour, claims, paseto
from licensing.sold.claims import Audit, Claims
from licensing.sold.days import end_of
from licensing.sold.purposes import Purpose

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
FIRST, SECOND, STRANGER = (
    Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3)
)
KEYS = {paseto.key_id(public): public for public in map(paseto.public_bytes, (FIRST, SECOND))}
SOLD = Claims(
    id="5b0f8a3e-8a1c-4b43-9d7a-2f0f4c1f9f55",
    product="garden-pro",
    edition="team",
    entitlements=("ee/reports",),
    seats=5,
    licensee="Ada Lovelace & Söhne",
    order="ORD-2026-0001",
    issued_at=NOW,
    expires_at=end_of(date(2027, 1, 31)),
    updates_until=None,
    file_until=None,
    text_sha256=sha256(b"the text"),
    audit=Audit("acme/garden", "a" * 40, sha256(b"ledger"), sha256(b"certificate")),
)


def signed(
    payload: dict[str, Any], purpose: Purpose, key: Ed25519PrivateKey = FIRST, kid: str = ""
) -> str:
    footer = canonical({"kid": kid or paseto.key_id(paseto.public_bytes(key))}).encode()
    token = paseto.sign(key, canonical(payload).encode(), footer, purpose.implicit)
    return armour.put_on(token, purpose)


def licence(key: Ed25519PrivateKey = FIRST, **changes: Any) -> str:
    return signed(claims.written(replace(SOLD, **changes)), Purpose.LICENCE, key)


def by_another_library(purpose: Purpose, **changes: Any) -> str:
    """Give a licence that an independent library made, signed for a purpose."""
    seed = pyseto.Key.from_asymmetric_key_params(4, d=FIRST.private_bytes_raw())
    footer = json.dumps({"kid": paseto.key_id(paseto.public_bytes(FIRST))}).encode()
    message = json.dumps(claims.written(replace(SOLD, **changes))).encode()
    made = pyseto.encode(seed, message, footer, purpose.implicit).decode()
    return armour.put_on(made, Purpose.LICENCE)


def listed(number: int, *ids: str, until: str = "2026-12-01T00:00:00Z") -> str:
    payload = {
        "n": number,
        "issued": "2026-11-20T09:00:00Z",
        "next_update": until,
        "ids": [sha256(one.encode()) for one in ids],
    }
    return signed(payload, Purpose.REVOCATION)


def relabelled(text: str, purpose: Purpose) -> str:
    """Show a file as one for another purpose: the same token in other lines."""
    return armour.put_on(token(text), purpose)


def altered(text: str, at: int) -> str:
    """Change one sign of the token."""
    lines = text.split("\n")
    body = "".join(lines[1:-2])
    other = "A" if body[at] != "A" else "B"
    return armour.put_on(body[:at] + other + body[at + 1 :], Purpose.LICENCE)


def length(text: str) -> int:
    """Count the signs of the token."""
    return len("".join(text.split("\n")[1:-2]))


def token(text: str) -> str:
    return "".join(text.split("\n")[1:-2])


def said(text: str) -> Any:
    return json.loads(paseto.parse(token(text)).message)
