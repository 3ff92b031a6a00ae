"""Whether something can still come of an offer: it stands, or it was chosen. Pure."""

from collections.abc import Iterable
from datetime import datetime

from bot.roadmap.intents.rules import STEPS
from bot.roadmap.intents.values import Act, Call, Standing, in_order

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
