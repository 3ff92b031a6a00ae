"""Payments that the processor settled in another currency than they were said in: at which rate, once.

A row is written when the payment is first seen with its movement, and never again: nothing is
rated anew. A payment without a row settled in what was said.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from core.db import insert_once
from core.money import Money, from_stripe
from donations.giving.store import Gift
from donations.giving.tables import settlement
from donations.told import Charge


@dataclass(frozen=True)
class Settlement:
    """What was said, what it came to before fees, and what the card was shown."""

    charge_id: str
    said: Money
    settled: Money
    shown: Money


def note(connection: Connection, gift: Gift, seen: Charge, now: datetime) -> None:
    """Keep what a payment settled in, where that is another currency."""
    said = from_stripe(seen.amount, seen.currency)
    if seen.movement is None:
        return
    settled = from_stripe(seen.movement.amount, seen.movement.currency)
    shown = from_stripe(*seen.shown) if seen.shown else said
    if {settled.currency, shown.currency} == {said.currency}:
        return
    values = {
        "charge_id": seen.id,
        "gift_id": gift.id,
        "minor": said.minor,
        "currency": said.currency,
        "settled_minor": settled.minor,
        "settled_currency": settled.currency,
        "shown_minor": shown.minor,
        "shown_currency": shown.currency,
        "recorded_at": now,
    }
    insert_once(connection, settlement, values)


def of_gift(connection: Connection, gift_id: int) -> dict[str, Settlement]:
    """Give the settlements of a gift's payments by their charges."""
    rows = connection.execute(select(settlement).where(settlement.c.gift_id == gift_id))
    return {
        row.charge_id: Settlement(
            row.charge_id,
            Money(row.minor, row.currency),
            Money(row.settled_minor, row.settled_currency),
            Money(row.shown_minor, row.shown_currency),
        )
        for row in rows
    }


def came_to(of: Settlement | None, part: Money) -> Money:
    """Give what a part of a payment settled in, rounded down."""
    if of is None or not of.said:
        return part
    return Money(part.minor * of.settled.minor // of.said.minor, of.settled.currency)
