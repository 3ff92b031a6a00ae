"""What pages show of promises: sums of a request, and what the giver can do with one of their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.money import pledges_facts, pledges_money
from bot.money.pledges_facts import Reading
from bot.outcomes import store as outcomes
from core.money import Money
from donations import calls
from donations import store as books
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.pledges import rules, store
from donations.pledges.rules import Campaign


@dataclass(frozen=True)
class Shown:
    """Promises for one outcome: `promised` has a card behind it, `collected` came of a campaign."""

    promised: tuple[Money, ...] = ()
    people: int = 0
    campaign: Campaign | None = None
    for_campaign: Money | None = None
    collected: Money | None = None
    accepted_at: datetime | None = None
    refused: bool = False

    @property
    def last_at(self) -> datetime | None:
        """The last second of the campaign: its day is the one that was chosen, as it ends at midnight."""
        return self.campaign.ends_at - timedelta(seconds=1) if self.campaign else None

    @property
    def share(self) -> int:
        """How much of the goal is promised, in whole per cent, at most 100."""
        if self.campaign is None or self.for_campaign is None:
            return 0
        came = self.campaign.outcome in {"met", "collected", "short"}
        shown = self.collected if came else None
        sum_ = (shown or self.for_campaign).minor
        return min(100, sum_ * 100 // max(1, self.campaign.goal.minor))


@dataclass(frozen=True)
class Own:
    """What somebody can do with their promise, and what is owed to them because it could not go back."""

    withdrawable: bool = False
    payable_until: datetime | None = None
    leavable: bool = False
    left: bool = False
    owed: Money | None = None


def of_outcome(connection: Connection, about: str) -> Shown:
    """Sum the promises for a request, an offer or a milestone."""
    course = store.course_of(connection, about)
    promises = store.promises_of(connection, about)
    saved = [one for one in promises if one.state == "saved"]
    codes = sorted({one.money.currency for one in saved})
    sums = tuple(
        Money(sum(one.money.minor for one in saved if one.money.currency == code), code)
        for code in codes
    )
    campaign = course.campaign
    facts = pledges_facts.facts(connection, outcomes.find(connection, about), Reading())
    return Shown(
        promised=sums,
        people=len(saved),
        campaign=campaign,
        for_campaign=rules.promised(campaign, promises, course) if campaign else None,
        collected=rules.collected(campaign, promises, course) if campaign else None,
        accepted_at=rules.accepted_at(course, facts) if facts else None,
        refused=facts is not None and facts.thread == "refused",
    )


def own(connection: Connection, gift: Gift) -> Own:
    """Say what can be done with a gift."""
    home = books.balances(connection, f"refund:gift-{gift.id}")
    owed = next((-money for money in home if money.minor < 0), None)
    course = store.course_of(connection, gift.about) if gift.about else None
    return Own(
        withdrawable=withdrawable(connection, gift),
        payable_until=payable_until(connection, gift),
        leavable=leavable(connection, gift),
        left=course is not None and gift.name in course.redirected,
        owed=owed,
    )


def withdrawable(connection: Connection, gift: Gift) -> bool:
    """Say whether a promise can be taken back: its card was not to be charged yet."""
    asked = calls.by_key(connection, store.charge_key(gift.id)) is not None
    state = gifts.standing(connection, gift).state
    return gift.product == "pledge" and not asked and state in {"open", "saved", "failed"}


def payable_until(connection: Connection, gift: Gift) -> datetime | None:
    """Say until when a promise whose card said no can be paid; None where there is nothing to pay."""
    if gift.product != "pledge":
        return None
    for one in store.promises(connection, (gift,)):
        if one.charged and one.state in {"asked", "failed"} and one.asked_at is not None:
            return one.asked_at + timedelta(days=one.terms.grace_days)
    return None


def leavable(connection: Connection, gift: Gift) -> bool:
    """Say whether what lies with a refused request can be left to the project."""
    facts = pledges_facts.facts(connection, outcomes.find(connection, gift.about), Reading())
    if facts is None or facts.thread != "refused":
        return False
    course = store.course_of(connection, gift.about)
    return gift.name not in course.redirected and any(
        pledges_money.return_of(connection, gift, payment) is None and part.minor > 0
        for payment, part in store.held(connection, gift)
        if payment.evidence not in course.covered
    )
