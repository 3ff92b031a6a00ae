"""The parts of `[agreement]` that are sections of their own: `fields` and `upkeep`."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from bot.mistakes import N_, Lines, Problem
from bot.policy.shape import KINDS, Field, Upkeep
from bot.policy.values import Check, Found, is_count, is_line, one_of, yes_or_no

FIELDS, UPKEEP = "agreement.fields", "agreement.upkeep"
LONGEST_LABEL = 200
LONGEST_GITHUB_LABEL = 50
LONGEST_CHOICE = 100
MOST_FIELDS = 20
MOST_CHOICES = 50
MOST_REMINDERS = 10
MOST_DAYS = 3651

Unknown = Callable[[Lines, Mapping[str, Any], str, type[msgspec.Struct]], Iterator[Problem]]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)

_FIELDS = N_(
    "“fields” must be sections: write [[agreement.fields]] on a line of its own before each,"
    " at most %(most)d of them."
)
_FIELD_NAME = N_(
    "A field needs a name of small letters, digits and “_”, at most 40,"
    ' as in: name = "postal_address".'
)
_TWICE = N_("There are two fields with the name “%(value)s”. Give each a name of its own.")
_FIELD_LABEL = N_(
    "A field needs a label, one line of at most %(most)d characters,"
    ' as in: label = "Postal address".'
)
_KIND = N_('“kind” must be a text, as in: kind = "text".')
_CHOICES = N_(
    "“choices” must be a list of at least two different texts, at most %(most)d, each one line,"
    ' as in: choices = ["Student", "Employee"].'
)
_NEEDS_CHOICES = N_(
    'A field of the kind “choice” needs its choices, as in: choices = ["Student", "Employee"].'
)
_NO_CHOICES = N_('Only a field of the kind “choice” has choices. Write kind = "choice".')
_UPKEEP = N_("“upkeep” must be a section: write [agreement.upkeep] on a line of its own.")
_LABEL = N_(
    "“label” must be the name of a label on GitHub, one line of at most %(most)d characters,"
    ' as in: label = "cla needed".'
)
_REMIND = N_(
    "“remind_after” must be a list of whole days, each later than the one before,"
    " as in: remind_after = [7, 21]."
)
_CLOSE = N_("“close_after” must be a number of whole days, as in: close_after = 60.")
_UNWARNED = N_(
    "Nothing is closed without a reminder. Name the days before in remind_after,"
    " as in: remind_after = [7, 21]."
)
_TOO_SOON = N_(
    "“close_after” must be later than the last reminder, which comes after %(days)d days."
)


def find_fields(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[[agreement.fields]]`."""
    if (
        not isinstance(value, list)
        or len(value) > MOST_FIELDS
        or not all(isinstance(one, dict) for one in value)
    ):
        yield Problem(where.of("agreement", "fields"), _FIELDS, {"most": MOST_FIELDS})
        return
    names: set[str] = set()
    for index, one in enumerate(value):
        section = f"{FIELDS}[{index}]"
        yield from unknown(where, one, section, Field)
        for key, check in _FIELD_CHECKS.items():
            for text, about in check(one.get(key)) if key in one or key in _NEEDED else ():
                yield Problem(where.of(section, key), text, about)
        yield from _field_as_a_whole(where, section, one)
        name = one.get("name")
        if isinstance(name, str) and name in names:
            yield Problem(where.of(section, "name"), _TWICE, {"value": name})
        names.add(str(name))


def _field_as_a_whole(where: Lines, section: str, field: Mapping[str, Any]) -> Iterator[Problem]:
    kind = field.get("kind", KINDS[0])
    if kind == "choice" and "choices" not in field:
        yield Problem(where.of(section, "kind"), _NEEDS_CHOICES)
    if kind in KINDS and kind != "choice" and "choices" in field:
        yield Problem(where.of(section, "choices"), _NO_CHOICES)


def find_upkeep(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[agreement.upkeep]`."""
    if not isinstance(value, dict):
        yield Problem(where.of("agreement", "upkeep"), _UPKEEP)
        return
    yield from unknown(where, value, UPKEEP, Upkeep)
    found = [
        Problem(where.of(UPKEEP, key), text, about)
        for key, check in _UPKEEP_CHECKS.items()
        if key in value
        for text, about in check(value[key])
    ]
    yield from found
    close_after, remind_after = value.get("close_after", 0), value.get("remind_after", [])
    if found or not close_after:
        return
    if not remind_after:
        yield Problem(where.of(UPKEEP, "close_after"), _UNWARNED)
    elif close_after <= remind_after[-1]:
        about = {"days": remind_after[-1]}
        yield Problem(where.of(UPKEEP, "close_after"), _TOO_SOON, about)


def _field_name(value: object) -> Found:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        yield _FIELD_NAME, {}


def _field_label(value: object) -> Found:
    if not is_line(value, most=LONGEST_LABEL):
        yield _FIELD_LABEL, {"most": LONGEST_LABEL}


def _kind(value: object) -> Found:
    if not isinstance(value, str):
        yield _KIND, {}
    else:
        yield from one_of(value, KINDS)


def _choices(value: object) -> Found:
    fits = (
        isinstance(value, list)
        and 1 < len(value) <= MOST_CHOICES
        and all(is_line(one, most=LONGEST_CHOICE) for one in value)
        and len({one.strip() for one in value}) == len(value)
    )
    if not fits:
        yield _CHOICES, {"most": MOST_CHOICES}


def _label(value: object) -> Found:
    # The same limit as GitHub's: https://docs.github.com/en/rest/issues/labels
    if value != "" and not is_line(value, most=LONGEST_GITHUB_LABEL):
        yield _LABEL, {"most": LONGEST_GITHUB_LABEL}


def _remind(value: object) -> Found:
    fits = (
        isinstance(value, list)
        and len(value) <= MOST_REMINDERS
        and all(is_count(one, least=1, most=MOST_DAYS) for one in value)
        and sorted(set(value)) == value
    )
    if not fits:
        yield _REMIND, {}


def _close(value: object) -> Found:
    if not is_count(value, least=0, most=MOST_DAYS):
        yield _CLOSE, {}


_NEEDED = ("name", "label")
_FIELD_CHECKS: dict[str, Check] = {
    "name": _field_name,
    "label": _field_label,
    "kind": _kind,
    "required": yes_or_no("required"),
    "choices": _choices,
}
_UPKEEP_CHECKS: dict[str, Check] = {
    "label": _label,
    "remind_after": _remind,
    "close_after": _close,
}
