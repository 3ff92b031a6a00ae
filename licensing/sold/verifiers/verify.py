"""Verify a licence file without a network: paste this into your product; it needs `cryptography`.

    code, claims, warnings = check(text, "your-product", built_at=datetime(2026, 11, 1, tzinfo=timezone.utc))
    if code != "VALID": say why; docs/licences.md explains each code, and `warnings` stop nothing.

`built_at` is when the running version came out. `text_of_list` is the revocation list, if you
have it; keep its highest `n` and give it as `highest`, so that nobody shows you an older one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEYS: dict[str, str] = {}

LICENCE = ("POTLUCK LICENCE", b"potluck-licence-v1")
LIST = ("POTLUCK REVOCATION LIST", b"potluck-revocation-v1")
SECOND = timedelta(seconds=1)


def opened(text: str, purpose: tuple[str, bytes]) -> dict[str, Any]:
    """Give what one of KEYS signed for this purpose; else raise ValueError with a code."""
    label, implicit = purpose
    pem = rf"\s*-----BEGIN {label}-----\r?\n([\w.\s-]+?)\n-----END {label}-----\s*"
    found = re.fullmatch(pem, text, re.ASCII)
    parts = "".join(found[1].split()).split(".") if found else []
    if len(parts) != 4 or parts[:2] != ["v4", "public"]:
        raise ValueError("FORMAT")
    body, footer = _bytes(parts[2]), _bytes(parts[3])
    try:
        kid = json.loads(footer)["kid"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("FORMAT") from None
    if len(body) <= 64:
        raise ValueError("FORMAT")
    if not isinstance(kid, str) or kid not in KEYS:
        raise ValueError("UNKNOWN_KEY")
    pieces = (b"v4.public.", body[:-64], footer, implicit)
    signed = len(pieces).to_bytes(8, "little")
    for piece in pieces:
        signed += len(piece).to_bytes(8, "little") + piece
    try:
        key = Ed25519PublicKey.from_public_bytes(_bytes(KEYS[kid].removeprefix("k4.public.")))
        key.verify(body[-64:], signed)
    except InvalidSignature:
        raise ValueError("SIGNATURE") from None
    claims: dict[str, Any] = json.loads(body[:-64])
    return claims


def check(
    text: str,
    product: str,
    built_at: datetime | None = None,
    text_of_list: str | None = None,
    highest: int = 0,
    now: datetime | None = None,
) -> tuple[str, dict[str, Any] | None, list[str]]:
    """Give the code, what the file says, and warnings that stop nothing."""
    now = now or datetime.now(timezone.utc)
    try:
        claims = opened(text, LICENCE)
    except ValueError as error:
        return str(error), None, []
    warnings: list[str] = []
    revoked = _revoked(text_of_list, highest, now, warnings)
    if claims["product"] != product:
        code = "PRODUCT"
    elif _instant(claims["iat"]) > now + timedelta(hours=24):
        code = "CLOCK"
    elif hashlib.sha256(claims["id"].encode()).hexdigest() in revoked:
        code = "REVOKED"
    elif claims["exp"] and now >= _instant(claims["exp"]) + SECOND:
        code = "EXPIRED"
    elif claims["file_until"] and now >= _instant(claims["file_until"]) + SECOND:
        code = "FILE_EXPIRED"
    elif (
        built_at
        and claims["updates_until"]
        and built_at >= _instant(claims["updates_until"]) + SECOND
    ):
        code = "VERSION_TOO_NEW"
    else:
        code = "VALID"
    return code, claims, warnings


def _revoked(text: str | None, highest: int, now: datetime, warnings: list[str]) -> set[str]:
    if text is None:
        warnings.append("LIST_MISSING")
        return set()
    try:
        said = opened(text, LIST)
    except ValueError:
        warnings.append("LIST_UNREADABLE")
        return set()
    if said["n"] < highest:
        warnings.append("LIST_OLDER")
        return set()
    if now >= _instant(said["next_update"]) + SECOND:
        warnings.append("LIST_STALE")
    return set(said["ids"])


def _instant(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _bytes(words: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))
    except ValueError:
        raise ValueError("FORMAT") from None
    if base64.urlsafe_b64encode(content).decode().rstrip("=") != words:
        raise ValueError("FORMAT")
    return content
