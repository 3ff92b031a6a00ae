"""What a licence file says: read strictly, written in one form, without the buyer's e-mail."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.errors import UserError

LONGEST_NAME = 64
LONGEST_LICENSEE = 160
LONGEST_ORDER = 120
MOST_ENTITLEMENTS = 64
MOST_SEATS = 10_000
FORM = "%Y-%m-%dT%H:%M:%SZ"

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?", re.ASCII)
_ADDRESS = re.compile(r"\S@\S")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Unreadable(ValueError):
    """This is signed, but says nothing that a licence of ours says."""


@dataclass(frozen=True)
class Audit:
    """On which certificate the sale rests: the commit, the ledger and the certificate, as hashes.

    `repo` is `owner/name` as it was then.
    """

    repo: str
    commit: str
    ledger_sha256: str
    certificate_sha256: str


@dataclass(frozen=True)
class Claims:
    """A licence as its file has it. `expires_at` None is for ever; `seats` None is as many as wanted.

    `file_until` ends the file alone, not the licence: a newer file is to be fetched by then.
    """

    id: str
    product: str
    edition: str
    entitlements: tuple[str, ...]
    seats: int | None
    licensee: str
    order: str
    issued_at: datetime
    expires_at: datetime | None
    updates_until: datetime | None
    file_until: datetime | None
    text_sha256: str
    audit: Audit | None


def written(claims: Claims) -> dict[str, Any]:
    """Give the claims as the JSON object that is signed."""
    audit = claims.audit
    return {
        "id": claims.id,
        "product": claims.product,
        "edition": claims.edition,
        "entitlements": list(claims.entitlements),
        "seats": claims.seats,
        "licensee": claims.licensee,
        "order": claims.order,
        "iat": stamp(claims.issued_at),
        "exp": stamp(claims.expires_at),
        "updates_until": stamp(claims.updates_until),
        "file_until": stamp(claims.file_until),
        "text_sha256": claims.text_sha256,
        "audit": None if audit is None else dict(vars(audit)),
    }


def read(message: bytes) -> Claims:
    """Read what `written` gave. Raises `Unreadable`."""
    try:
        said = json.loads(message)
        claims = Claims(
            id=_words(said["id"], LONGEST_NAME),
            product=_words(said["product"], LONGEST_NAME),
            edition=_words(said["edition"], LONGEST_NAME),
            entitlements=tuple(_words(one, LONGEST_NAME) for one in said["entitlements"]),
            seats=_seats(said["seats"]),
            licensee=_words(said["licensee"], LONGEST_LICENSEE),
            order=_words(said["order"], LONGEST_ORDER),
            issued_at=_instant(said["iat"]),
            expires_at=_instant_or_none(said["exp"]),
            updates_until=_instant_or_none(said["updates_until"]),
            file_until=_instant_or_none(said["file_until"]),
            text_sha256=_words(said["text_sha256"], LONGEST_NAME),
            audit=None if said["audit"] is None else Audit(**said["audit"]),
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from None
    return claims


def require_sound(claims: Claims) -> None:
    """Raise `UserError` for anything that is not to stand in a file for years."""
    _require(bool(claims.product) and bool(claims.edition), "Name the product and its edition.")
    _require(
        bool(claims.licensee.strip()) and bool(claims.order.strip()),
        "Say to whom the licence is given, and under which order.",
    )
    _require(len(claims.entitlements) <= MOST_ENTITLEMENTS, "There are too many entitlements.")
    names = (claims.product, claims.edition, *claims.entitlements)
    bounds = [(words, LONGEST_NAME) for words in names]
    bounds += [(claims.licensee, LONGEST_LICENSEE), (claims.order, LONGEST_ORDER)]
    for words, most in bounds:
        _require(len(words) <= most, f"“{words[:20]}…” is too long: give at most {most} signs.")
        _require(_UNSEEN.search(words) is None, "A name has signs that cannot be seen.")
        _require(
            _ADDRESS.search(words) is None,
            "An e-mail address does not belong in a licence file, which is copied to every"
            " machine: name the person or the company.",
        )
    _require(
        claims.seats is None or 0 < claims.seats <= MOST_SEATS,
        f"Give 1 to {MOST_SEATS:,} seats, or none for as many as wanted.",
    )
    _require(_HASH.fullmatch(claims.text_sha256) is not None, "The licence text has no SHA-256.")
    if claims.audit is not None:
        hashes = (claims.audit.ledger_sha256, claims.audit.certificate_sha256)
        _require(
            all(_HASH.fullmatch(one) for one in hashes)
            and _COMMIT.fullmatch(claims.audit.commit) is not None,
            "The audit’s commit and hashes are to be given in full.",
        )
    _require(
        claims.expires_at is None or claims.expires_at >= claims.issued_at,
        "The licence would end before it begins.",
    )


def stamp(instant: datetime | None) -> str | None:
    """Write an instant to the second, in UTC."""
    return None if instant is None else instant.astimezone(UTC).strftime(FORM)


def _require(holds: bool, sentence: str) -> None:  # noqa: FBT001 - the condition is what is read
    if not holds:
        raise UserError(sentence)


def _words(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise Unreadable("a text is missing or too long")
    return value


def _seats(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Unreadable("seats are no number")
    return value


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise Unreadable("an instant is not in our one form")
    return datetime.strptime(value, FORM).replace(tzinfo=UTC)


def _instant_or_none(value: object) -> datetime | None:
    return None if value is None else _instant(value)
