"""What a maintainer asked of the signers' page, read from the address; nonsense finds nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from flask_babel import gettext as _

from bot.maintaining.signers import CAPACITIES, METHODS, State, Wanted
from core.web.text import inert

LONGEST = 100
LARGEST = 2**31 - 1
NAMES = ("who", "version", "method", "capacity", "state", "since", "until")


@dataclass
class Asked:
    """The filters: `raw` as they were typed, made harmless; `errors` by the inputs' names."""

    wanted: Wanted = field(default_factory=Wanted)
    raw: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """What an address needs to ask for the same."""
        return {name: words for name, words in self.raw.items() if words}


def read(given: Mapping[str, str]) -> Asked:
    """Read the filters."""
    raw = {name: inert(given.get(name, "").strip()[:LONGEST]) for name in NAMES}
    asked = Asked(raw=raw)
    since, until = _day(asked, "since"), _day(asked, "until")
    state = raw["state"] if raw["state"] in {"standing", "withdrawn"} else ""
    asked.wanted = Wanted(
        who=raw["who"],
        version=raw["version"],
        method=raw["method"] if raw["method"] in METHODS else "",
        capacity=raw["capacity"] if raw["capacity"] in CAPACITIES else "",
        state=cast("State", state),
        since=since,
        # The last day counts as a whole.
        until=until + timedelta(days=1) if until else None,
        before=number(given.get("before", "")),
    )
    return asked


def number(words: str) -> int | None:
    """Read a whole number that a row may have; None for anything else."""
    if not (words.isascii() and words.isdigit()) or len(words) > len(str(LARGEST)):
        return None
    return min(int(words), LARGEST)


def _day(asked: Asked, name: str) -> datetime | None:
    words = asked.raw[name]
    if not words:
        return None
    try:
        day = date.fromisoformat(words)
        return datetime.combine(day, time(), UTC) if day < date.max else None
    except ValueError:
        asked.errors[name] = _("This is no date. Write year, month and day, such as 2001-12-31.")
        return None
