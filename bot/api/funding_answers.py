"""What the API answers about money and milestones, as types: whole minor units, and nobody who gave."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from bot.api.roadmap_answers import Person
from bot.milestones.store import Milestone as KnownMilestone
from bot.money.fund_facts import Raised
from bot.money.offers import Made
from bot.money.pledges_shown import Shown
from bot.outcomes.store import Outcome
from bot.payouts.shown import Part as KnownPart
from bot.roadmap.store import Request
from core.money import Money


class Amount(msgspec.Struct, frozen=True):
    """An amount in minor units of a currency, by ISO 4217."""

    minor: int
    currency: str


class Given(msgspec.Struct, frozen=True):
    """What was given and is there, and by how many people."""

    minor: int
    currency: str
    people: int


class Campaign(msgspec.Struct, frozen=True):
    """All or nothing until `ends_at`: `there` is promised, and once it is over, what came or was promised.

    `outcome` is null while it runs; `met` while cards are charged.
    """

    goal: Amount
    there: Amount
    ends_at: datetime
    outcome: Literal["met", "missed", "collected", "short"] | None


class PromisedOffer(msgspec.Struct, frozen=True):
    """An offer to do a request for which somebody promised; `stands`: it can be, or was, chosen."""

    bidder: Person
    price: Amount
    days: int
    stands: bool
    chosen: bool
    promised: list[Amount]


class Part(msgspec.Struct, frozen=True):
    """Somebody's part of what comes, from 0 to 1; `person` is null for the project."""

    person: Person | None
    part: float


class Funding(msgspec.Struct, frozen=True):
    """The money of a request or a milestone. `promised` has a card behind it; nothing was taken of it.

    `split` is who gets what, empty while nobody is known; `split_version` 0 where nobody said it;
    `accepted_at` null until a maintainer has accepted the work.
    """

    number: int
    title: str
    url: str
    given: list[Given]
    promised: list[Amount]
    promised_by: int
    offers: list[PromisedOffer]
    campaign: Campaign | None
    accepted_at: datetime | None
    split: list[Part]
    split_version: int


class ProjectFunding(msgspec.Struct, frozen=True):
    """What a project was given in all, and the currency in which one gives now."""

    currency: str
    url: str
    given: list[Given]


class Milestone(msgspec.Struct, frozen=True):
    """A milestone of GitHub's with the requests in it, by number; `closed` of them are closed."""

    number: int
    title: str
    url: str
    state: Literal["open", "closed"]
    due_at: datetime | None
    closed_at: datetime | None
    requests: list[int]
    closed: int


class Milestones(msgspec.Struct, frozen=True):
    """All milestones, by number."""

    items: list[Milestone]


TYPES = (Funding, ProjectFunding, Milestones)


def amount(of: Money) -> Amount:
    """Describe an amount."""
    return Amount(of.minor, of.currency)


def given(found: Iterable[Raised]) -> list[Given]:
    """Describe what was given."""
    return [Given(one.money.minor, one.money.currency, one.givers) for one in found]


def offer(one: Made) -> PromisedOffer:
    """Describe an offer."""
    return PromisedOffer(
        bidder=Person(one.bidder, one.login or None),
        price=amount(one.price),
        days=one.days,
        stands=one.stands,
        chosen=one.chosen,
        promised=[amount(it) for it in one.promised],
    )


def funding(
    of: Outcome,
    url: str,
    raised: Iterable[Raised],
    shown: Shown,
    offers: Iterable[Made],
    split: tuple[Iterable[KnownPart], int],
) -> Funding:
    """Describe the money of a request or a milestone."""
    parts, version = split
    return Funding(
        number=of.number,
        title=of.title,
        url=url,
        given=given(raised),
        promised=[amount(one) for one in shown.promised],
        promised_by=shown.people,
        offers=[offer(one) for one in offers],
        campaign=_campaign(shown),
        accepted_at=shown.accepted_at,
        split=[_part(one) for one in parts],
        split_version=version,
    )


def milestone(of: KnownMilestone, url: str, inside: Iterable[Request]) -> Milestone:
    """Describe a milestone that is not gone."""
    found = tuple(inside)
    return Milestone(
        number=of.number,
        title=of.title,
        url=url,
        state="open" if of.state == "open" else "closed",
        due_at=of.due_at,
        closed_at=of.closed_at,
        requests=[one.number for one in found],
        closed=sum(one.state == "closed" for one in found),
    )


def _campaign(shown: Shown) -> Campaign | None:
    of = shown.campaign
    if of is None or shown.for_campaign is None or shown.collected is None:
        return None
    came = of.outcome in {"met", "collected", "short"}
    there = shown.collected if came else shown.for_campaign
    return Campaign(amount(of.goal), amount(there), of.ends_at, of.outcome)


def _part(one: KnownPart) -> Part:
    person = Person(one.github_id, one.login or None) if one.github_id else None
    return Part(person, one.part)
