"""The gate before each sale: may this product be sold now, and of which release?

Asked before the bank's page is opened, and again when the money is there. Whoever sells through
another way sells without us.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.audit import certificates
from bot.audit.certificates import Certificate
from bot.selling import rules, store
from bot.selling.rules import Broken, Offer
from bot.selling.store import Sale
from licensing.releases import reading as releases
from licensing.releases.reading import Release

TARGET = "commercial"
LOOKED_AT = 20
"""So many of the newest releases are looked at for one that may be sold."""

Reason = Literal["no_release", "not_certified", "no_text", "promise_broken"]


@dataclass(frozen=True)
class Gate:
    """What a sale would be of; it is open where there is no reason against it.

    `release` is the newest that may be sold, `newest` the newest of all.
    """

    release: Release | None
    newest: Release | None
    certificate: Certificate | None
    text_sha256: str
    reasons: tuple[Reason, ...]
    broken: tuple[Broken, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether it may be sold."""
        return not self.reasons


def look(connection: Connection, offer: Offer, now: datetime) -> Gate:
    """Look whether a product may be sold now."""
    newest = releases.of(connection, offer.repo_id, LOOKED_AT)
    known = tuple(one for one in newest if "GONE" not in one.warnings)
    release, certificate = _certified(connection, offer.repo_id, known)
    document = store.document(connection, offer.repo_id)
    promised = store.promises(connection, offer.repo_id, now)
    broken = rules.broken(offer, promised, now)
    reasons: list[Reason] = []
    if not known:
        reasons.append("no_release")
    elif certificate is None:
        reasons.append("not_certified")
    if document is None or not document.sha256:
        reasons.append("no_text")
    if broken:
        reasons.append("promise_broken")
    return Gate(
        release=release,
        newest=known[0] if known else None,
        certificate=certificate,
        text_sha256=document.sha256 if document else "",
        reasons=tuple(reasons),
        broken=broken,
    )


def certificate_of(connection: Connection, sale: Sale) -> Certificate | None:
    """Give the certificate under which what was bought may be sold still; None where there is none."""
    return certificates.fresh(connection, sale.gift.repo_id, sale.commit_sha, TARGET)


def _certified(
    connection: Connection, repo_id: int, known: tuple[Release, ...]
) -> tuple[Release | None, Certificate | None]:
    for release in known:
        found = certificates.fresh(connection, repo_id, release.commit_sha, TARGET)
        if found is not None:
            return release, found
    return None, None
