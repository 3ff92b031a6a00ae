"""What the API answers about signals, calls and the register of contributors, as types."""

from datetime import datetime
from typing import Literal

import msgspec

from bot.api.roadmap_answers import Person
from bot.credits.shown import Contributor as KnownContributor
from bot.roadmap.intents.shown import Line
from bot.roadmap.ranking.rules import Ranked
from bot.roadmap.signals import Ratings as KnownRatings
from bot.roadmap.store import Request


class Ratings(msgspec.Struct, frozen=True):
    """How much people need it: `counts` are those who said 1, 2, 3, 4 and 5; `median` of all or null."""

    counts: list[int]
    median: float | None


class Orders(msgspec.Struct, frozen=True):
    """What people's own orders say of a request; `place` by Schulze's method, null if not compared."""

    people: int
    first_for: int
    median: float
    place: int | None
    shared_by: int


class Signals(msgspec.Struct, frozen=True):
    """The signals of a request, each by itself: none is added to another, and none to the votes.

    `votes` are those of everything that it is joined with; `comments` as GitHub counts them, null
    where nobody has looked yet; `orders` null where nobody has put it in order.
    """

    number: int
    votes: int
    comments: int | None
    stories: int
    ratings: Ratings
    orders: Orders | None


class Budget(msgspec.Struct, frozen=True):
    """What a call would pay, in minor units of `currency`; `low` is null for “up to”."""

    low: int | None
    high: int
    currency: str


class Call(msgspec.Struct, frozen=True):
    """A call for offers or a contest; `offers` are its offers or entries, no totals of votes."""

    request: int
    title: str
    url: str
    kind: Literal["offers", "contest"]
    phase: Literal["open", "voting", "choosing", "chosen", "over", "off"]
    until: datetime
    offers: int
    budget: Budget | None


class Calls(msgspec.Struct, frozen=True):
    """Some calls and contests, and the address of the next ones; null on the last page."""

    items: list[Call]
    next: str | None


class Contribution(msgspec.Struct, frozen=True):
    """How often somebody did a kind of thing, by the key of the all-contributors specification."""

    kind: str
    credits: int


class Contributor(msgspec.Struct, frozen=True):
    """Somebody with what they are credited for."""

    person: Person
    contributions: list[Contribution]


class Contributors(msgspec.Struct, frozen=True):
    """Some contributors by name; `people` are all of them, and `rests_on` those who did half of it."""

    items: list[Contributor]
    people: int
    rests_on: int
    next: str | None


TYPES = (Signals, Calls, Contributors)


def signals(
    asked: Request, votes: int, stories: int, rated: KnownRatings, ordered: Ranked[int] | None
) -> Signals:
    """Describe the signals of a request."""
    orders = None
    if ordered is not None:
        orders = Orders(
            people=ordered.lists,
            first_for=ordered.firsts,
            median=ordered.median,
            place=ordered.place,
            shared_by=ordered.shared,
        )
    ratings = Ratings(list(rated.counts), rated.median)
    return Signals(asked.number, votes, asked.comments, stories, ratings, orders)


def call(one: Line, url: str) -> Call:
    """Describe a call or contest."""
    low = one.low.minor if one.low else None
    budget = Budget(low, one.high.minor, one.high.currency) if one.high else None
    return Call(
        request=one.number,
        title=one.title,
        url=url,
        kind=one.kind,  # type: ignore[arg-type] # the database holds no other
        phase=one.phase,  # type: ignore[arg-type] # the database holds no other
        until=one.until,
        offers=one.offers,
        budget=budget,
    )


def contributor(one: KnownContributor) -> Contributor:
    """Describe a contributor."""
    done = [Contribution(it.kind, it.number) for it in one.done]
    return Contributor(Person(one.github_id, one.login or None), done)
