"""What somebody chose on the page where one buys, checked: a sentence for each thing that is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from bot.selling import rules
from bot.selling.rules import WHOLE, Offer
from core.money import Money, NotAnAmount, accepted, parse, shown
from core.money import least as payable
from core.web.text import inert
from donations.giving.terms import LICENCE, Terms

LONGEST_LICENSEE = 120
OWN = "own"
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass
class Choice:
    """What was chosen; `errors` are sentences by field, and nothing is used while there are any."""

    seats: int
    money: Money
    licensee: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def read(given: Mapping[str, str], offer: Offer, language: str, *, trial: bool = False) -> Choice:
    """Read the form; who tries has one seat and pays nothing."""
    choice = Choice(offer.seats, Money(0, offer.floor.currency))
    choice.licensee = inert(" ".join(given.get("licensee", "").split()))[:LONGEST_LICENSEE]
    if not choice.licensee:
        choice.errors["licensee"] = _("Write who holds the licence: a person or a company.")
    elif "@" in choice.licensee:
        choice.errors["licensee"] = _(
            "Write a name, not an address: the licence is copied to every machine."
        )
    if given.get("accept") != "yes":
        choice.errors["accept"] = _("Read the licence and accept it, or leave this page.")
    if trial:
        return choice
    _read_seats(choice, given, offer)
    if "seats" not in choice.errors:
        _read_money(choice, given, offer, language)
    return choice


def terms(offer: Offer) -> Terms:
    """Give the terms of a payment: how it is parted, and how long it can be had back."""
    tax = rules.taxed(offer)
    parts = (("licences", WHOLE), *((("tax", tax),) if tax else ()))
    return Terms(product=LICENCE, split=parts, refund_days=offer.refund_days)


def _read_seats(choice: Choice, given: Mapping[str, str], offer: Offer) -> None:
    said = given.get("seats", str(offer.seats)).strip()
    if _NUMBER.fullmatch(said) and offer.seats <= int(said) <= offer.most_seats:
        choice.seats = int(said)
    elif offer.seats == offer.most_seats:
        choice.errors["seats"] = ngettext(
            "This has %(num)s seat.", "This has %(num)s seats.", offer.seats
        )
    else:
        choice.errors["seats"] = _(
            "Choose %(least)s to %(most)s seats.", least=offer.seats, most=offer.most_seats
        )


def _read_money(choice: Choice, given: Mapping[str, str], offer: Offer, language: str) -> None:
    code = offer.floor.currency
    least = Money(offer.floor.minor * choice.seats, code)
    said = given.get("amount", OWN)
    try:
        if offer.price is not None:
            choice.money = accepted(least, language)
            return
        # What stands beside a suggestion is ours, written the one way that all servers read.
        wanted = (
            parse(given.get("own", ""), code, language) if said == OWN else parse(said, code, "en")
        )
        if least.minor and wanted < (floor := max(least, payable(code))):
            choice.errors["amount"] = _(
                "It costs at least %(least)s.", least=shown(floor, language)
            )
            return
        wanted = accepted(wanted, language)
    except NotAnAmount as error:
        choice.errors["amount"] = _(error.text) % dict(error.values)
        return
    choice.money = rules.due(offer, choice.seats, wanted)
