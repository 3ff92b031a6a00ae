"""What somebody may put in order: open requests of the repository that they vote for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from bot.roadmap import intake, store, votes
from bot.roadmap.ranking.store import MOST
from bot.roadmap.store import Request

Why = Literal["form", "many", "unknown", "closed", "unvoted"]
WHYS: tuple[Why, ...] = ("unknown", "closed", "unvoted")
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Refused:
    """Nothing was put in order, and why; `numbers` are the threads that it is about."""

    why: Why
    numbers: tuple[int, ...] = ()


def read(words: Sequence[str]) -> list[list[int]] | None:
    """Read `#12 #7 = #3`, also with `>` or commas between; None where it is no order.

    What comes first is wanted most; `=` puts what follows on the same place.
    """
    text = " ".join(words).replace(">", " ").replace(",", " ").replace("=", " = ")
    groups: list[list[int]] = []
    is_equal = False
    for word in text.split():
        if word == "=" and groups and not is_equal:
            is_equal = True
            continue
        number = word.removeprefix("#")
        if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
            return None
        if is_equal:
            groups[-1].append(int(number))
        else:
            groups.append([int(number)])
        is_equal = False
    return groups if groups and not is_equal else None


def chosen(
    connection: Connection, repo_id: int, github_id: int, groups: Sequence[Sequence[int]]
) -> list[list[Request]] | Refused:
    """Give the requests of an order of numbers, joined ones as the one that they are counted on.

    What is named twice stands where it was named first. If one of them cannot be put in order,
    none is: half an order would say something else.
    """
    if sum(map(len, groups)) > MOST:
        return Refused("many")
    named = list(dict.fromkeys(number for group in groups for number in group))
    found = {number: _root(connection, repo_id, number) for number in named}
    wrong = [(_why_not(connection, one, github_id), number) for number, one in found.items()]
    for why in WHYS:
        if numbers := tuple(number for said, number in wrong if said == why):
            return Refused(why, numbers)
    order: list[list[Request]] = []
    seen: set[int] = set()
    for group in groups:
        roots = {one.id: one for number in group if (one := found[number])}
        fresh = [one for one in roots.values() if one.id not in seen]
        seen |= set(roots)
        order += [fresh] if fresh else []
    return order


def _why_not(connection: Connection, asked: Request | None, github_id: int) -> Why | None:
    if asked is None:
        return "unknown"
    if asked.state != votes.OPEN:
        return "closed"
    return None if votes.counts(connection, asked.id, github_id) is not None else "unvoted"


def _root(connection: Connection, repo_id: int, number: int) -> Request | None:
    asked = store.by_number(connection, repo_id, number)
    if asked is None or asked.state in intake.GONE_STATES:
        return None
    return asked if asked.root_id == asked.id else store.by_id(connection, asked.root_id)
