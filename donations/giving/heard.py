"""Who hears what happens to gifts: `@hears` registers; they are told in the same transaction, once.

A hearer gets the number of the gift, what happened, and when it was written down.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from donations.giving.rules import Act

Hearer = Callable[[Connection, int, Act, datetime], None]

_hearers: list[Hearer] = []


def hears(hearer: Hearer) -> Hearer:
    """Register who is told of everything new that happens to a gift."""
    _hearers.append(hearer)
    return hearer


def tell(connection: Connection, gift_id: int, done: Act, now: datetime) -> None:
    """Tell all of them."""
    for hearer in _hearers:
        hearer(connection, gift_id, done, now)
