"""Whether a licence file holds, for a product, at an instant: pure, with a code for each reason.

The order of the checks is fixed. First whose file it is (FORMAT, UNKNOWN_KEY, SIGNATURE,
CLAIMS), then for what (PRODUCT), then whether our clock can be believed (CLOCK), then REVOKED,
EXPIRED, FILE_EXPIRED, VERSION_TOO_NEW, EDITION and ENTITLEMENT: the first that applies is the
answer. A list that is stale, older or missing warns: it never stops who has paid.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.digests import sha256
from licensing.sold import armour, claims, paseto
from licensing.sold.claims import Claims
from licensing.sold.codes import GOOD, Code, Warn
from licensing.sold.purposes import Purpose

CLOCK_MAY_DIFFER = timedelta(hours=24)
SECOND = timedelta(seconds=1)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Refused(Exception):
    """A file that does not hold; `code` says why."""

    def __init__(self, code: Code) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code: Code = code


class ListRefused(Exception):
    """A revocation list that is not to be used; `warning` says why."""

    def __init__(self, warning: Warn) -> None:
        """Keep the warning."""
        super().__init__(warning)
        self.warning: Warn = warning


@dataclass(frozen=True)
class RevocationList:
    """What was taken back: `ids` are SHA-256 of licence ids, `number` never falls."""

    number: int
    issued_at: datetime
    next_update: datetime
    ids: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """For what a licence is to hold. `built_at` is when the running version came out."""

    product: str
    now: datetime
    built_at: datetime | None = None
    edition: str | None = None
    entitlement: str | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether it holds; `code` is the first reason that applies, `claims` None where unread."""

    code: Code
    claims: Claims | None = None
    warnings: tuple[Warn, ...] = ()

    @property
    def holds(self) -> bool:
        """The product may run."""
        return self.code in GOOD


def judged(
    text: str, keys: Mapping[str, bytes], asked: Asked, known: RevocationList | None = None
) -> Verdict:
    """Say whether a licence file holds; `keys` by kid are those that the product knows."""
    try:
        found = opened(text, keys)
    except Refused as refused:
        return Verdict(refused.code)
    revoked = known is not None and sha256(found.id.encode()) in known.ids
    return Verdict(standing(found, asked, revoked=revoked), found, list_warnings(known, asked.now))


def opened(text: str, keys: Mapping[str, bytes]) -> Claims:
    """Give what a licence file says, if one of `keys` signed it as a licence. Raises `Refused`."""
    try:
        return claims.read(signed_message(text, keys, Purpose.LICENCE))
    except claims.Unreadable:
        raise Refused("CLAIMS") from None


def standing(found: Claims, asked: Asked, *, revoked: bool) -> Code:
    """Give the first reason why these claims do not hold, or `VALID`; a named second is whole."""
    ends, file_ends, updates = found.expires_at, found.file_until, found.updates_until
    reasons: tuple[tuple[bool, Code], ...] = (
        (found.product != asked.product, "PRODUCT"),
        (found.issued_at > asked.now + CLOCK_MAY_DIFFER, "CLOCK"),
        (revoked, "REVOKED"),
        (_is_over(ends, asked.now), "EXPIRED"),
        (_is_over(file_ends, asked.now), "FILE_EXPIRED"),
        (asked.built_at is not None and _is_over(updates, asked.built_at), "VERSION_TOO_NEW"),
        (asked.edition not in (None, found.edition), "EDITION"),
        (asked.entitlement not in (None, *found.entitlements), "ENTITLEMENT"),
    )
    return next((code for applies, code in reasons if applies), "VALID")


def list_warnings(known: RevocationList | None, now: datetime) -> tuple[Warn, ...]:
    """Say what is to be said of the list at hand."""
    if known is None:
        return ("LIST_MISSING",)
    return ("LIST_STALE",) if now >= known.next_update + SECOND else ()


def revocations(text: str, keys: Mapping[str, bytes], highest: int = 0) -> RevocationList:
    """Read a revocation list; `highest` is the number of the newest one seen. Raises `ListRefused`."""
    try:
        said = json.loads(signed_message(text, keys, Purpose.REVOCATION))
        found = _list(said)
    except (Refused, KeyError, TypeError, ValueError):
        raise ListRefused("LIST_UNREADABLE") from None
    if found.number < highest:
        raise ListRefused("LIST_OLDER")
    return found


def signed_message(text: str, keys: Mapping[str, bytes], purpose: Purpose) -> bytes:
    """Give what one of `keys` (by kid) signed for this purpose. Raises `Refused`."""
    try:
        token = paseto.parse(armour.take_off(text, purpose))
        footer = json.loads(token.footer)
    except (ValueError, RecursionError):
        raise Refused("FORMAT") from None
    if not isinstance(footer, dict) or not isinstance(kid := footer.get("kid"), str):
        raise Refused("FORMAT")
    if kid not in keys:
        raise Refused("UNKNOWN_KEY")
    try:
        return paseto.verify(token, keys[kid], purpose.implicit)
    except paseto.Forged:
        raise Refused("SIGNATURE") from None


def kid_of(text: str) -> str:
    """Give the id of the key that a licence file names, believed or not; empty where none."""
    try:
        footer = json.loads(paseto.parse(armour.take_off(text, Purpose.LICENCE)).footer)
    except (ValueError, RecursionError):
        return ""
    kid = footer.get("kid") if isinstance(footer, dict) else None
    return kid if isinstance(kid, str) else ""


def _list(said: Mapping[str, Any]) -> RevocationList:
    number, ids = said["n"], said["ids"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError("n is no number")
    if not all(isinstance(one, str) and _HASH.fullmatch(one) for one in ids):
        raise ValueError("an id is no SHA-256")
    issued_at, next_update = (
        datetime.strptime(said[name], claims.FORM).replace(tzinfo=UTC)
        for name in ("issued", "next_update")
    )
    return RevocationList(number, issued_at, next_update, frozenset(ids))


def _is_over(last: datetime | None, now: datetime) -> bool:
    return last is not None and now >= last + SECOND
