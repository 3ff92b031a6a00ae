"""What people's own orders say together: pure, by counting places and by Schulze's method.

Schulze's method: of two requests, the one is preferred by those who put it above the other; what
somebody did not put in order stands below all that they did, equal among itself. A chain of such
preferences is as strong as its weakest link, by how many people are behind it; one request beats
another where its strongest chain to the other is stronger than the one back. "Beats" makes no
circles, so it gives an order, in which ties are possible and stay ties.
Source: Markus Schulze, "A new monotonic, clone-independent, reversal symmetric, and
condorcet-consistent single-winner election method", 2011.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
Order = Sequence[Sequence[K]]
"""What somebody wants most comes first; those in one group are equal to them."""

MOST_COMPARED = 100
"""Requests that are compared in pairs: the work grows with the third power of their number."""


@dataclass(frozen=True)
class Ranked(Generic[K]):
    """What all orders say of one thing.

    `lists`: in how many orders it stands; `firsts`: in how many of them nothing is above it;
    `median`: the middle one of its places there (half way between two in the middle);
    `place`: 1 and how many others beat it, None where it was not compared; `shared`: how many
    stand on that place with it.
    """

    key: K
    lists: int
    firsts: int
    median: float
    place: int | None
    shared: int


def ranked(orders: Sequence[Order[K]]) -> dict[K, Ranked[K]]:
    """Give what the orders say of everything that stands in one; of equal things the same."""
    places: dict[K, list[int]] = {}
    for order in orders:
        above = 0
        for group in order:
            for key in group:
                places.setdefault(key, []).append(above + 1)
            above += len(group)
    lists = {key: len(found) for key, found in places.items()}
    beaten = schulze(orders, compared(lists))
    shared = Counter(beaten.values())
    return {
        key: Ranked(
            key,
            lists[key],
            found.count(1),
            middle(found),
            beaten[key] + 1 if key in beaten else None,
            shared[beaten[key]] if key in beaten else 0,
        )
        for key, found in places.items()
    }


def compared(lists: Mapping[K, int], most: int = MOST_COMPARED) -> list[K]:
    """Give what is compared in pairs: what stands in most orders, equal ones in or out together."""
    if len(lists) <= most:
        return list(lists)
    first_out = sorted(lists.values(), reverse=True)[most]
    return [key for key, number in lists.items() if number > first_out]


def schulze(orders: Iterable[Order[K]], keys: Sequence[K]) -> dict[K, int]:
    """Give of each key how many others beat it; 0 is for whatever nothing beats."""
    path = _strengths(_preferences(orders, keys), keys)
    beaten = dict.fromkeys(keys, 0)
    for one, other in permutations(keys, 2):
        if path.get((one, other), 0) > path.get((other, one), 0):
            beaten[other] += 1
    return beaten


def middle(numbers: Sequence[int]) -> float:
    """Give the number in the middle, or half way between the two that are."""
    row, half = sorted(numbers), len(numbers) // 2
    return row[half] if len(row) % 2 else (row[half - 1] + row[half]) / 2


def _preferences(orders: Iterable[Order[K]], keys: Sequence[K]) -> dict[tuple[K, K], int]:
    """Count for each two how many put the first above the second."""
    wanted = set(keys)
    lists: Counter[K] = Counter()
    above: Counter[tuple[K, K]] = Counter()
    both: Counter[tuple[K, K]] = Counter()
    for order in orders:
        groups = [[key for key in group if key in wanted] for group in order]
        named = [key for group in groups for key in group]
        lists.update(named)
        both.update(permutations(named, 2))
        for higher, lower in combinations(groups, 2):
            above.update((one, other) for one in higher for other in lower)
    # Whoever names only one of two puts it above the other: nothing is gone through for these.
    return {
        (one, other): above[one, other] + lists[one] - both[one, other]
        for one, other in permutations(keys, 2)
    }


def _strengths(preferred: Mapping[tuple[K, K], int], keys: Sequence[K]) -> dict[tuple[K, K], int]:
    """Give the strength of the strongest chain from each key to each other."""
    path = {
        (one, other): number
        for (one, other), number in preferred.items()
        if number > preferred[other, one]
    }
    for over in keys:
        leads_on = [(other, path[over, other]) for other in keys if (over, other) in path]
        for one in keys:
            first = path.get((one, over), 0)
            if not first:
                continue
            for other, rest in leads_on:
                found = min(first, rest)
                if one != other and found > path.get((one, other), 0):
                    path[one, other] = found
    return path
