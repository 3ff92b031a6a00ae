"""Dates as other tools write them, read only where they can mean one thing."""

import re
from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2008, 1, 1, tzinfo=UTC)
"""Before it there were no accounts of GitHub, so nobody signed with one."""

LATEST = datetime(2200, 1, 1, tzinfo=UTC)
LONGEST = 64
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# EasyCLA writes "Jan 2,2006".
_DAY = re.compile(r"([A-Za-z]{3}) ([0-9]{1,2}), ?([0-9]{4})", re.ASCII)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.+\-Z ]+)?", re.ASCII)


def read(value: object) -> datetime | None:
    """Read ISO 8601, "Jan 2,2006", or a date of MongoDB's JSON; None for all else.

    Without a zone it is UTC, a day alone its beginning. A number is refused: nobody can tell
    seconds from milliseconds.
    """
    if isinstance(value, dict):
        return _mongo(value.get("$date"))
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    try:
        found = _text(value.strip())
    except (ValueError, OverflowError):
        return None
    return found if found and EARLIEST <= found < LATEST else None


def _mongo(value: object) -> datetime | None:
    if isinstance(value, str):
        return read(value)
    if isinstance(value, dict):
        value = value.get("$numberLong")
    text = str(value) if isinstance(value, int | str) else ""
    if not (text.isascii() and text.isdigit()) or len(text) > len("253402300799999"):
        return None
    found = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
    return found if EARLIEST <= found < LATEST else None


def _text(value: str) -> datetime | None:
    if match := _DAY.fullmatch(value):
        month = match[1].lower()
        if month not in _MONTHS:
            return None
        return datetime(int(match[3]), _MONTHS.index(month) + 1, int(match[2]), tzinfo=UTC)
    if not _ISO.fullmatch(value):
        return None
    found = datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
