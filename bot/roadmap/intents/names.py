"""What an offer is called where money is promised for it: `offer-REQUEST-PERSON`, by numbers."""

import re

from sqlalchemy import Connection, select

from bot.roadmap.intents.tables import intent_act

_OFFER = re.compile(r"offer-([1-9][0-9]{0,18})-([1-9][0-9]{0,18})", re.ASCII)


def offer_name(request_id: int, bidder: int) -> str:
    """Name somebody's offer to do a request; it follows the request wherever that goes."""
    return f"offer-{request_id}-{bidder}"


def read(name: str) -> tuple[int, int] | None:
    """Give (request, bidder) of an offer's name; None where it names none."""
    found = _OFFER.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else None


def offer_names(connection: Connection, request_id: int) -> tuple[str, ...]:
    """Name every offer that was ever made to do a request."""
    bids = (intent_act.c.request_id == request_id) & (intent_act.c.kind == "bid")
    bidders = connection.scalars(select(intent_act.c.github_id).where(bids).distinct())
    return tuple(offer_name(request_id, who) for who in sorted(bidders))
