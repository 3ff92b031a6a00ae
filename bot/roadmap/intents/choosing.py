"""Which offer or entry is chosen, and how ties are broken: pure, by rules said beforehand, never chance.

Votes are by approval: everybody may say yes to as many as they like. Of equal offers the one
made first is chosen, by when the person acted; of two made in one second the quicker, then the
cheaper, then the one that stands first on GitHub, then that of the older account, which has the
lower number. Entries go by the same order, as far as it is about them.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from bot.roadmap.intents.values import Call, Contest, Ending, Entry, Offer

Approvals = Mapping[int, AbstractSet[int]]
"""By bidder or author: the people who say yes to theirs."""


@dataclass(frozen=True)
class Chosen:
    """Who is chosen (0: nobody), how it ended, and whether a tie was broken."""

    who: int
    ending: Ending
    tie: bool = False


def by_price(call: Call) -> Chosen:
    """Choose the cheapest offer inside the budget."""
    if not call.offers:
        return Chosen(0, "empty")
    fits = [one for one in call.offers if within(call, one)]
    if not fits:
        return Chosen(0, "dear")
    least = min(one.price.minor for one in fits)
    best = [one for one in fits if one.price.minor == least]
    return Chosen(min(best, key=_offer_order).bidder, "chosen", len(best) > 1)


def by_backers(call: Call, approvals: Approvals, electorate: AbstractSet[int]) -> Chosen:
    """Choose the offer that most of those say yes to who voted for the request."""
    if not call.offers:
        return Chosen(0, "empty")
    counts = {
        one.bidder: len(approvals.get(one.bidder, set()) & electorate) for one in call.offers
    }
    most = max(counts.values())
    if not most:
        return Chosen(0, "unvoted")
    best = [one for one in call.offers if counts[one.bidder] == most]
    return Chosen(min(best, key=_offer_order).bidder, "chosen", len(best) > 1)


def by_all(contest: Contest, approvals: Approvals) -> Chosen:
    """Choose the entry that most people say yes to."""
    if not contest.entries:
        return Chosen(0, "empty")
    counts = {one.author: len(approvals.get(one.author, set())) for one in contest.entries}
    most = max(counts.values())
    if not most:
        return Chosen(0, "unvoted")
    best = [one for one in contest.entries if counts[one.author] == most]
    return Chosen(min(best, key=_entry_order).author, "chosen", len(best) > 1)


def within(call: Call, offer: Offer) -> bool:
    """Say whether an offer costs no more than the budget allows."""
    high = call.high
    if high is None:
        return True
    return offer.price.currency == high.currency and offer.price.minor <= high.minor


def _offer_order(one: Offer) -> tuple[Any, ...]:
    return one.made_at, one.days, one.price.minor, one.place, one.bidder


def _entry_order(one: Entry) -> tuple[Any, ...]:
    return one.made_at, one.place, one.author
