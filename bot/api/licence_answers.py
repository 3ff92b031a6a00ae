"""What the API answers about licences sold and releases, as types, and what it is asked with."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from licensing.releases.reading import Release as KnownRelease
from licensing.sold.checking import Verdict
from licensing.sold.claims import MOST_SEATS
from licensing.sold.codes import REASONS, WARNINGS, Code, Warn
from licensing.sold.keys import Key as KnownKey
from licensing.sold.paseto import encoded_key
from licensing.sold.seats import LONGEST_FINGERPRINT

LONGEST_FILE = 16_384
Words = Annotated[str, msgspec.Meta(max_length=64)]


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`licence` is the text of the file, or the licence’s id alone; `product` is what runs.

    `built_at` is when the running version came out, or give its tag as `release`. `fingerprint`
    is whatever tells one machine from another; we keep a hash of it.
    """

    licence: Annotated[str, msgspec.Meta(max_length=LONGEST_FILE)]
    product: Words
    edition: Words | None = None
    entitlement: Words | None = None
    built_at: datetime | None = None
    release: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    fingerprint: Annotated[str, msgspec.Meta(max_length=LONGEST_FINGERPRINT)] | None = None


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A machine that takes or gives back a seat; see `validate` for each field."""

    licence: Annotated[str, msgspec.Meta(max_length=LONGEST_FILE)]
    product: Words
    fingerprint: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_FINGERPRINT)]


class Warning(msgspec.Struct, frozen=True):  # noqa: A001 - the word of the answer
    """Something to know that stops nothing."""

    code: Warn
    detail: str


class LicenceFacts(msgspec.Struct, frozen=True):
    """What the licence grants, without the name of who holds it; `seats` null is no limit."""

    id: str
    product: str
    edition: str
    entitlements: list[str]
    seats: int | None
    seats_used: int
    issued_at: datetime
    expires_at: datetime | None
    updates_until: datetime | None
    file_until: datetime | None


class Validation(msgspec.Struct, frozen=True):
    """Whether a licence holds; `code` is the first reason that applies, `detail` says it in words.

    `seat` is that of the machine, null without one. `newer_file` is the newest file of the
    licence, where an older one was shown. `licence` is null where none could be read.
    """

    valid: bool
    code: Code
    detail: str
    warnings: list[Warning]
    seat: int | None
    licence: LicenceFacts | None
    newer_file: str | None


class LicenceKey(msgspec.Struct, frozen=True):
    """A public key (PASERK); a retired one is for products that were built before."""

    kid: str
    public: str
    state: Literal["standby", "signing", "verifying", "retired"]
    made_at: datetime
    retired_at: datetime | None


class LicenceKeys(msgspec.Struct, frozen=True):
    """All keys of a project; pin each that is not retired. `assertions` tell the purposes apart."""

    items: list[LicenceKey]
    assertions: dict[str, str]


class Revocations(msgspec.Struct, frozen=True):
    """The signed list of what was taken back; `number` never falls."""

    number: int
    list: str


class Release(msgspec.Struct, frozen=True):
    """A release and the licence it came out under; from `converts_on` (UTC) it is `converts_to`.

    `converted` says whether that day has come; null dates are of releases that stay as they are.
    `licence` is empty where the rules named none then; `warnings` name what does not fit now:
    `MOVED` (the tag is at another commit), `STATED` (its LICENSE file states another date),
    `GONE` (it was deleted on GitHub).
    """

    tag: str
    commit: str
    published_at: datetime
    licence: str
    converts_on: date | None
    converts_to: str | None
    converted: bool
    warnings: list[Literal["MOVED", "STATED", "GONE"]]


class Releases(msgspec.Struct, frozen=True):
    """The releases of a project, newest first."""

    items: list[Release]


TYPES = (Validation, LicenceKeys, Revocations, Releases, Ask, Machine)


def validation(
    verdict: Verdict, used: int, seat: int | None = None, newer_file: str | None = None
) -> Validation:
    """Describe a verdict."""
    return Validation(
        valid=verdict.holds,
        code=verdict.code,
        detail=REASONS[verdict.code],
        warnings=[Warning(one, WARNINGS[one]) for one in verdict.warnings],
        seat=seat,
        licence=_facts(verdict, used),
        newer_file=newer_file,
    )


def key(one: KnownKey) -> LicenceKey:
    """Describe a key."""
    return LicenceKey(one.kid, encoded_key(one.public), one.state, one.made_at, one.retired_at)


def release(one: KnownRelease, today: date) -> Release:
    """Describe a release."""
    return Release(
        tag=one.tag,
        commit=one.commit_sha,
        published_at=one.published_at,
        licence=one.licence,
        converts_on=one.converts_on,
        converts_to=one.converts_to or None,
        converted=one.is_open(today),
        warnings=list(one.warnings),
    )


def _facts(verdict: Verdict, used: int) -> LicenceFacts | None:
    found = verdict.claims
    if found is None:
        return None
    return LicenceFacts(
        id=found.id,
        product=found.product,
        edition=found.edition,
        entitlements=list(found.entitlements),
        seats=found.seats,
        seats_used=min(used, MOST_SEATS),
        issued_at=found.issued_at,
        expires_at=found.expires_at,
        updates_until=found.updates_until,
        file_until=found.file_until,
    )
