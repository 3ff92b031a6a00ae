"""Money that came and was not said: another amount or currency, or once more. It goes back, and is shown.

A page of the processor's cannot bring it; a hand at its dashboard, a second page or a fault can.
"""

import logging
from datetime import datetime

from sqlalchemy import Connection

from core.money import to_stripe
from donations import calls
from donations.asked import GiveBack
from donations.giving import store
from donations.giving.rules import Act
from donations.giving.store import Gift
from donations.told import Charge

log = logging.getLogger(__name__)


def is_unasked(connection: Connection, gift: Gift, seen: Charge) -> bool:
    """Say whether a payment is none that the gift's words cover; what was once judged stays so."""
    heard = {
        deed: {one.evidence for one in store.acts(connection, gift.id) if one.deed == deed}
        for deed in ("paid", "unasked")
    }
    if seen.id in heard["paid"] or seen.id in heard["unasked"]:
        return seen.id in heard["unasked"]
    once_more = gift.rhythm == "once" and bool(heard["paid"])
    said = (to_stripe(gift.money), gift.money.currency)
    return once_more or (seen.amount, seen.currency) != said


def send_back(connection: Connection, gift: Gift, seen: Charge, now: datetime) -> None:
    """Note it, say so where faults are read, and ask the bank once to give all of it back."""
    act = Act("unasked", seen.id, seen.created_at)
    if not store.note(connection, gift, act, now):
        return
    log.error("payment is not what was said", extra={"gift": gift.id, "charge": seen.id})
    left = seen.amount - seen.refunded
    # What is disputed cannot be given back: it goes by itself.
    if left > 0 and not seen.disputed:
        call = GiveBack(gift.name, seen.id, left)
        calls.put(connection, call, f"unasked:{seen.id}", now)
