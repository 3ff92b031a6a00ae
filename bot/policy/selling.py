"""The section `[selling]` of the rules file: what is sold, for how much, and its mistakes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from bot.mistakes import N_, Lines, Problem
from bot.policy import shape, sharing
from bot.policy.sections import Unknown
from bot.policy.sharing import find_sharing
from bot.policy.values import Check, Found, is_count, is_line, is_path, one_of, yes_or_no
from core import money
from core.currencies import CURRENCIES
from core.money import Money, NotAnAmount
from donations.sharing.rules import Rule

SELLING, PRODUCTS = "selling", "selling.products"
Term = Literal["month", "year", "perpetual"]
TERMS: tuple[Term, ...] = ("month", "year", "perpetual")
Partial = Literal["keep", "revoke"]
PARTIAL: tuple[Partial, ...] = ("keep", "revoke")
MOST_PRODUCTS = 20
MOST_SEATS = 10_000
MOST_DAYS = 3_651
MOST_SUGGESTED = 6
MOST_ENTITLEMENTS = 40
LONGEST_LINE = 120
LONGEST_SAYING = 300

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_MODULE = re.compile(r"[a-z][a-z0-9_./*-]{0,39}", re.ASCII)

_SECTION = N_("“selling” must be a section: write [selling] on a line of its own.")
_PRODUCTS = N_(
    "“products” must be sections: write [[selling.products]] on a line of its own before each,"
    " at most %(most)d of them."
)
_ID = N_(
    "A product needs an “id” of small letters, digits, “-” and “_”, at most 40,"
    ' as in: id = "pro". It never changes: licences bear it.'
)
_ID_TWICE = N_("There are two products with the id “%(value)s”. Give each its own.")
_TEXT = N_("“%(key)s” must be one line of at most %(most)d characters.")
_FILE = N_('“document” must be a path in this repository, as in: document = "COMMERCIAL.md".')
_MONEY = N_('“currency” must be the code of a currency that is known, as in: currency = "EUR".')
_SUM = N_('“%(key)s” holds no amount of %(currency)s. Write a text, as in: "49.90".')
_UNPAYABLE = N_("“price” must be “0”, or what a card can pay: at least %(least)s %(currency)s.")
_PRICE_OR_FLOOR = N_(
    "A product has either a “price”, or a “least” from which on people pay what they want."
)
_PERCENT = N_('“tax_percent” must be a text from 0 to 50, as in: tax_percent = "20".')
_COUNT = N_("“%(key)s” must be a whole number from %(least)d to %(most)d.")
_ENTITLEMENTS = N_(
    "“entitlements” must be a list of at most %(most)d names of small letters, digits and any of"
    ' “-_./*”, as in: entitlements = ["reports", "ee/**"].'
)
_LOCKED = N_(
    "“locked_until” must be a date without quotes, as in: locked_until = 2028-12-31."
    " Until then the price does not rise."
)


@dataclass(frozen=True)
class Product:
    """Something that is sold: a fixed `price` for each seat, or from `least` up what people want.

    `term` is how long a licence runs; one that is `perpetual` has updates for `updates_days`. Who
    tries it may for `trial_days`. Until the end of the day `locked_until` the price does not rise.
    """

    id: str
    name: str
    says: str
    entitlements: tuple[str, ...]
    price: Money | None
    least: Money
    suggested: tuple[Money, ...]
    seats: int
    most_seats: int
    term: Term
    updates_days: int
    trial_days: int
    locked_until: date | None


@dataclass(frozen=True)
class Selling:
    """What a project sells, once `on`; `tax_percent` is contained in the prices.

    `document` is the text of the commercial licence. `partial_refund` says what becomes of a
    licence of whose price only a part went back.
    """

    on: bool = False
    seller: str = ""
    document: str = "COMMERCIAL.md"
    currency: str = "EUR"
    tax_percent: Decimal = Decimal(0)
    refund_days: int = 14
    partial_refund: Partial = "keep"
    sharing: Rule | None = None
    products: tuple[Product, ...] = field(default=())

    def product(self, name: str) -> Product | None:
        """Give a product by its id."""
        return next((one for one in self.products if one.id == name), None)


def read(given: shape.Selling | None) -> Selling:
    """Give what a file without mistakes says is sold."""
    if given is None:
        return Selling()
    return Selling(
        on=given.on and bool(given.products),
        seller=given.seller.strip(),
        document=given.document,
        currency=given.currency,
        tax_percent=Decimal(given.tax_percent),
        refund_days=given.refund_days,
        partial_refund=next(one for one in PARTIAL if one == given.partial_refund),
        sharing=sharing.read(given.sharing, given.currency),
        products=tuple(_product(one, given.currency) for one in given.products),
    )


def _product(one: shape.Product, code: str) -> Product:
    return Product(
        id=one.id,
        name=one.name.strip() or one.id,
        says=one.says.strip(),
        entitlements=tuple(dict.fromkeys(one.entitlements)),
        price=money.parse(one.price, code, "en") if one.price else None,
        least=money.parse(one.least or "0", code, "en"),
        suggested=tuple(money.parse(text, code, "en") for text in one.suggested),
        seats=one.seats,
        most_seats=max(one.most_seats, one.seats),
        term=next(term for term in TERMS if term == one.term),
        updates_days=one.updates_days,
        trial_days=one.trial_days,
        locked_until=one.locked_until,
    )


def find_selling(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[selling]`."""
    if not isinstance(value, dict):
        yield Problem(where.of("", SELLING), _SECTION)
        return
    yield from unknown(where, value, SELLING, shape.Selling)
    for key, check in _CHECKS.items():
        for text, about in check(value[key]) if key in value else ():
            yield Problem(where.of(SELLING, key), text, about)
    currency = value.get("currency", "EUR")
    if currency not in CURRENCIES:
        yield Problem(where.of(SELLING, "currency"), _MONEY)
        return
    if "sharing" in value:
        yield from find_sharing(where, value["sharing"], currency, unknown)
    yield from _find_products(where, value.get("products", []), currency, unknown)


def _find_products(
    where: Lines, value: object, currency: str, unknown: Unknown
) -> Iterator[Problem]:
    if (
        not isinstance(value, list)
        or len(value) > MOST_PRODUCTS
        or not all(isinstance(one, dict) for one in value)
    ):
        yield Problem(where.of(SELLING, "products"), _PRODUCTS, {"most": MOST_PRODUCTS})
        return
    seen: set[str] = set()
    for index, one in enumerate(value):
        section = f"{PRODUCTS}[{index}]"
        yield from unknown(where, one, section, shape.Product)
        for key, check in _OF_PRODUCT.items():
            for text, about in check(one.get(key)) if key in one or key == "id" else ():
                yield Problem(where.of(section, key), text, about)
        for key, text, about in _prices(one, currency):
            yield Problem(where.of(section, key), text, about)
        if isinstance(name := one.get("id"), str):
            if name in seen:
                yield Problem(where.of(section, "id"), _ID_TWICE, {"value": name})
            seen.add(name)


def _prices(one: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str, dict[str, object]]]:
    for key in ("price", "least"):
        if key in one and not _is_sum(one[key], currency):
            yield key, _SUM, {"key": key, "currency": currency}
        elif key == "price" and key in one and not _is_payable(one[key], currency):
            least = str(money.least(currency).decimal)
            yield key, _UNPAYABLE, {"least": least, "currency": currency}
    suggested = one.get("suggested", [])
    if (
        not isinstance(suggested, list)
        or len(suggested) > MOST_SUGGESTED
        or not all(_is_sum(text, currency) for text in suggested)
    ):
        yield "suggested", _SUM, {"key": "suggested", "currency": currency}
    if bool(one.get("price")) == ("least" in one):
        yield "price", _PRICE_OR_FLOOR, {}


def _is_sum(text: object, currency: str) -> bool:
    if not isinstance(text, str):
        return False
    try:
        money.parse(text, currency, "en")
    except NotAnAmount:
        return False
    return True


def _is_payable(text: str, currency: str) -> bool:
    price = money.parse(text, currency, "en")
    return not price or money.least(currency) <= price


def _line(key: str, most: int = LONGEST_LINE) -> Check:
    def check(value: object) -> Found:
        if not is_line(value, most=most):
            yield _TEXT, {"key": key, "most": most}

    return check


def _number(key: str, least: int, most: int) -> Check:
    def check(value: object) -> Found:
        if not is_count(value, least=least, most=most + 1):
            yield _COUNT, {"key": key, "least": least, "most": most}

    return check


def _choice(key: str, known: tuple[str, ...]) -> Check:
    def check(value: object) -> Found:
        if not isinstance(value, str):
            yield _TEXT, {"key": key, "most": LONGEST_LINE}
        else:
            yield from one_of(value, known)

    return check


def _document(value: object) -> Found:
    if not isinstance(value, str) or not is_path(value):
        yield _FILE, {}


def _percent(value: object) -> Found:
    try:
        fits = isinstance(value, str) and 0 <= Decimal(value) <= 50  # noqa: PLR2004
    except InvalidOperation:
        fits = False
    if not fits:
        yield _PERCENT, {}


def _id(value: object) -> Found:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        yield _ID, {}


def _entitlements(value: object) -> Found:
    sound = isinstance(value, list) and len(value) <= MOST_ENTITLEMENTS
    names = value if isinstance(value, list) else []
    if not sound or not all(isinstance(one, str) and _MODULE.fullmatch(one) for one in names):
        yield _ENTITLEMENTS, {"most": MOST_ENTITLEMENTS}


def _locked(value: object) -> Found:
    if type(value) is not date:
        yield _LOCKED, {}


_CHECKS: dict[str, Check] = {
    "on": yes_or_no("on"),
    "seller": _line("seller"),
    "document": _document,
    "tax_percent": _percent,
    "refund_days": _number("refund_days", 1, 365),
    "partial_refund": _choice("partial_refund", PARTIAL),
}
_OF_PRODUCT: dict[str, Check] = {
    "id": _id,
    "name": _line("name"),
    "says": _line("says", LONGEST_SAYING),
    "entitlements": _entitlements,
    "seats": _number("seats", 1, MOST_SEATS),
    "most_seats": _number("most_seats", 1, MOST_SEATS),
    "term": _choice("term", TERMS),
    "updates_days": _number("updates_days", 1, MOST_DAYS),
    "trial_days": _number("trial_days", 0, MOST_DAYS),
    "locked_until": _locked,
}
