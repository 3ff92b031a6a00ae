"""The sections `[[funding.appeals]]` and `[[funding.memberships]]` of the rules file, and their mistakes."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from bot.mistakes import N_, Lines, Problem
from bot.policy import shape
from bot.policy.sections import Unknown
from bot.policy.values import is_count, is_line
from core import money
from core.money import Money, NotAnAmount

APPEALS, MEMBERSHIPS = "appeals", "memberships"
Every = Literal["month", "year"]
EVERY: tuple[Every, ...] = ("month", "year")
MOST = 12
MOST_COSTS = 20
MOST_DAYS = 366
LONGEST_TITLE = 80
LONGEST_SAYING = 500

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)

_SECTIONS = N_(
    "“%(key)s” must be sections: write [[funding.%(key)s]] on a line of its own before each,"
    " at most %(most)d of them."
)
_NAMED = N_(
    "It needs a “slug” of small letters, digits and “-”, at most 40, each only once,"
    ' as in: slug = "winter". It stands in the address and never changes.'
)
_LINE = N_("“%(key)s” must be one line of at most %(most)d characters.")
_ENDS = N_("“ends” must be a date without quotes, as in: ends = 2027-03-31. It is the last day.")
_AGAIN = N_("“asks_again_after” must be a whole number of days from 1 to %(most)d.")
_COSTS = N_(
    "“costs” says what it is for, at most %(most)d lines, each above nothing,"
    ' as in: costs = [{ name = "Server", amount = "600" }].'
)
_GOAL = N_(
    "An appeal needs a “goal”, or “costs” whose sum is the goal: amounts above nothing, as texts."
)
_AMOUNT = N_('“%(key)s” must be an amount of %(currency)s above nothing, as text: "5" or "20.50".')
_EVERY = N_('“every” must be "month" or "year".')
_COUNTERPART = N_(
    "“counterpart” must be true or false: whether members get something of value for it."
)


@dataclass(frozen=True)
class Cost:
    """One line of what an appeal is for."""

    name: str
    money: Money


@dataclass(frozen=True)
class Appeal:
    """Something for which a project asks until the end of the day `ends` (UTC).

    Whoever says “not now” is asked again after `asks_again_after` days; whoever gave, never.
    """

    slug: str
    title: str
    says: str
    goal: Money
    ends: date
    asks_again_after: int
    costs: tuple[Cost, ...]

    @property
    def ends_at(self) -> datetime:
        """The instant from which on it is over."""
        return datetime(self.ends.year, self.ends.month, self.ends.day, tzinfo=UTC) + timedelta(1)


@dataclass(frozen=True)
class Membership:
    """A gift that comes again and again, with a name and thanks.

    With `counterpart` the thanks are worth something: then there is no receipt for taxes.
    """

    slug: str
    name: str
    thanks: str
    amount: Money
    least: Money
    every: Every
    counterpart: bool


def read_appeal(one: shape.Appeal, code: str) -> Appeal:
    """Give an appeal of a file without mistakes."""
    costs = tuple(
        Cost(cost.name.strip(), money.parse(cost.amount, code, "en")) for cost in one.costs
    )
    sum_ = Money(sum(cost.money.minor for cost in costs), code)
    return Appeal(
        slug=one.slug,
        title=one.title.strip() or one.slug,
        says=one.says.strip(),
        goal=money.parse(one.goal, code, "en") if one.goal else sum_,
        ends=one.ends,
        asks_again_after=one.asks_again_after,
        costs=costs,
    )


def read_membership(one: shape.Membership, code: str) -> Membership:
    """Give a membership of a file without mistakes."""
    amount = money.parse(one.amount, code, "en")
    return Membership(
        slug=one.slug,
        name=one.name.strip() or one.slug,
        thanks=one.thanks.strip(),
        amount=amount,
        least=money.parse(one.least, code, "en") if one.least else amount,
        every=next(every for every in EVERY if every == one.every),
        counterpart=one.counterpart,
    )


def find_asking(
    where: Lines, given: Mapping[str, Any], currency: str, unknown: Unknown
) -> Iterator[Problem]:
    """Give the mistakes in the appeals and memberships of `[funding]`."""
    kinds: tuple[tuple[str, Any, Callable[..., Iterator[Found]]], ...] = (
        (APPEALS, shape.Appeal, _in_appeal),
        (MEMBERSHIPS, shape.Membership, _in_membership),
    )
    for key, shaped, find in kinds:
        value = given.get(key, [])
        if not _are_sections(value):
            yield Problem(where.of("funding", key), _SECTIONS, {"key": key, "most": MOST})
            continue
        seen: set[object] = set()
        for index, one in enumerate(value):
            section = f"funding.{key}[{index}]"
            yield from unknown(where, one, section, shaped)
            slug = one.get("slug")
            if not isinstance(slug, str) or not _SLUG.fullmatch(slug) or slug in seen:
                yield Problem(where.of(section, "slug"), _NAMED)
            else:
                seen.add(slug)
            for name, text, about in find(one, currency):
                yield Problem(where.of(section, name), text, about)


Found = tuple[str, str, dict[str, object]]


def _are_sections(value: object) -> bool:
    sound = isinstance(value, list) and len(value) <= MOST
    return sound and all(isinstance(one, dict) for one in value)  # type: ignore[attr-defined]  # a list


def _in_appeal(one: Mapping[str, Any], currency: str) -> Iterator[Found]:
    yield from _lines(one, title=LONGEST_TITLE, says=LONGEST_SAYING)
    # A moment is a date too, for Python; for people it is none.
    if not isinstance(one.get("ends"), date) or isinstance(one["ends"], datetime):
        yield "ends", _ENDS, {}
    if not is_count(one.get("asks_again_after", 30), least=1, most=MOST_DAYS + 1):
        yield "asks_again_after", _AGAIN, {"most": MOST_DAYS}
    costs = one.get("costs", [])
    if (
        not isinstance(costs, list)
        or len(costs) > MOST_COSTS
        or not all(_is_cost(cost, currency) for cost in costs)
    ):
        yield "costs", _COSTS, {"most": MOST_COSTS}
    elif ("goal" in one and not _is_amount(one["goal"], currency)) or not (costs or "goal" in one):
        yield "goal", _GOAL, {}


def _in_membership(one: Mapping[str, Any], currency: str) -> Iterator[Found]:
    yield from _lines(one, name=LONGEST_TITLE, thanks=LONGEST_SAYING)
    for key in ("amount", *(["least"] if "least" in one else [])):
        if not _is_amount(one.get(key), currency):
            yield key, _AMOUNT, {"key": key, "currency": currency}
    if one.get("every", "month") not in EVERY:
        yield "every", _EVERY, {}
    if not isinstance(one.get("counterpart", False), bool):
        yield "counterpart", _COUNTERPART, {}


def _lines(one: Mapping[str, Any], **most: int) -> Iterator[Found]:
    for key, longest in most.items():
        value = one.get(key, "")
        if value != "" and not is_line(value, most=longest):
            yield key, _LINE, {"key": key, "most": longest}


def _is_cost(one: object, currency: str) -> bool:
    return (
        isinstance(one, dict)
        and set(one) == {"name", "amount"}
        and is_line(one["name"], most=LONGEST_TITLE)
        and _is_amount(one["amount"], currency)
    )


def _is_amount(text: object, currency: str) -> bool:
    try:
        return isinstance(text, str) and money.parse(text, currency, "en").minor > 0
    except NotAnAmount:
        return False
