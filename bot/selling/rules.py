"""The laws of selling, without a database: prices, how long a licence runs, promises about prices."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from core.digests import canonical, sha256
from core.money import Money, split
from donations.giving.rules import Standing
from licensing.sold.claims import MOST_ENTITLEMENTS
from licensing.sold.days import end_of, later

WHOLE = 10_000
"""The part of a price that is no tax, beside which a tax of 20 per cent weighs 2,000."""

Term = Literal["month", "year", "perpetual"]

Broken = Literal["dearer", "currency", "term", "seats", "entitlements"]
"""Which part of a promise about a price does not hold any more."""

Right = Literal["none", "granted", "suspended", "ended"]
"""What a payment entitles to: suspended while it is disputed, ended once it went back."""


@dataclass(frozen=True)
class Offer:
    """A product as it was offered: `price` of a seat is fixed, or None where people choose from `least`.

    `tax_percent` is contained in the price.
    """

    repo_id: int
    product: str
    name: str
    seller: str
    price: Money | None
    least: Money
    entitlements: tuple[str, ...]
    seats: int
    most_seats: int
    term: Term
    updates_days: int
    trial_days: int
    tax_percent: Decimal
    refund_days: int
    partial_refund: str
    locked_until: datetime | None = None

    @property
    def floor(self) -> Money:
        """The least that is paid for a seat."""
        return self.least if self.price is None else self.price

    @property
    def text(self) -> str:
        """The offer as the text that is hashed."""
        record = {
            "repository": self.repo_id,
            "product": self.product,
            "name": self.name,
            "seller": self.seller,
            "currency": self.floor.currency,
            "price": None if self.price is None else self.price.minor,
            "least": self.least.minor,
            "entitlements": list(self.entitlements),
            "seats": self.seats,
            "most_seats": self.most_seats,
            "term": self.term,
            "updates_days": self.updates_days,
            "trial_days": self.trial_days,
            "tax_percent": str(self.tax_percent),
            "refund_days": self.refund_days,
            "partial_refund": self.partial_refund,
            "locked_until": self.locked_until.isoformat() if self.locked_until else None,
        }
        return canonical(record)

    @property
    def sha256(self) -> str:
        """The hash of that text."""
        return sha256(self.text.encode())


def offer_of(record: Mapping[str, Any]) -> Offer:
    """Read an offer that was kept."""
    code, price, locked = record["currency"], record["price"], record["locked_until"]
    return Offer(
        repo_id=record["repository"],
        product=record["product"],
        name=record["name"],
        seller=record["seller"],
        price=None if price is None else Money(price, code),
        least=Money(record["least"], code),
        entitlements=tuple(record["entitlements"]),
        seats=record["seats"],
        most_seats=record["most_seats"],
        term=record["term"],
        updates_days=record["updates_days"],
        trial_days=record["trial_days"],
        tax_percent=Decimal(record["tax_percent"]),
        refund_days=record["refund_days"],
        partial_refund=record["partial_refund"],
        locked_until=datetime.fromisoformat(locked) if locked else None,
    )


def due(offer: Offer, seats: int, chosen: Money) -> Money:
    """Give what `seats` cost: the price of each, or what was chosen for all, but never below the floor.

    Raises `ValueError` for a number of seats that is not sold.
    """
    if not offer.seats <= seats <= offer.most_seats:
        raise ValueError(f"{offer.seats} to {offer.most_seats} seats are sold")
    packs = Money(offer.floor.minor * seats, offer.floor.currency)
    return packs if offer.price is not None else max(packs, chosen)


def tax(offer: Offer, money: Money) -> Money:
    """Give the tax that a price contains, as the books part it."""
    return split(money, (WHOLE, taxed(offer)))[1]


def taxed(offer: Offer) -> int:
    """Give the weight of the tax in a price, beside `WHOLE`."""
    return int(offer.tax_percent * WHOLE / 100)


def expires(term: Term, begins: datetime) -> datetime | None:
    """Say when a licence ends: with the same day a month or a year later; None where it never does."""
    if term == "perpetual":
        return None
    whole = {"years": 1} if term == "year" else {"months": 1}
    return end_of(later(begins.astimezone(UTC).date(), **whole))


def updates_until(offer: Offer, begins: datetime) -> datetime | None:
    """Say until when what is released may be used with a perpetual licence."""
    if offer.term != "perpetual":
        return None
    return end_of((begins.astimezone(UTC) + timedelta(days=offer.updates_days)).date())


def trial_until(offer: Offer, begins: datetime) -> datetime:
    """Say when trying something ends."""
    return end_of((begins.astimezone(UTC) + timedelta(days=offer.trial_days)).date())


def broken(offer: Offer, promised: Iterable[Offer], now: datetime) -> tuple[Broken, ...]:
    """Name what an offer makes worse than promises that still hold."""
    found: dict[Broken, None] = {}
    for one in promised:
        if one.product != offer.product or one.locked_until is None or one.locked_until < now:
            continue
        if one.floor.currency != offer.floor.currency:
            found["currency"] = None
        elif one.floor < offer.floor:
            found["dearer"] = None
        if one.term != offer.term or one.updates_days > offer.updates_days:
            found["term"] = None
        # Who has to take more seats pays more; who gets fewer for the same has less.
        if one.seats != offer.seats:
            found["seats"] = None
        if not set(one.entitlements) <= set(offer.entitlements):
            found["entitlements"] = None
    return tuple(found)


def gone(promised: Iterable[Offer], offered: Collection[str], now: datetime) -> tuple[Offer, ...]:
    """Give what was promised at a price that still holds, and is not `offered` (by id) any more.

    Else a product would only need another name to cost more.
    """
    found: dict[str, Offer] = {}
    for one in promised:
        if one.product not in offered and one.locked_until and now <= one.locked_until:
            found.setdefault(one.product, one)
    return tuple(found.values())


def opened(first: Offer, renewed: Iterable[Offer]) -> tuple[str, ...]:
    """Name what a licence opens: all that the terms opened that were paid for, in that order.

    Who renews pays what it costs now, and gets what it opens now; what they had, they keep.
    """
    named = dict.fromkeys(first.entitlements)
    for offer in renewed:
        named |= dict.fromkeys(offer.entitlements)
    # So many names have room in a file; an offer alone has fewer.
    return tuple(named)[:MOST_ENTITLEMENTS]


def right(standing: Standing, *, partial_refund: str) -> Right:
    """Say what a payment entitles to."""
    if standing.state in {"given_back", "lost"}:
        return "ended"
    if standing.state == "disputed":
        return "suspended"
    if standing.state == "nothing":
        return "granted"
    if standing.state != "paid":
        return "none"
    return "ended" if standing.returned and partial_refund == "revoke" else "granted"
