"""Deadlines as a calendar (iCalendar, RFC 5545, with the names of RFC 7986). Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar"
LONGEST_LINE = 75
"""In octets, without the line's end (section 3.1)."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPECIAL = re.compile(r"([\\;,])")


@dataclass(frozen=True)
class Deadline:
    """An instant up to which something can be done; `uid` is ours for good and nobody else's."""

    uid: str
    title: str
    at: datetime
    url: str


def written(name: str, deadlines: Iterable[Deadline], stamp: datetime) -> bytes:
    """Write a calendar; `stamp` is the instant as of which it says what is so."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Potluck//Deadlines//EN",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for one in deadlines:
        lines += _event(one, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def text(words: str) -> str:
    """Write a text value: nothing in it can end the line or begin another property."""
    plain = "\n".join(_CONTROL.sub("\ufffd", words).splitlines())
    return _SPECIAL.sub(r"\\\1", plain).replace("\n", "\\n")


def folded(line: str) -> Iterator[bytes]:
    """Break a line into pieces of at most 75 octets, never within a character."""
    piece = b""
    for character in line:
        octets = character.encode(errors="replace")
        if len(piece) + len(octets) > LONGEST_LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece


def _event(one: Deadline, stamp: datetime) -> tuple[str, ...]:
    # Without an end it takes no time, and TRANSPARENT leaves whoever has it in their calendar free.
    return (
        "BEGIN:VEVENT",
        f"UID:{text(one.uid)}",
        f"DTSTAMP:{_instant(stamp)}",
        f"DTSTART:{_instant(one.at)}",
        f"SUMMARY:{text(one.title)}",
        f"URL:{_CONTROL.sub('', ''.join(one.url.splitlines()))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
