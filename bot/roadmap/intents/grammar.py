"""What people write behind `/intend`, `/bid`, `/contest` and in the forms: read strictly, pure.

A call is written as lines `name: words`, in English or French, in any order; what is left out of
an edit stays as it was. Days end at midnight UTC: “until 2027-01-31” takes in that whole day.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.roadmap.intents import amounts
from bot.roadmap.intents.values import Method
from core.money import Money

LONGEST = 1_000
MOST_DAYS = 366
"""How far away a deadline may be, and how long an offer may take."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "need": ("need", "besoin"),
    "test": ("test", "acceptance test", "acceptance", "essai", "recette"),
    "budget": ("budget",),
    "until": ("until", "deadline", "jusqu'au", "échéance", "date limite"),
    "licence": ("licence", "license"),
    "choice": ("choice", "choose", "choix"),
}
METHOD_NAMES: Mapping[str, Method] = {
    "maintainer": "maintainer",
    "maintainers": "maintainer",
    "mainteneur": "maintainer",
    "mainteneurs": "maintainer",
    "responsable": "maintainer",
    "responsables": "maintainer",
    "backers": "backers",
    "votes": "backers",
    "votants": "backers",
    "soutiens": "backers",
    "cheapest": "cheapest",
    "moins cher": "cheapest",
}
WITHDRAW = frozenset({"withdraw", "off", "retirer"})

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2})(?::\d{2})?\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_SPAN_WORDS = r"(?P<number>\d{1,4})\s*(?P<unit>days?|jours?|weeks?|semaines?|sem|d|j|w)"
_SPAN = re.compile(rf"(?:in\s+|dans\s+)?{_SPAN_WORDS}\.?", re.ASCII | re.IGNORECASE)
_BID = re.compile(
    rf"(?P<amount>.{{1,40}}?)[\s,;]\s*(?:in\s+|en\s+)?{_SPAN_WORDS}\b[.,;:]?\s*(?P<words>.*)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_RANGE = re.compile(r"\s*(?:\.\.\.?|–|—|-|\bto\b|\bà\b)\s*")
_UP_TO = re.compile(r"(?:up to|at most|max(?:imum)?|jusqu'à|au plus|≤)\s*", re.IGNORECASE)


class Unread(Exception):
    """What was written cannot be read; `why` is one word, `given` what it is about."""

    def __init__(self, why: str, given: str = "") -> None:
        """Say what is wrong, in a word."""
        super().__init__(why)
        self.why = why
        self.given = given


@dataclass(frozen=True)
class Bid:
    """An offer as written."""

    price: Money
    days: int
    words: str


def fields(lines: Iterable[str]) -> dict[str, str]:
    """Read lines `name: words`; a line without a known name goes on with the one before."""
    found: dict[str, str] = {}
    last = ""
    known = {alias: name for name, aliases in NAMES.items() for alias in aliases}
    for line in lines:
        said = line.strip().lstrip("-*• ").strip()
        head, colon, rest = said.partition(":")
        name = known.get(_plain(head)) if colon else None
        if name is None and not last:
            if said:
                raise Unread("field", head if colon else said)
            continue
        last = name or last
        # Whoever writes a name twice means the second.
        found[last] = rest.strip() if name else f"{found[last]} {said}".strip()
    for name, words in found.items():
        if len(words) > LONGEST:
            raise Unread("long", name)
    return found


def deadline(said: str, acted_at: datetime) -> datetime:
    """Read a deadline: a day (its end), an instant, or a span from now. Raises `Unread`."""
    text = said.strip().removeprefix("until ").strip()
    found = _instant(text, acted_at)
    if found is None:
        raise Unread("until", said)
    if found <= acted_at:
        raise Unread("past", said)
    if found > acted_at + timedelta(days=MOST_DAYS):
        raise Unread("far", said)
    return found


def _instant(text: str, acted_at: datetime) -> datetime | None:
    if span := _SPAN.fullmatch(text):
        return acted_at + timedelta(days=_days(span))
    try:
        if day := _DAY.fullmatch(text):
            year, month, number = (int(part) for part in day.groups())
            return datetime(year, month, number, tzinfo=UTC) + timedelta(days=1)
        if at := _INSTANT.fullmatch(text):
            zone = (at["zone"] or "Z").replace("UTC", "+00:00").replace("Z", "+00:00")
            return datetime.fromisoformat(f"{at[1]}T{at[2]:0>5}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None


def method(said: str) -> Method:
    """Read by whom an offer is chosen. Raises `Unread`."""
    found = METHOD_NAMES.get(_plain(said).removeprefix("the ").removeprefix("le ").strip())
    if found is None:
        raise Unread("choice", said)
    return found


def budget(said: str, language: str) -> tuple[Money | None, Money]:
    """Read a range of amounts as (least or None, most). Raises `Unread`."""
    text = said.strip()
    up_to = _UP_TO.match(text)
    if up_to is not None:
        return None, _amount(text[up_to.end() :], language)
    first, *more = [part for part in _RANGE.split(text) if part] or [""]
    if not more:
        return None, _amount(first, language)
    if more[1:]:
        raise Unread("budget", said)
    high = _amount(more[0], language)
    low = amounts.read(first, language) or amounts.read(f"{first} {high.currency}", language)
    if low is None or low.currency != high.currency or low.minor > high.minor:
        raise Unread("budget", said)
    return low, high


def bid(said: str, language: str) -> Bid:
    """Read `300 EUR 10d what I would do`. Raises `Unread`."""
    match = _BID.fullmatch(said.strip())
    if match is None:
        raise Unread("bid", said)
    price = amounts.read(match["amount"], language)
    if price is None:
        raise Unread("amount", match["amount"])
    days = _days(match)
    if not 1 <= days <= MOST_DAYS:
        raise Unread("days", str(days))
    words = match["words"].strip()
    if not words:
        raise Unread("words", said)
    if len(words) > LONGEST:
        raise Unread("long", said[:60])
    return Bid(price, days, words)


def contest(said: str) -> tuple[str, str]:
    """Split `until 2027-01-31 [18:00Z] prize words` into deadline and prize. Raises `Unread`."""
    words = said.split()
    if words and words[0].lower() in {"until", "jusqu'au", "jusqu’au"}:
        words = words[1:]
    for number in (3, 2, 1):
        head = " ".join(words[:number])
        if len(words) >= number and _instant(head, _SOMETIME) is not None:
            prize = " ".join(words[number:])
            if len(prize) > LONGEST:
                raise Unread("long", "prize")
            return head, prize
    raise Unread("until", said)


_SOMETIME = datetime(2000, 1, 1, tzinfo=UTC)


def _days(match: re.Match[str]) -> int:
    weeks = match["unit"][0].lower() in {"w", "s"}
    return int(match["number"]) * (7 if weeks else 1)


def _amount(said: str, language: str) -> Money:
    found = amounts.read(said, language)
    if found is None:
        raise Unread("budget", said)
    return found


def _plain(said: str) -> str:
    return " ".join(said.replace("’", "'").replace("*", "").lower().split())
