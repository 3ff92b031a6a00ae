"""Reads “@a 60 @b 40 because …”: who gets what, in per cent or any other weights. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_PEOPLE = 20
LONGEST_REASON = 300
HUNDRED = 10_000
"""A hundred per cent, in hundredths of one."""

_WHO = re.compile(r"@([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))[,;:]?", re.ASCII)
_HOW_MUCH = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?\s?(%?)[,;]?", re.ASCII)
_LINKS = frozenset({"because", "for", "as", "parce", "car", "–", "-", ":"})


class Unread(Exception):
    """What was written is no split; `why` says in one word what is wrong with it."""

    def __init__(self, why: str) -> None:
        """Keep the word."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Line:
    """Logins with weights, in the order in which they were written, and why."""

    shares: tuple[tuple[str, int], ...]
    reason: str = ""


def read(words: Sequence[str]) -> Line:
    """Read the words behind the command. Raises `Unread`."""
    found: dict[str, int] = {}
    percents: set[bool] = set()
    rest = list(words)
    while rest and (who := _WHO.fullmatch(rest[0])):
        amount = _HOW_MUCH.fullmatch(rest[1]) if len(rest) > 1 else None
        if amount is None:
            raise Unread("form")
        login = who[1].lower()
        if login in found:
            raise Unread("twice")
        weight = Decimal(f"{amount[1]}.{amount[2] or '0'}") * 100
        found[login] = int(weight)
        percents.add(bool(amount[3]))
        rest = rest[2:]
    _require_sound(found, percents)
    return Line(tuple((one, weight) for one, weight in found.items() if weight), _reason(rest))


def _require_sound(found: dict[str, int], percents: set[bool]) -> None:
    if not found or not any(found.values()) or len(percents) > 1:
        raise Unread("form")
    if len(found) > MOST_PEOPLE:
        raise Unread("many")
    if True in percents and sum(found.values()) != HUNDRED:
        raise Unread("hundred")


def _reason(rest: Sequence[str]) -> str:
    said = list(rest)
    while said and said[0].lower() in _LINKS:
        said.pop(0)
    return " ".join(said)[:LONGEST_REASON].strip()
