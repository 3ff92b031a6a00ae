"""What a receipt must say, by country: the fields, and which of them are missing. Pure.

Not legal advice. Sources: France, CGI art. 200 and 238 bis, forms 2041-RD (Cerfa 11580*05) and
2041-MEC-SD (Cerfa 16216*02), BOI-IR-RICI-250-20; United States, IRS Publication 1771; United
Kingdom, HMRC, Gift Aid declarations (Charities: detailed guidance, chapter 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, get_args

from babel.dates import get_timezone

from core import letters
from core.money import Money

Kind = Literal[
    "payment",
    "invoice",
    "credit_note",
    "fr_individual",
    "fr_company",
    "us_gift",
    "uk_gift_aid",
    "cancellation",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
TAX: frozenset[Kind] = frozenset({"fr_individual", "fr_company", "us_gift", "uk_gift_aid"})
"""Those by which somebody pays less tax: only for gifts to who has recorded a legal basis."""

COUNTRIES: Mapping[str, tuple[Kind, ...]] = {
    "FR": ("fr_individual", "fr_company"),
    "US": ("us_gift",),
    "GB": ("uk_gift_aid",),
}
CURRENCIES: Mapping[Kind, str] = {
    "fr_individual": "EUR",
    "fr_company": "EUR",
    "us_gift": "USD",
    "uk_gift_aid": "GBP",
}
"""The currency in which each country wants the amount."""

ZONES: Mapping[str, str] = {
    "FR": "Europe/Paris",
    "US": "America/New_York",
    "GB": "Europe/London",
}
"""Where the day and the year of a gift are counted: a gift late on New Year’s Eve is of that year."""

US_LEAST = Money(25_000, "USD")
"""From here on the donor needs a written acknowledgement, Pub. 1771."""


@dataclass(frozen=True)
class Issuer:
    """The body that issues: `basis` is its legal ground, empty where gifts to it are not deductible.

    `registration` is the SIREN or RNA in France, the EIN in the United States, HMRC's reference in
    the United Kingdom; `vat` the number under which value added tax is paid. `quality` is the
    legal quality that the French form asks for, `article` the article of the CGI (200, 238 bis).
    """

    name: str
    address: str
    country: str
    registration: str = ""
    basis: str = ""
    object: str = ""
    quality: str = ""
    signatory: str = ""
    signatory_quality: str = ""
    vat: str = ""


@dataclass(frozen=True)
class Donor:
    """Who gave. Companies have `form` (their legal form) and `siren` in France."""

    name: str = ""
    first_name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    company: str = ""
    form: str = ""
    siren: str = ""
    taxpayer: bool = False
    vat: str = ""


@dataclass(frozen=True)
class Item:
    """What an invoice is about: how many of what, and the tax that the whole price contains.

    `percent` is written as people write it, empty where no tax is charged.
    """

    words: str
    count: int = 1
    tax: int = 0
    percent: str = ""


@dataclass(frozen=True)
class Facts:
    """What is on one receipt: the money, the days, both sides.

    `cancels` names the receipt that a cancellation or a credit note is about; `replaces` one that
    was cancelled because a part went back, in whose place this is for what is left; `issued_on` is
    the day beside the signature, known once it has a number.
    """

    kind: Kind
    money: Money
    paid_on: date
    method: str
    issuer: Issuer
    donor: Donor = field(default_factory=Donor)
    project: str = ""
    cancels: str = ""
    replaces: str = ""
    item: Item | None = None
    issued_on: date | None = None


_OF_ISSUER: Mapping[Kind, tuple[str, ...]] = {
    "payment": ("name", "address", "country"),
    "invoice": ("name", "address", "country", "registration"),
    "credit_note": ("name",),
    "fr_individual": (
        "name",
        "address",
        "registration",
        "object",
        "quality",
        "basis",
        "signatory",
        "signatory_quality",
    ),
    "fr_company": (
        "name",
        "address",
        "registration",
        "object",
        "quality",
        "basis",
        "signatory",
        "signatory_quality",
    ),
    "us_gift": ("name", "registration", "basis"),
    "uk_gift_aid": ("name", "registration", "basis"),
    "cancellation": ("name",),
}
_OF_DONOR: Mapping[Kind, tuple[str, ...]] = {
    "payment": (),
    "invoice": ("name", "address", "postcode", "city", "country"),
    "credit_note": (),
    "fr_individual": ("name", "first_name", "address", "postcode", "city", "country"),
    "fr_company": ("company", "form", "siren", "address", "postcode", "city", "country"),
    "us_gift": ("name",),
    "uk_gift_aid": ("name", "first_name", "address", "postcode", "taxpayer"),
    "cancellation": (),
}


def asked(kind: Kind) -> tuple[str, ...]:
    """Name what a donor has to tell for a receipt of this kind."""
    return _OF_DONOR[kind]


def taken(kind: Kind) -> tuple[str, ...]:
    """Name all that a donor may tell for one: what is not asked has no place on it."""
    return (*_OF_DONOR[kind], *(("company", "vat") if kind == "invoice" else ()))


def day_of(issuer: Issuer, at: datetime) -> date:
    """Give the day of an instant where the issuer is; in UTC where no law of there is known here."""
    zone = ZONES.get(issuer.country)
    return at.astimezone(get_timezone(zone) if zone else UTC).date()


def missing(facts: Facts) -> tuple[str, ...]:
    """Name what the law wants and is not there: `issuer.quality`, `donor.address`."""
    found = [
        f"issuer.{name}" for name in _OF_ISSUER[facts.kind] if not getattr(facts.issuer, name)
    ]
    found += [f"donor.{name}" for name in _OF_DONOR[facts.kind] if not getattr(facts.donor, name)]
    found += [f"donor.{name}" for name in taken(facts.kind) if not _can_print(facts.donor, name)]
    if facts.kind in TAX:
        if facts.money.currency != CURRENCIES[facts.kind]:
            found.append("money.currency")
        if facts.kind not in COUNTRIES.get(facts.issuer.country, ()):
            found.append("issuer.country")
        if not facts.method:
            found.append("method")
    found += _missing_by_kind(facts)
    if facts.money.minor <= 0:
        found.append("money")
    return tuple(dict.fromkeys(found))


def _missing_by_kind(facts: Facts) -> list[str]:
    if facts.kind == "fr_company" and not _is_siren(facts.donor.siren):
        return ["donor.siren"]
    if facts.kind in {"cancellation", "credit_note"} and not facts.cancels:
        return ["cancels"]
    return _missing_on_invoice(facts) if facts.kind == "invoice" else []


def offered(issuer: Issuer | None, money: Money) -> tuple[Kind, ...]:
    """Say which receipts an issuer can give for a donation of this amount."""
    if issuer is None or money.minor <= 0:
        return ()
    kinds: list[Kind] = ["payment"]
    for kind in COUNTRIES.get(issuer.country, ()) if issuer.basis else ():
        lacking = missing(Facts(kind, money, date(2000, 1, 1), "card", issuer))
        if all(name.startswith("donor.") for name in lacking):
            kinds.append(kind)
    return tuple(kinds)


def invoiced(issuer: Issuer | None, money: Money) -> tuple[Kind, ...]:
    """Say whether an issuer can invoice what somebody paid for: with whatever the law wants of it."""
    if issuer is None or money.minor <= 0:
        return ()
    return ("invoice",) if all(getattr(issuer, one) for one in _OF_ISSUER["invoice"]) else ()


def _missing_on_invoice(facts: Facts) -> list[str]:
    """Name what article 242 nonies A of annex II to the CGI wants besides: of what, under which number."""
    found = [] if facts.item is not None and facts.item.words else ["item"]
    if facts.item is not None and facts.item.tax and not facts.issuer.vat:
        found.append("issuer.vat")
    return found


def _can_print(donor: Donor, name: str) -> bool:
    """Say whether the paper can show what a donor told: an empty box names nobody."""
    said = getattr(donor, name)
    return not isinstance(said, str) or letters.shown(said)[1] == 0


def _is_siren(text: str) -> bool:
    """Check a SIREN by its last digit (Luhn), https://www.sirene.fr."""
    digits = text.replace(" ", "")
    if len(digits) != 9 or not digits.isascii() or not digits.isdecimal():  # noqa: PLR2004
        return False
    doubled = (int(one) * (2 if place % 2 else 1) for place, one in enumerate(digits))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0  # noqa: PLR2004
