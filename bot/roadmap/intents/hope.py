"""Whether something can still come of an offer: it stands, was chosen, or costs more than it did. Pure."""

from collections.abc import Iterable
from datetime import datetime

from bot.roadmap.intents.rules import STEPS, replay
from bot.roadmap.intents.values import Act, Call, Standing, in_order
from core.money import Money

UNDECIDED = frozenset({"", "unvoted"})
"""Endings of a call after which somebody may still be chosen."""


def lost_since(acts: Iterable[Act], bidder: int) -> datetime | None:
    """Say since when nothing can come of somebody's offer; None while it stands or is chosen.

    An offer that is made again stands again. Without any act there is no instant to give: None.
    """
    standing, since = Standing(), None
    for act in in_order(acts):
        standing, _verdict = STEPS[act.kind](standing, act)
        if stands(standing.call, bidder):
            since = None
        elif since is None:
            since = act.acted_at
    return since


def stands(call: Call | None, bidder: int) -> bool:
    """Say whether somebody's offer is one that can be chosen, or is the one that was."""
    if call is None or call.offer_of(bidder) is None:
        return False
    return call.chosen == bidder or (call.chosen == 0 and call.ending in UNDECIDED)


def was_chosen(acts: Iterable[Act], bidder: int, at: datetime) -> bool:
    """Say whether somebody's offer was the chosen one at an instant.

    What was done at that very instant counts: one comment may choose, and accept below it.
    """
    call = replay(one for one in acts if one.acted_at <= at).standing.call
    return call is not None and call.chosen == bidder


def prices(acts: Iterable[Act], bidder: int) -> list[tuple[datetime, Money]]:
    """Give what somebody asked for, each time with the instant since when, in order."""
    standing, found = Standing(), list[tuple[datetime, Money]]()
    for act in in_order(acts):
        standing, _verdict = STEPS[act.kind](standing, act)
        offer = standing.call.offer_of(bidder) if standing.call else None
        if offer is not None and (not found or found[-1][1] != offer.price):
            found.append((act.acted_at, offer.price))
    return found


def grew_dearer(asked: Iterable[tuple[datetime, Money]], since: datetime) -> bool:
    """Say whether more was asked for after an instant than then, or another currency."""
    price: Money | None = None
    for at, money in asked:
        if price is None or at <= since:
            price = money
        elif money.currency != price.currency or money > price:
            return True
    return False
