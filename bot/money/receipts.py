"""Which receipts there are for the payments of a gift, and which can be had; what goes back ends them.

Receipts for gifts are cancelled, and others can be had for what is left of the payment. An invoice
stays: a credit note says what went back of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from sqlalchemy import Connection

from bot.money.pledges_money import is_asked_back
from core.money import Money, split
from donations import calls
from donations.asked import OpenSession
from donations.asking import members
from donations.giving import store
from donations.giving.rules import Act, went_back
from donations.giving.store import Gift
from donations.receipts import rest
from donations.receipts import store as receipts
from donations.receipts.fields import Donor, Item, Kind, invoiced, offered
from donations.receipts.store import Receipt

Acts = Sequence[Act]

STAY: frozenset[Kind] = frozenset({"invoice", "credit_note", "cancellation"})
"""What is a document of both sides’ books: it is never taken back by itself."""


@dataclass(frozen=True)
class Payment:
    """A payment of a gift: what was issued for it, and what can be, for the `money` that is left.

    `before` are the receipts of it that were cancelled, by kind, the last of each with whom it was
    issued to; `cancelled` counts them.
    """

    act: Act
    money: Money
    issued: tuple[Receipt, ...]
    kinds: tuple[Kind, ...]
    before: Mapping[Kind, tuple[Receipt, Donor]] = field(default_factory=dict)
    cancelled: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def is_part(self) -> bool:
        """Say whether a part of it went back, so that a receipt is for what is left."""
        return self.money.minor != self.act.minor

    def about(self, kind: Kind) -> str:
        """Name what the next receipt of a kind is about: one of a kind holds at a time."""
        return rest.name(self.act.evidence, self.cancelled.get(kind, 0))

    def told(self, kind: Kind, name: str) -> str:
        """Give what stood in a field of the receipt in whose place another one is issued."""
        return str(getattr(self.before[kind][1], name)) if kind in self.before else ""


def payments(connection: Connection, gift: Gift) -> tuple[Payment, ...]:
    """Give the payments of a gift, the newest first; what goes or went back has no new receipts."""
    acts = store.acts(connection, gift.id)
    issued = receipts.of_gift(connection, gift.id)
    own_thanks = members.joined(connection, gift.id)
    is_gift = gift.product == "donation" and not (own_thanks and own_thanks.counterpart)
    # What is paid for something is invoiced; only gifts make anybody pay less tax.
    issuer = receipts.issuer_of(connection, gift.repo_id)
    wanted = partial(offered if is_gift else invoiced, issuer)
    found = []
    for one in acts:
        if one.deed != "paid":
            continue
        # What was sold stays invoiced as a whole, and what went back of it is credited.
        minor = rest.left(acts, one) if is_gift else one.minor
        money = Money(minor, gift.money.currency)
        kinds = () if _goes_back(connection, acts, one) else wanted(money)
        found.append(_payment(connection, Payment(one, money, issued, kinds)))
    return tuple(reversed(found))


def _payment(connection: Connection, of: Payment) -> Payment:
    """Leave of what was issued what is about this payment, and of the kinds those that it has not."""
    papers = [it for it in of.issued if rest.is_about(it.payment, of.act.evidence)]
    numbers = {paper.id for paper in papers}
    gone = {it.cancels for it in of.issued} & numbers
    notes = {paper.id for paper in of.issued if paper.credits in numbers}
    own = tuple(it for it in of.issued if {it.id, it.cancels} & (numbers | notes))
    had = {paper.kind for paper in papers if paper.id not in gone}
    before: dict[Kind, tuple[Receipt, Donor]] = {}
    for paper in papers:
        facts = receipts.facts_of(connection, paper) if paper.id in gone else None
        if facts is not None:
            before[paper.kind] = paper, facts.donor
    return replace(
        of,
        issued=own,
        kinds=tuple(kind for kind in of.kinds if kind not in had),
        before=before,
        cancelled=Counter(paper.kind for paper in papers if paper.id in gone),
    )


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
    """Cancel the receipts of a payment of which something went back, once; its invoice is credited later.

    A receipt for exactly what is left stands.
    """
    acts = store.acts(connection, gift.id)
    gone = went_back(acts, payment)
    left = next((rest.left(acts, one) for one in acts if one.evidence == payment), 0)
    for one in receipts.of_gift(connection, gift.id) if gone else ():
        stays = one.kind in STAY or one.money.minor == left
        if not stays and rest.is_about(one.payment, payment):
            receipts.cancel(connection, one, now)


def _goes_back(connection: Connection, acts: Acts, payment: Act) -> bool:
    """Say whether all of a payment went back, or it is disputed, or was asked back.

    What came home from a dead card is still owed to its giver; a dispute that was won is over.
    """
    own = [one for one in acts if one.payment == payment.evidence]
    over = {one.evidence for one in own if one.deed in {"dispute_won", "dispute_lost"}}
    if rest.left(acts, payment) == 0:
        return True
    if any(one.deed == "disputed" and one.evidence not in over for one in own):
        return True
    return is_asked_back(connection, payment.evidence)
