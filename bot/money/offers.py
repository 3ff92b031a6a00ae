"""Offers for which somebody promised: what is promised, and what a request's acceptance means for them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.money import pledges_shown
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.roadmap.intents import hope, ledger, rules, wording
from bot.roadmap.intents.values import in_order
from bot.roadmap.store import Request
from core.money import Money
from donations.pledges import store
from donations.pledges.rules import Course, Promise


@dataclass(frozen=True)
class Made:
    """An offer as it was made last: `login` is empty where we do not know it any more.

    `stands`: it can be chosen, or it is the one that was. `promised` are those for it alone.
    """

    bidder: int
    login: str
    price: Money
    days: int
    stands: bool
    chosen: bool
    promised: tuple[Money, ...] = ()
    people: int = 0

    @property
    def share(self) -> int | None:
        """How much of the price is promised for it, in whole per cent; None in another currency."""
        own = next((one for one in self.promised if one.currency == self.price.currency), None)
        if own is None or not self.price:
            return None
        return min(100, own.minor * 100 // self.price.minor)


def offer_of(connection: Connection, of: Outcome, now: datetime) -> Made | None:
    """Give the offer that an outcome is; None where it is another one."""
    if of.kind != "offer" or of.asked is None:
        return None
    acts = ledger.acts(connection, of.asked.id)
    call = rules.replay(acts).standing.call
    bids = [one for one in in_order(acts) if one.kind == "bid" and one.github_id == of.bidder]
    last = call.offer_of(of.bidder) if call else None
    price = last.price if last else bids[-1].price if bids else None
    if price is None:
        return None
    promised = pledges_shown.of_outcome(connection, of.about)
    return Made(
        bidder=of.bidder,
        login=wording.logins(connection, of.asked.id, {of.bidder}, now).get(of.bidder, ""),
        price=price,
        days=last.days if last else bids[-1].days,
        stands=hope.stands(call, of.bidder),
        chosen=call is not None and call.chosen == of.bidder,
        promised=promised.promised,
        people=promised.people,
    )


def promised_for(connection: Connection, asked: Request, now: datetime) -> tuple[Made, ...]:
    """Give the offers to do a request for which somebody has promised."""
    found = (outcomes.find(connection, name) for name in outcomes.purses_of(connection, asked)[1:])
    made = (offer_of(connection, one, now) for one in found if one is not None)
    return tuple(one for one in made if one is not None and one.promised)


def carry_over(connection: Connection, of: Outcome, now: datetime) -> None:
    """Write into an offer's purse what was accepted of its request while it was the chosen one.

    Whoever decides about the purse does this first: so it does not matter whether the choice or the
    acceptance is heard of first. Whoever is chosen later did not do what was accepted before, and
    what was accepted stays so, though they give the request back since.
    """
    if of.kind != "offer" or of.asked is None:
        return
    said = store.acts(connection, of.asked.node_id)
    heard = ledger.acts(connection, of.asked.id) if said else []
    taken = [
        one for one in said if one.deed == "accepted" and hope.was_chosen(heard, of.bidder, one.at)
    ]
    reverted = [one for one in said if one.deed == "reverted"]
    for act in (*taken, *(reverted if taken else ())):
        store.write(connection, of.about, act, now)


def course_of(connection: Connection, of: Outcome | None, about: str) -> Course:
    """Give what was decided about a purse; of an offer's, what was accepted while it was the chosen one.

    That it was given back before may be heard of after the acceptance was carried over.
    """
    course = store.course_of(connection, about)
    if of is None or of.kind != "offer" or of.asked is None or not course.acceptances:
        return course
    heard = ledger.acts(connection, of.asked.id)
    taken = tuple(at for at in course.acceptances if hope.was_chosen(heard, of.bidder, at))
    return replace(course, acceptances=taken)


def dearer(connection: Connection, of: Outcome, promises: Iterable[Promise]) -> frozenset[int]:
    """Give those promises for an offer after which more was asked for than they were told."""
    if of.kind != "offer" or of.asked is None:
        return frozenset()
    asked = hope.prices(ledger.acts(connection, of.asked.id), of.bidder)
    return frozenset(one.id for one in promises if hope.grew_dearer(asked, one.said_at))
