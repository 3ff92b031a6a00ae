"""An order as a form gives it, and one request of it moved up or down: pure."""

from collections.abc import Mapping
from typing import Literal

Groups = list[list[int]]
"""Numbers of requests, group by group; those in one group are equal."""

Way = Literal["up", "down"]
WAYS: tuple[Way, ...] = ("up", "down")
LAST = 999
"""The largest place that a form may name."""


def groups(places: Mapping[int, int]) -> Groups:
    """Give the order of places that a form names: equal places are ties, gaps are nothing."""
    found: dict[int, list[int]] = {}
    for number, place in places.items():
        found.setdefault(place, []).append(number)
    return [found[place] for place in sorted(found)]


def moved(order: Groups, way: Way, number: int) -> Groups:
    """Move one request past the next group, or out of its own; one that is in none goes last."""
    at = next((place for place, group in enumerate(order) if number in group), None)
    if at is None:
        return [*order, [number]]
    rest = [one for one in order[at] if one != number]
    if rest:
        pair = [[number], rest] if way == "up" else [rest, [number]]
        return [*order[:at], *pair, *order[at + 1 :]]
    to = at - 1 if way == "up" else at + 1
    if not 0 <= to < len(order):
        return order
    other = [*order[:at], *order[at + 1 :]]
    return [*other[:to], [number], *other[to:]]
