"""What a request asks for, read strictly: a value that cannot be read is told, not guessed."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import cast
from urllib.parse import urlencode

from flask import request

from bot.api.problems import Problem
from bot.maintaining.signers import CAPACITIES, METHODS, State, Wanted
from bot.roadmap import queries
from core.web.house import house

MOST_AT_ONCE, USUAL_AT_ONCE = 200, 50
LARGEST = 2**31 - 1
LARGEST_ACCOUNT = 2**53 - 1
LONGEST = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,23}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+ -][0-9]{2}:[0-9]{2}))?"
)


def signatures() -> Wanted:
    """Read the filters of signatures. Raises `Problem`."""
    return Wanted(
        who=text("who"),
        version=text("version"),
        method=one_of("method", METHODS),
        capacity=one_of("capacity", CAPACITIES),
        state=cast("State", one_of("state", ("standing", "withdrawn"))),
        since=instant("since"),
        until=instant("until"),
        before=number("before"),
    )


def text(name: str) -> str:
    """Read some words, bounded."""
    words = request.args.get(name, "")
    if len(words) > LONGEST:
        raise Problem(400, f"{name} is longer than {LONGEST} characters: give less.")
    return words


def one_of(name: str, known: Collection[str]) -> str:
    """Read one of a few words; empty where it is not asked for."""
    words = request.args.get(name, "")
    if words and words not in known:
        raise Problem(400, f"{name} is none of {', '.join(known)}: give one of these.")
    return words


def name(parameter: str) -> str:
    """Read a name of small letters, digits and “_”; empty where it is not asked for."""
    words = request.args.get(parameter, "")
    if words and not _NAME.fullmatch(words):
        raise Problem(400, f"{parameter} is no name of a stage: /stages lists them.")
    return words


def after() -> tuple[int, int] | None:
    """Read where a page begins; None for the first."""
    words = request.args.get("after", "")
    found = queries.after(words)
    if words and found is None:
        raise Problem(400, "after is not from an address that we gave: follow `next`.")
    return found


def number(name: str, largest: int = LARGEST) -> int | None:
    """Read a whole number from 1 up; None where it is not asked for."""
    words = request.args.get(name, "")
    if not words:
        return None
    found = whole(words, largest)
    if found is None:
        raise Problem(400, f"{name} is no whole number from 1 to {largest}: give one.")
    return found


def whole(words: str, largest: int) -> int | None:
    """Read a whole number from 1 to `largest`; None for anything else."""
    if not (words.isascii() and words.isdigit()) or len(words) > len(str(largest)):
        return None
    found = int(words)
    return found if 1 <= found <= largest else None


def at_once() -> int:
    """Read how many items a page is to have."""
    return number("per_page", MOST_AT_ONCE) or USUAL_AT_ONCE


def instant(name: str) -> datetime | None:
    """Read an instant (RFC 3339) or a day, which begins at midnight in UTC."""
    words = request.args.get(name, "")
    if not words:
        return None
    said = f"{name} is no instant: write it as 2001-12-31 or 2001-12-31T10:00:00Z."
    try:
        if not _INSTANT.fullmatch(words):
            raise Problem(400, said)
        if "T" not in words:
            return datetime.combine(date.fromisoformat(words), time(), UTC)
        # In an address, a plus sign that was not escaped stands for a space.
        return datetime.fromisoformat(words.replace(" ", "+")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem(400, said) from None


def next_page(before: int | None) -> str | None:
    """Give the whole address of the next page; None on the last."""
    return _next("before", None if before is None else str(before))


def following(name: str, after: tuple[int, int] | None) -> str | None:
    """Give the whole address of the next page of what is in order by two keys; None on the last."""
    return _next(name, f"{after[0]}.{after[1]}" if after else None)


def numbered(page: int, *, more: bool) -> str | None:
    """Give the whole address of the page after this one; None on the last."""
    return _next("page", str(page + 1) if more else None)


def _next(name: str, start: str | None) -> str | None:
    if start is None:
        return None
    query = {**request.args.to_dict(), name: start}
    return f"{house().settings.public_url}{request.path}?{urlencode(query)}"
