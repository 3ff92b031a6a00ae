"""From how a payment stands to the licence: level-triggered, so that any order and repetition ends alike."""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.places import repository
from bot.selling import gate, letters, rules, store
from bot.selling.rules import Offer
from bot.selling.store import Sale
from core.errors import UserError
from core.money import Money, to_stripe
from donations import calls
from donations.asked import GiveBack
from donations.giving import store as gifts
from licensing.sold import acts as licence_acts
from licensing.sold import reading
from licensing.sold import store as sold
from licensing.sold.acts import Cause
from licensing.sold.claims import Audit
from licensing.sold.reading import Licence, Terms

log = logging.getLogger(__name__)

SOURCE = "sale"


def settle_number(connection: Connection, number: int, secret_key: str, now: datetime) -> None:
    """Look at the sale of a payment by its number."""
    sale = store.of_gift(connection, gifts.by_name(connection, f"gift:{number}"))
    if sale is not None:
        settle(connection, sale, secret_key, now)


def settle(connection: Connection, sale: Sale, secret_key: str, now: datetime) -> None:
    """Bring the licence to what its payments entitle to now."""
    gifts.hold(connection, sale.gift)
    # Another payment of the same licence is settled before or after this one, never beside it.
    licence_acts.hold(connection, sale.gift.repo_id)
    licence = licence_of(connection, sale)
    if right_of(connection, sale) == "granted" and not _is_done(connection, sale):
        licence = _grant(connection, sale, licence, secret_key, now)
    if licence is None:
        return
    first = first_of(connection, licence)
    if first is not None:
        _run_on(connection, first, licence, secret_key, now)
        _stand(connection, first, licence, now)
        letters.ends_soon(connection, first, now)


def licence_of(connection: Connection, sale: Sale) -> Licence | None:
    """Give the licence that a sale made, or lets go on."""
    if sale.renews:
        return reading.find(connection, sale.renews)
    return reading.by_cause(connection, sale.gift.repo_id, Cause(SOURCE, sale.name))


def first_of(connection: Connection, licence: Licence) -> Sale | None:
    """Give the sale that made a licence; None where it was issued by hand."""
    return store.of_gift(connection, gifts.by_name(connection, licence.terms.order))


def right_of(connection: Connection, sale: Sale) -> rules.Right:
    """Say what a sale entitles to now."""
    standing = gifts.standing(connection, sale.gift)
    return rules.right(standing, partial_refund=sale.offer.partial_refund)


def may_renew(connection: Connection, licence: Licence) -> bool:
    """Say whether a licence may go on: nothing stands against it but renewals that went back."""
    first = first_of(connection, licence)
    causes = [cause for _reason, cause in reading.reasons(connection, licence.id)]
    return first is not None and not any(
        one.source != SOURCE or one.external_id.startswith(f"{first.name}:") for one in causes
    )


def _is_done(connection: Connection, sale: Sale) -> bool:
    """Say whether the gate was passed with this payment before."""
    if sale.renews:
        return store.is_passed(connection, sale)
    return licence_of(connection, sale) is not None


def _grant(
    connection: Connection, sale: Sale, licence: Licence | None, secret_key: str, now: datetime
) -> Licence | None:
    """Make the licence, or let it go on; give the money back where it may not be sold any more."""
    if _goes_back(connection, sale):
        return licence
    if licence is not None and not may_renew(connection, licence):
        _turn_away(connection, sale, "revoked", now)
        return licence
    certificate = gate.certificate_of(connection, sale, secret_key, now)
    if certificate is None:
        _turn_away(connection, sale, "not_certified", now)
        return licence
    audit = Audit(
        repo=_name(connection, sale.gift.repo_id),
        commit=sale.commit_sha,
        ledger_sha256=certificate.ledger_sha256,
        certificate_sha256=certificate.sha256,
    )
    if licence is not None:
        store.let_pass(connection, sale, now)
        return licence
    giver = gifts.giver_of(connection, sale.gift.id)
    begins = paid_at(connection, sale)
    wanted = replace(_terms(sale, begins), audit=audit, licensee=giver.name)
    wanted = replace(wanted, holder_id=giver.github_id)
    cause = Cause(SOURCE, sale.name)
    try:
        made = sold.issue(connection, sale.gift.repo_id, wanted, cause, secret_key, now)
    except UserError as error:
        _turn_away(connection, sale, str(error), now)
        return None
    letters.bought(connection, sale, now)
    return made


def _terms(sale: Sale, begins: datetime) -> Terms:
    offer = sale.offer
    until = rules.trial_until(offer, begins) if sale.trial else rules.expires(offer.term, begins)
    return Terms(
        product=sale.product,
        edition="trial" if sale.trial else sale.product,
        licensee="",
        order=sale.name,
        text_sha256=sale.text_sha256,
        audit=None,
        entitlements=offer.entitlements,
        seats=sale.seats,
        expires_at=until,
        updates_until=None if sale.trial else rules.updates_until(offer, begins),
    )


def _turn_away(connection: Connection, sale: Sale, reason: str, now: datetime) -> None:
    """Give back what was paid for something that cannot be sold any more."""
    for one in gifts.acts(connection, sale.gift.id):
        if one.deed != "paid":
            continue
        amount = to_stripe(Money(one.minor, sale.gift.money.currency))
        call = GiveBack(sale.gift.name, one.evidence, amount)
        if calls.put(connection, call, f"back:{one.evidence}", now):
            about = {"gift": sale.gift.id, "reason": reason}
            log.error("paid for what cannot be sold any more", extra=about)
            letters.not_sold(connection, sale, now)
        else:
            calls.again(connection, f"back:{one.evidence}", now)


def _goes_back(connection: Connection, sale: Sale) -> bool:
    """Say whether the bank was asked to give the money back, and has not refused."""
    paid = [one for one in gifts.acts(connection, sale.gift.id) if one.deed == "paid"]
    asked = (calls.by_key(connection, f"back:{one.evidence}") for one in paid)
    return any(one is not None and one.state not in {"failed", "dead"} for one in asked)


def _run_on(
    connection: Connection, first: Sale, licence: Licence, secret_key: str, now: datetime
) -> None:
    """Let a licence run for as long as was paid: the first term, and each renewal that stands."""
    terms = _terms(first, paid_at(connection, first))
    until, updates, seats = terms.expires_at, terms.updates_until, first.seats
    renewed: list[Offer] = []
    for sale in store.renewals(connection, licence.id):
        if right_of(connection, sale) != "granted" or not store.is_passed(connection, sale):
            continue
        at, seats = paid_at(connection, sale), max(seats, sale.seats)
        renewed.append(sale.offer)
        until = rules.expires(sale.offer.term, max(at, until)) if until else None
        if updates is not None:
            updates = rules.updates_until(sale.offer, max(at, updates))
    known = licence.terms
    if until is not None and until < now and known.expires_at is not None:
        # No file is made that was over before: what is left of it ends now.
        until = min(now, known.expires_at)
    changes = {
        "expires_at": until,
        "updates_until": updates,
        "seats": seats,
        "entitlements": rules.opened(first.offer, renewed),
    }
    if all(getattr(known, name) == value for name, value in changes.items()):
        return
    number = len(licence_acts.of_licence(connection, licence.id))
    cause = Cause(SOURCE, f"{licence.id}:{number}")
    sold.renew(connection, licence.id, changes, cause, secret_key, now)


def _stand(connection: Connection, first: Sale, licence: Licence, now: datetime) -> None:
    """Revoke a licence for each reason that stands, and lift those that do not any more."""
    wanted = _against(connection, first)
    was_off = licence.revoked_at is not None
    for cause, reason in wanted.items():
        if sold.revoke(connection, licence.id, reason, cause, now) and not was_off:
            letters.taken(connection, first, reason, cause.external_id, now)
            was_off = True
    lapsed = _lapsed(connection, licence, now)
    for cause, reason in lapsed.items():
        sold.revoke(connection, licence.id, reason, cause, now)
    for _reason, cause in reading.reasons(connection, licence.id):
        if cause.source != SOURCE or cause in wanted or cause in lapsed:
            continue
        sold.reinstate(connection, licence.id, cause, now)
        if not reading.reasons(connection, licence.id):
            letters.again(connection, first, cause.external_id, now)


def _against(connection: Connection, sale: Sale) -> dict[Cause, str]:
    """Name what stands against a sale: money that went back, disputes that are not won.

    Each refund and each dispute is a cause of its own: one that was lifted never comes again.
    """
    acts = gifts.acts(connection, sale.gift.id)
    over = {one.evidence for one in acts if one.deed in {"dispute_won", "refund_failed"}}
    open_ = [one for one in acts if one.evidence not in over]
    back = [one for one in open_ if one.deed in {"refunded", "handed"}]
    paid = sum(one.minor for one in acts if one.deed == "paid")
    if sale.offer.partial_refund != "revoke" and sum(one.minor for one in back) < paid:
        back = []
    found = {one.evidence: "DISPUTED" for one in open_ if one.deed == "disputed"}
    found |= {one.evidence: "REFUNDED" for one in back}
    return {Cause(SOURCE, f"{sale.name}:{evidence}"): why for evidence, why in found.items()}


def _lapsed(connection: Connection, licence: Licence, now: datetime) -> dict[Cause, str]:
    """Name what went back of the renewals of a licence that is over.

    Their files say that it runs on: once it is over without them, only our word ends those.
    """
    known = reading.find(connection, licence.id) or licence
    if known.terms.expires_at is None or now < known.terms.expires_at:
        return {}
    found: dict[Cause, str] = {}
    for one in store.renewals(connection, licence.id):
        if store.is_passed(connection, one):
            found |= _against(connection, one)
    return found


def paid_at(connection: Connection, sale: Sale) -> datetime:
    """Say when a sale was paid, or said where nothing was to be paid."""
    acts = gifts.acts(connection, sale.gift.id)
    return min((one.at for one in acts if one.deed == "paid"), default=sale.said_at)


def _name(connection: Connection, repo_id: int) -> str:
    row = connection.execute(repository.select().where(repository.c.id == repo_id)).one_or_none()
    return str(row.name) if row else str(repo_id)
