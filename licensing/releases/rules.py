"""From which day a release is under an open licence: pure, counted from the day it came out.

BUSL-1.1 gives each version a Change Date of its own, at most four years after it was first
published; FSL-1.1 makes each version open on the second anniversary of the day it was made
available. A day that the month does not have is its last day (`licensing.sold.days`).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from licensing.sold.days import later

BUSL = "BUSL-1.1"
BUSL_MONTHS = 48
FSL = {"FSL-1.1-ALv2": "Apache-2.0", "FSL-1.1-MIT": "MIT"}
FSL_MONTHS = 24

_CHANGE_DATE = re.compile(r"^\s*Change Date:?[ \t]+(.{1,80}?)\s*$", re.MULTILINE | re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LONGEST = 200_000
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_WORDED = re.compile(r"(?:(\d{1,2}) ([a-z]+) (\d{4})|([a-z]+) (\d{1,2}),? (\d{4}))", re.IGNORECASE)


@dataclass(frozen=True)
class Offered:
    """The licence that releases come out under by the rules: SPDX ids; `months` until it converts."""

    licence: str
    converts_to: str = ""
    months: int = 0


@dataclass(frozen=True)
class Conversion:
    """The day in UTC from which a release is under another licence, and which."""

    on: date
    to: str


def conversion(offered: Offered, published_at: datetime) -> Conversion | None:
    """Give from which day a release is open; None under a licence that does not convert."""
    if not offered.months or not offered.converts_to:
        return None
    day = published_at.astimezone(UTC).date()
    return Conversion(later(day, months=offered.months), offered.converts_to)


def stated(text: str) -> date | None:
    """Give the Change Date that a LICENSE file names as a day; None where it names none.

    `Four years from the date of release` is no day: it moves with each version, as it should.
    """
    found = _CHANGE_DATE.search(text[:_LONGEST])
    if found is None:
        return None
    try:
        if iso := _DAY.search(found[1]):
            return date.fromisoformat(iso[0])
        if worded := _WORDED.search(found[1]):
            return _worded(worded)
    except ValueError:
        return None
    return None


def _worded(found: re.Match[str]) -> date | None:
    day, month, year = (
        (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
    )
    number = next(
        (at for at, name in enumerate(_MONTHS, 1) if name.startswith(month.lower())), None
    )
    return None if number is None else date(int(year), number, int(day))
