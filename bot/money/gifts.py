"""What follows for gifts from what was seen at the processor: acts are noted, the books are kept.

Whatever is looked at, and however often, the same acts and the same postings come of it.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.money import crediting, pledges_money
from bot.money.receipts import follow_what_went_back
from bot.money.seen import Look, sees, told_of_refusals
from bot.money.unasked import is_unasked, send_back
from core.context import Context, Effect, Task
from core.money import from_stripe, to_stripe
from donations import calls
from donations import store as books
from donations.asked import ChargeCard, Forget, OpenSession
from donations.calls import Kept
from donations.giving import booking, naming, settlements, store
from donations.giving.rules import Act, Deed
from donations.giving.store import Gift
from donations.ledger import Transaction
from donations.told import (
    Bill,
    Charge,
    Dispute,
    Intent,
    Kind,
    Movement,
    Refund,
    SavedCard,
    Session,
    Subscription,
)

log = logging.getLogger(__name__)

NOTHING: tuple[Effect, ...] = ()
AGAIN_AFTER = (timedelta(minutes=30), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
LEARNT_WITHIN = timedelta(days=2)
"""A page on which one pays is open for a day at most."""

ENDED = frozenset({"canceled", "incomplete_expired", "unpaid"})
NOT_YET = "incomplete"
"""It is made before its first payment, which may never come: nothing begins, and nothing else ends for it."""


@sees("session")
def session_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Follow the page on which somebody pays, or leaves a card."""
    seen, gift = look.seen, store.by_name(connection, look.about)
    if gift is None or not isinstance(seen, Session):
        return NOTHING
    _know(connection, gift, seen, ctx.now)
    if seen.mode != "setup" and not _is_as_said(connection, seen, gift):
        log.error("session is not what was said", extra={"gift": gift.id, "session": seen.id})
        return NOTHING
    deed: Deed | None = None
    if seen.status == "expired":
        deed = "abandoned"
    elif seen.status == "complete" and seen.payment_status == "unpaid":
        deed = "under_way"
    if deed:
        store.note(connection, gift, Act(deed, seen.id, ctx.now), ctx.now)
    return NOTHING


@sees("setup")
def card_saved(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """A card is there to be charged, once there is a reason."""
    seen, gift = look.seen, store.by_name(connection, look.about)
    if gift is None or not isinstance(seen, SavedCard) or seen.status != "succeeded":
        return NOTHING
    store.know(connection, gift.id, customer_id=seen.customer_id, method_id=seen.method_id)
    store.note(connection, gift, Act("saved", seen.id, ctx.now), ctx.now)
    return NOTHING


@sees("intent", "charge")
def charge_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Money came, or did not."""
    gift, seen = store.by_name(connection, look.about), look.seen
    if gift is None:
        return NOTHING
    if isinstance(seen, Intent):
        if seen.asks:
            store.note(connection, gift, Act("asked", seen.id, ctx.now), ctx.now)
        seen_charge = seen.charge
    else:
        seen_charge = seen if isinstance(seen, Charge) else None
    if seen_charge is not None:
        _charged(connection, gift, seen_charge, ctx.now)
    return NOTHING


@sees("bill")
def bill_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """A gift that comes again and again came once more: its charge says for whom it is."""
    seen = look.seen
    gift = store.by_name(connection, look.about)
    if gift is not None and isinstance(seen, Bill) and look.charge is not None:
        _charged(connection, gift, look.charge, ctx.now)
    return NOTHING


@sees("refund")
def refund_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Money went back, and sometimes comes home."""
    gift, seen = gift_of(connection, look), look.seen
    if not isinstance(seen, Refund) or look.charge is None:
        return NOTHING
    if gift is None:
        return _again(look, "refund", seen.id, ctx)
    booked = _charged(connection, gift, look.charge, ctx.now)
    said = from_stripe(seen.amount, seen.currency)
    if seen.about:
        booked = pledges_money.bearing(connection, gift, look.charge.id, booked)
    if seen.movement is not None:
        _note(connection, gift, "refunded", seen, seen.movement, ctx.now)
        _post(connection, booking.refunded(booked, seen.movement, said), ctx)
        follow_what_went_back(connection, gift, look.charge.id, ctx.now)
    if seen.returned is not None:
        _note(connection, gift, "refund_failed", seen, seen.returned, ctx.now)
        _post(connection, booking.refund_failed(booked, seen.returned, said), ctx)
    return crediting.credit(connection, gift, ctx.now)


@sees("dispute")
def dispute_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """The holder of a card disputes a payment: the money goes, and comes back if we are right."""
    gift, seen = gift_of(connection, look), look.seen
    if not isinstance(seen, Dispute) or look.charge is None:
        return NOTHING
    if gift is None:
        return _again(look, "dispute", seen.id, ctx)
    booked = _charged(connection, gift, look.charge, ctx.now)
    said = from_stripe(seen.amount, seen.currency)
    for movement in seen.movements:
        deed: Deed = "disputed" if movement.amount < 0 else "dispute_won"
        _note(connection, gift, deed, seen, movement, ctx.now)
        _post(connection, booking.disputed(booked, movement, said), ctx)
    if seen.status == "lost" and seen.movements:
        _note(connection, gift, "dispute_lost", seen, seen.movements[0], ctx.now)
        # Not while it is open: what comes back was given all the time.
        follow_what_went_back(connection, gift, look.charge.id, ctx.now)
    return crediting.credit(connection, gift, ctx.now)


@sees("subscription")
def subscription_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Giving again and again began, or ended."""
    gift, seen = store.by_name(connection, look.about), look.seen
    if gift is None or not isinstance(seen, Subscription):
        return NOTHING
    if seen.status == NOT_YET:
        return NOTHING
    store.know(connection, gift.id, subscription_id=seen.id)
    deed: Deed = "ended" if seen.status in ENDED else "began"
    store.note(connection, gift, Act(deed, seen.id, ctx.now), ctx.now)
    return NOTHING


@told_of_refusals
def refused(kept: Kept, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """The processor would not open the page, or the card said no."""
    gift = store.by_name(connection, kept.call.about)
    if gift is None or not isinstance(kept.call, OpenSession | ChargeCard):
        return NOTHING
    deed: Deed = "asked" if kept.code == "authentication_required" else "failed"
    evidence = f"call:{kept.id}:{kept.refusals}"
    store.note(connection, gift, Act(deed, evidence, ctx.now), ctx.now)
    return NOTHING


def _charged(connection: Connection, gift: Gift, seen: Charge, now: datetime) -> booking.Gift:
    """Note a payment and post it; one whose fee is not known yet waits for its movement.

    Gives how all that moves by this charge is booked: what nobody said is owed back.
    """
    # Of two payments that are heard of at once, the second has to see the first.
    store.hold(connection, gift)
    booked = store.booked(connection, gift)
    if not seen.paid:
        if seen.code:
            store.note(connection, gift, Act("failed", seen.id, seen.created_at), now)
        return booked
    if is_unasked(connection, gift, seen):
        send_back(connection, gift, seen, now)
        booked = booked.unasked
    if seen.movement is None:
        return booked
    _note(connection, gift, "paid", seen, seen.movement, now)
    settlements.note(connection, gift, seen, now)
    said = from_stripe(seen.amount, seen.currency)
    posted = booking.paid(booked, seen.movement, said)
    for one in posted:
        books.post(connection, one, now)
    naming.posted(connection, gift, posted[0].cause)
    return booked


def _note(
    connection: Connection,
    gift: Gift,
    deed: Deed,
    seen: Charge | Refund | Dispute,
    of: Movement,
    now: datetime,
) -> None:
    """Note what a movement did to the gift, in the gift's own currency.

    The movement may be in another one, in which the account is paid out.
    """
    payment = seen.id if isinstance(seen, Charge) else seen.charge_id
    acts = store.acts(connection, gift.id)
    if any(one.deed == "unasked" and one.evidence == payment for one in acts):
        return
    amount = from_stripe(seen.amount, seen.currency).minor
    act = Act(deed, seen.id, of.created_at, amount, "" if payment == seen.id else payment)
    store.note(connection, gift, act, now)


def _post(connection: Connection, posted: tuple[Transaction, ...], ctx: Context) -> None:
    for one in posted:
        books.post(connection, one, ctx.now)


def _know(connection: Connection, gift: Gift, seen: Session, now: datetime) -> None:
    told = {"customer_id": seen.customer_id, "subscription_id": seen.subscription_id}
    if gift.product == "pledge" and seen.mode == "payment" and told.pop("customer_id"):
        # Paid on a page of its own: the card that was saved before is still to be forgotten, too.
        call = Forget(gift.name, seen.customer_id)
        calls.put(connection, call, f"forget:{seen.customer_id}", now)
    # A page is looked at again much later, too: what was erased by then stays so.
    if now - gift.said_at < LEARNT_WITHIN and not store.giver_of(connection, gift.id).email:
        told["email"] = seen.email
    if known := {name: value for name, value in told.items() if value}:
        store.know(connection, gift.id, **known)


def gift_of(connection: Connection, look: Look) -> Gift | None:
    """Give the gift that something concerns: a bill's charge does not name it itself."""
    found = store.by_name(connection, look.about)
    of = look.seen if isinstance(look.seen, Charge) else look.charge
    if found is None and of is not None:
        found = store.of_charge(connection, of.id)
    return found


def _again(look: Look, kind: Kind, number: str, ctx: Context) -> Iterable[Effect]:
    """Look once more where money moved back before we heard that it came: the bill may be late."""
    if look.charge is None or look.charge.about:
        return
    for place, wait in enumerate(AGAIN_AFTER):
        due_at = look.charge.created_at + wait
        if due_at > ctx.now:
            about = {"kind": kind, "id": number}
            yield Task("look_at_stripe", f"again:{number}:{place}", due_at, None, about)
            return


def _is_as_said(connection: Connection, seen: Session, gift: Gift) -> bool:
    kept = calls.by_key(connection, gift.name)
    later = kept is not None and isinstance(kept.call, OpenSession) and kept.call.starts_at
    if later and seen.payment_status == "no_payment_required":
        # It goes on in place of another gift: nothing is taken before that would have been.
        return seen.amount == 0 and seen.currency == gift.money.currency
    return (seen.amount, seen.currency) == (to_stripe(gift.money), gift.money.currency)
