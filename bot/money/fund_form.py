"""What somebody chose on the page where one gives, checked: a sentence for each thing that is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from bot.policy import Funding
from core.money import Money, NotAnAmount, accepted, parse
from core.web.text import inert
from donations.giving.rules import RHYTHMS, Rhythm
from donations.giving.terms import SHARES, Terms

OWN, NOTHING = "own", "nothing"
LONGEST_NAME = 80
LONGEST_MESSAGE = 500
MOST_WEIGHT = 100
_WEIGHT = re.compile(r"[0-9]{1,4}", re.ASCII)
_ORGANISATION = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass
class Choice:
    """What was chosen; `errors` are sentences by field, and nothing is used while there are any.

    `organisation` is in whose name it is given, 0 in one's own.
    """

    given: Mapping[str, str]
    money: Money
    rhythm: Rhythm = "once"
    split: tuple[tuple[str, int], ...] = ()
    name: str = ""
    message: str = ""
    public: bool = False
    organisation: int = 0
    errors: dict[str, str] = field(default_factory=dict)


def read(given: Mapping[str, str], funding: Funding, language: str, *, featured: bool) -> Choice:
    """Read the form. `featured`: it is on a request, so that a share may be for the feature."""
    choice = Choice(given, Money(0, funding.currency))
    try:
        choice.money = _amount(given, funding, language)
    except NotAnAmount as error:
        choice.errors["amount"] = _(error.text) % dict(error.values)
    rhythm = given.get("rhythm", "once")
    allowed = RHYTHMS if funding.monthly else ("once",)
    if rhythm in allowed:
        choice.rhythm = rhythm
    else:
        choice.errors["rhythm"] = _("Choose how often.")
    _read_split(choice, given, shares(funding, featured=featured))
    choice.name = inert(given.get("name", "").strip())[:LONGEST_NAME]
    choice.message = inert(given.get("message", "").strip())[:LONGEST_MESSAGE]
    choice.public = given.get("public") == "yes"
    number = given.get("organisation", "")
    if _ORGANISATION.fullmatch(number):
        choice.organisation = int(number)
    elif number:
        choice.errors["organisation"] = _("You are not in that organisation. Choose another name.")
    if choice.public and not choice.name:
        choice.errors["name"] = _("Write the name that everybody may see, or stay unnamed.")
    return choice


def shares(funding: Funding, *, featured: bool) -> tuple[tuple[str, int], ...]:
    """Give the shares that can be moved, as the project proposes them in per cent or other weights."""
    proposed = tuple(one for one in funding.split if featured or one[0] != "feature")
    return proposed if any(weight for _name, weight in proposed) else (("project", 1),)


def terms(funding: Funding, choice: Choice, product: str = "donation") -> Terms:
    """Give the terms of what was chosen."""
    return Terms(
        product=product,
        split=tuple(one for one in choice.split if one[1]),
        refund_days=funding.refund_days,
        hold_days=funding.hold_days,
        dispute_days=funding.dispute_days,
        owed_days=funding.owed_days,
        form=2,
        reward=funding.reward,
        lapse=funding.lapse,
    )


def agreed(of: Terms, currency: str, *more: str) -> str:
    """Name what a page tells before anybody agrees: whoever sends its form agrees to that alone."""
    return ".".join((of.sha256, currency, *more))


def _amount(given: Mapping[str, str], funding: Funding, language: str) -> Money:
    chosen = given.get("amount", "")
    if chosen == NOTHING:
        return Money(0, funding.currency)
    if chosen == OWN:
        wanted = parse(given.get("own", ""), funding.currency, language)
    else:
        # What stands beside a suggestion is ours, written the one way that all servers read.
        wanted = parse(chosen, funding.currency, "en")
    return accepted(wanted, language, funding.least if funding.least.minor else None)


def _read_split(
    choice: Choice, given: Mapping[str, str], proposed: tuple[tuple[str, int], ...]
) -> None:
    found = []
    for name, weight in proposed:
        said = given.get(f"share-{name}", str(weight)).strip() or "0"
        if not _WEIGHT.fullmatch(said) or int(said) > MOST_WEIGHT * 10:
            choice.errors["split"] = _("Write shares as whole numbers from 0.")
            return
        found.append((name, int(said)))
    if not any(weight for _name, weight in found):
        choice.errors["split"] = _("Somebody has to get a share: not all of them can be 0.")
        return
    choice.split = tuple(sorted(found, key=lambda one: SHARES.index(one[0])))
