"""What somebody filled in on the signing page, checked: a clear sentence for each thing that is wrong."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from bot.policy import Field
from core.web.text import inert
from licensing.signing import Capacity

LONGEST = 500
LONGEST_EMPLOYER = 200
EARLIEST, LATEST = 1900, 2200
AGREE, GUARDIAN, CAPACITY, EMPLOYER, ADDRESS = (
    "agree",
    "guardian",
    "capacity",
    "employer",
    "address",
)
PREFIX = "field-"
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Value = str | bool


@dataclass
class Given:
    """What was filled in: `values` by the fields' names, `errors` by the inputs' names."""

    capacity: Capacity = "self"
    employer: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    """As it was sent, made harmless, to stand in the form again."""


def read(
    form: "MultiDict[str, str]",
    fields: Sequence[Field],
    verified: Collection[str],
    *,
    guardian: bool,
) -> Given:
    """Read the form. `verified` are the addresses of the person that GitHub has verified."""
    given = Given(raw={name: inert(value[:LONGEST]) for name, value in form.items()})
    _read_capacity(given, form, guardian=guardian)
    for one in fields:
        said = _plain(form.get(PREFIX + one.name, ""))
        value = _value(given, one, said)
        if value is not None:
            given.values[one.name] = value
    chosen = {address.lower() for address in form.getlist(ADDRESS)}
    given.addresses = tuple(sorted(chosen & set(verified)))
    if guardian and chosen:
        given.addresses = ()
    elif chosen - set(verified):
        given.errors[ADDRESS] = _(
            "GitHub has not verified one of these addresses for you. Choose from the list below."
        )
    if form.get(AGREE) != "yes":
        given.errors[AGREE] = _("Tick this box if you agree; without it nothing is signed.")
    return given


def _read_capacity(given: Given, form: "MultiDict[str, str]", *, guardian: bool) -> None:
    if guardian:
        given.capacity = "guardian"
        if form.get(GUARDIAN) != "yes":
            given.errors[GUARDIAN] = _("Tick this box if you may sign for this person.")
        return
    if form.get(CAPACITY, "self") == "self":
        return
    given.capacity = "employer"
    given.employer = _plain(form.get(EMPLOYER, ""))
    if not given.employer:
        given.errors[EMPLOYER] = _("Say who your employer is, or choose “for myself”.")
    elif len(given.employer) > LONGEST_EMPLOYER:
        given.errors[EMPLOYER] = _(
            "This is longer than %(most)s characters. Make it shorter.", most=LONGEST_EMPLOYER
        )
    elif not _is_visible(given.employer):
        given.errors[EMPLOYER] = _unseen()


def _value(given: Given, one: Field, said: str) -> Value | None:
    """Give the value of a field, None where it stays empty; what is wrong goes into the errors."""
    name = PREFIX + one.name
    if one.kind == "yes":
        if said != "yes" and one.required:
            given.errors[name] = _("This has to be ticked to sign.")
        return said == "yes"
    if not said:
        if one.required:
            given.errors[name] = _("This is empty. Please fill it in.")
        return None
    problem, value = _CHECKS[one.kind](one, said)
    if problem:
        given.errors[name] = problem
    return value


_Checked = tuple[str, str]


def _text(one: Field, said: str) -> _Checked:
    del one
    if len(said) > LONGEST:
        return _("This is longer than %(most)s characters. Make it shorter.", most=LONGEST), ""
    return ("" if _is_visible(said) else _unseen()), said


def _number(one: Field, said: str) -> _Checked:
    del one
    if not _NUMBER.fullmatch(said):
        return _("This is no number. Write it in digits, such as 42 or 3.5."), ""
    return "", said.replace(",", ".").removeprefix("+")


def _day(one: Field, said: str) -> _Checked:
    del one
    try:
        day = date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day.year <= LATEST:
        return _("This is no date. Write year, month and day, such as 2001-12-31."), ""
    return "", said


def _choice(one: Field, said: str) -> _Checked:
    return ("" if said in one.choices else _("Choose one of the list.")), said


_CHECKS = {"text": _text, "number": _number, "date": _day, "choice": _choice}


def _plain(said: str) -> str:
    return unicodedata.normalize("NFC", said.strip())


def _is_visible(words: str) -> bool:
    return inert(words) == words and not set(words) & set("\t\n\r")


def _unseen() -> str:
    return str(_("There are characters in this that nobody can see. Type it anew, in one line."))
