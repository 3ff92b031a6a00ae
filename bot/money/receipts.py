"""Which receipts there are for the payments of a gift, and which can be had; what goes back cancels them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.money import Money
from donations.giving import store
from donations.giving.rules import Act
from donations.giving.store import Gift
from donations.receipts import store as receipts
from donations.receipts.fields import TAX, Kind, offered
from donations.receipts.store import Receipt


@dataclass(frozen=True)
class Payment:
    """A payment of a gift: what was issued for it, and what can be."""

    act: Act
    money: Money
    issued: tuple[Receipt, ...]
    kinds: tuple[Kind, ...]


def payments(connection: Connection, gift: Gift) -> tuple[Payment, ...]:
    """Give the payments of a gift, the newest first; what went back has no new receipts."""
    standing = store.standing(connection, gift)
    whole = standing.state == "paid" and not standing.returned
    issuer = receipts.issuer_of(connection, gift.repo_id)
    issued = receipts.of_gift(connection, gift.id)
    found = []
    for one in store.acts(connection, gift.id):
        if one.deed != "paid":
            continue
        numbers = {paper.id for paper in issued if paper.payment == one.evidence}
        own = tuple(it for it in issued if it.id in numbers or it.cancels in numbers)
        money = Money(one.minor, gift.money.currency)
        kinds = offered(issuer, money) if whole else ()
        if gift.product != "donation":
            kinds = tuple(kind for kind in kinds if kind not in TAX)
        had = {paper.kind for paper in own}
        left = tuple(kind for kind in kinds if kind not in had)
        found.append(Payment(one, money, own, left))
    return tuple(reversed(found))


def cancel_where_it_went_back(connection: Connection, gift: Gift, now: datetime) -> None:
    """Cancel the receipts of a gift of which something went back, each once."""
    if not store.standing(connection, gift).returned:
        return
    for one in receipts.of_gift(connection, gift.id):
        if one.kind != "cancellation":
            receipts.cancel(connection, one, now)
