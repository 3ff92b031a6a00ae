"""The gate before each sale: may this product be sold now, and of which release?

Asked before the bank's page is opened, and again when the money is there. Whoever sells through
another way sells without us.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot import policies
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

    `release` is the newest that may be sold, `newest` the newest of all. The certificate is there
    only where the gate was asked to `enter`: a page that is shown signs nothing. `gone` names the
    products that were promised, and are not offered any more.
    """

    release: Release | None
    newest: Release | None
    certificate: Certificate | None
    text_sha256: str
    reasons: tuple[Reason, ...]
    broken: tuple[Broken, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether it may be sold."""
        return not self.reasons


def enter(connection: Connection, offer: Offer, secret_key: str, now: datetime) -> Gate:
    """Ask whether a product is sold now; where people signed since, the audit is judged again."""
    for release in _releases(connection, offer.repo_id):
        known = certificates.state(connection, offer.repo_id, release.commit_sha, TARGET)
        if known == "blocked":
            # Judged by what holds now: whoever sends the form again and again changes nothing.
            continue
        found = certificates.renew(
            connection, offer.repo_id, release.commit_sha, TARGET, secret_key, now
        )
        if found is not None:
            return _gate(connection, offer, release, found, now)
    return _gate(connection, offer, None, None, now)


def likely(connection: Connection, repo_id: int) -> Release | None:
    """Give the newest release that may be sold, as far as is known without judging again."""
    found = _releases(connection, repo_id)
    return next((one for one in found if _is_likely(connection, repo_id, one.commit_sha)), None)


def look(connection: Connection, offer: Offer, release: Release | None, now: datetime) -> Gate:
    """Look whether a product of a release that may be sold is sold; see `likely`."""
    return _gate(connection, offer, release, None, now)


def certificate_of(
    connection: Connection, sale: Sale, secret_key: str, now: datetime
) -> Certificate | None:
    """Give the certificate under which what was bought may be sold still; None where there is none."""
    return certificates.renew(
        connection, sale.gift.repo_id, sale.commit_sha, TARGET, secret_key, now
    )


def _is_likely(connection: Connection, repo_id: int, commit_sha: str) -> bool:
    state = certificates.state(connection, repo_id, commit_sha, TARGET)
    if state != "stale":
        return state == "fresh"
    found = certificates.result(connection, repo_id, commit_sha, TARGET)
    return found is not None and found.sellable


def _releases(connection: Connection, repo_id: int) -> tuple[Release, ...]:
    newest = releases.of(connection, repo_id, LOOKED_AT)
    return tuple(one for one in newest if "GONE" not in one.warnings)


def _gate(
    connection: Connection,
    offer: Offer,
    release: Release | None,
    certificate: Certificate | None,
    now: datetime,
) -> Gate:
    known = _releases(connection, offer.repo_id)
    document = store.document(connection, offer.repo_id)
    promised = store.promises(connection, offer.repo_id, now)
    broken = rules.broken(offer, promised, now)
    gone = rules.gone(promised, _offered(connection, offer.repo_id), now)
    reasons: list[Reason] = []
    if not known:
        reasons.append("no_release")
    elif release is None:
        reasons.append("not_certified")
    if document is None or not document.sha256:
        reasons.append("no_text")
    if broken or gone:
        reasons.append("promise_broken")
    return Gate(
        release=release,
        newest=known[0] if known else None,
        certificate=certificate,
        text_sha256=document.sha256 if document else "",
        reasons=tuple(reasons),
        broken=broken,
        gone=tuple(one.name for one in gone),
    )


def _offered(connection: Connection, repo_id: int) -> frozenset[str]:
    found = policies.rules(connection, repo_id).policy
    return frozenset(one.id for one in found.selling.products) if found else frozenset()
