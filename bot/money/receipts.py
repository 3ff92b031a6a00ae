"""Which receipts there are for the payments of a gift, and which can be had; what goes back ends them.

Receipts for gifts are cancelled. An invoice stays: a credit note says what went back of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from bot.mail import gifts as letters
from core.money import Money, split
from donations import calls
from donations.asked import OpenSession
from donations.asking import members
from donations.giving import store
from donations.giving.rules import Act, went_back
from donations.giving.store import Gift
from donations.receipts import store as receipts
from donations.receipts.fields import Item, Kind, invoiced, offered
from donations.receipts.store import Receipt


@dataclass(frozen=True)
class Payment:
    """A payment of a gift: what was issued for it, and what can be."""

    act: Act
    money: Money
    issued: tuple[Receipt, ...]
    kinds: tuple[Kind, ...]


def payments(connection: Connection, gift: Gift) -> tuple[Payment, ...]:
    """Give the payments of a gift, the newest first; what goes or went back has no new receipts."""
    acts = store.acts(connection, gift.id)
    issuer = receipts.issuer_of(connection, gift.repo_id)
    issued = receipts.of_gift(connection, gift.id)
    found = []
    own_thanks = members.joined(connection, gift.id)
    is_gift = gift.product == "donation" and not (own_thanks and own_thanks.counterpart)
    for one in acts:
        if one.deed != "paid":
            continue
        numbers = {paper.id for paper in issued if paper.payment == one.evidence}
        own = tuple(it for it in issued if {it.id, it.cancels, it.credits} & numbers)
        money = Money(one.minor, gift.money.currency)
        # What is paid for something is invoiced; only gifts make anybody pay less tax.
        wanted = offered if is_gift else invoiced
        least = 1 if is_gift else one.minor
        kinds = () if _goes_back(connection, acts, one, least) else wanted(issuer, money)
        had = {paper.kind for paper in own}
        left = tuple(kind for kind in kinds if kind not in had)
        found.append(Payment(one, money, own, left))
    return tuple(reversed(found))


def item_of(connection: Connection, gift: Gift, payment: Payment) -> Item:
    """Say what was paid for, in the words of the page on which it was paid, and the tax in it."""
    asked = calls.by_key(connection, gift.name)
    words = asked.call.words if asked and isinstance(asked.call, OpenSession) else ""
    shares = dict(store.terms_of(connection, gift).split)
    rest, weight = shares.get("licences", 0), shares.get("tax", 0)
    if not weight or not rest:
        return Item(words or gift.name)
    tax = split(payment.money, (rest, weight))[1]
    percent = Decimal(weight * 100) / rest
    return Item(words, tax=tax.minor, percent=f"{percent.normalize():f}")


def follow_what_went_back(connection: Connection, gift: Gift, payment: str, now: datetime) -> None:
    """Cancel the receipts of a payment of which something went back, and credit its invoice; once."""
    gone = went_back(store.acts(connection, gift.id), payment)
    for one in receipts.of_gift(connection, gift.id) if gone else ():
        if one.payment != payment or one.kind in {"cancellation", "credit_note"}:
            continue
        if one.kind != "invoice":
            receipts.cancel(connection, one, now)
            continue
        for act in gone:
            money = Money(act.minor, gift.money.currency)
            note = receipts.credit_back(connection, one, money, act.evidence, now)
            if note is not None:
                letters.receipt(connection, gift, note.name, now)


def _goes_back(connection: Connection, acts: Iterable[Act], payment: Act, least: int) -> bool:
    """Say whether so much of a payment went back, or it is disputed, or was asked back.

    What came home from a dead card is still owed to its giver; a dispute that was won is over. Of
    what was sold a part may go back: it is invoiced all the same, and the part credited.
    """
    own = [one for one in acts if one.payment == payment.evidence]
    over = {one.evidence for one in own if one.deed in {"dispute_won", "dispute_lost"}}
    gone = went_back(acts, payment.evidence)
    if sum(one.minor for one in gone) >= least:
        return True
    if any(one.deed == "disputed" and one.evidence not in over for one in own):
        return True
    asked = calls.by_key(connection, f"back:{payment.evidence}")
    return asked is not None and asked.state != "failed"
