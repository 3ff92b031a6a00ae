"""When promised cards are charged and when they are let go, and what becomes of money that lies there. Pure.

Decided by when people acted: a promise counts for a campaign by when it was said, an acceptance
by when it was written. Spans are half-open: what happens at the very end is too late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.money import Money
from donations.giving.rules import State
from donations.giving.terms import Terms

Deed = Literal[
    "campaign",
    "reached",
    "met",
    "missed",
    "collected",
    "short",
    "accepted",
    "away",
    "back",
    "redirected",
    "awarded",
    "covered",
    "levelled",
    "reverted",
]
"""campaign: a goal and a deadline were said; reached: promises came to the goal; met, missed: what
the deadline found; collected, short: what the cards then brought; accepted: a maintainer took the
work; away, back: the service lost sight of the project, or has it again; redirected: a giver left
their money to the project; awarded: it went to those who built; covered: a payment was in that;
levelled: fees were borne; reverted: the merged work was taken back out, so that it has to be accepted
again."""

LATE_NEWS = timedelta(hours=1)
"""What was done in time may be heard a little later: nothing lapses before that."""

Thread = Literal["open", "done", "refused", "gone"]
Decision = Literal["met", "missed", "collected", "short"]
Fate = Literal["wait", "charge", "release", "expire"]
Use = Literal["wait", "award", "back"]

ENDED: frozenset[State] = frozenset({"over", "nothing", "paid", "given_back", "lost", "disputed"})
"""States in which a promise asks for nothing more."""


@dataclass(frozen=True)
class Act:
    """Something that was decided about a request's money."""

    deed: Deed
    evidence: str
    at: datetime
    minor: int = 0
    currency: str = ""
    until: datetime | None = None
    by_id: int = 0


@dataclass(frozen=True)
class Campaign:
    """All or nothing: `number` is the evidence of the act that said it; `outcome` what came of it."""

    number: str
    goal: Money
    said_at: datetime
    ends_at: datetime
    outcome: Decision | None = None
    reached: bool = False


@dataclass(frozen=True)
class Course:
    """What was decided so far."""

    campaigns: tuple[Campaign, ...] = ()
    accepted_at: datetime | None = None
    accepted_by: str = ""
    away_since: datetime | None = None
    redirected: frozenset[str] = frozenset()
    acceptances: tuple[datetime, ...] = ()
    accepters: tuple[tuple[datetime, int], ...] = ()
    covered: frozenset[str] = frozenset()

    @property
    def campaign(self) -> Campaign | None:
        """The last campaign, over or not."""
        return self.campaigns[-1] if self.campaigns else None


@dataclass(frozen=True)
class Facts:
    """How it stands: `since` when, when it was opened again, and until when all was heard, if not now."""

    thread: Thread
    since: datetime
    reopened_at: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True)
class Promise:
    """A promise: `asked_at` is when a card first said no, `kept` what it brought, in minor units."""

    id: int
    money: Money
    said_at: datetime
    state: State
    terms: Terms
    kept: int = 0
    asked_at: datetime | None = None
    charged: bool = False


@dataclass(frozen=True)
class Held:
    """A payment of which a part lies with the request; `released`: its promise was over before it came."""

    evidence: str
    gift: str
    said_at: datetime
    at: datetime
    terms: Terms
    pledged: Money | None = None
    released: bool = False


def course(acts: Iterable[Act]) -> Course:
    """Read what was decided, from acts in the order in which they happened."""
    said: list[Act] = []
    by: dict[str, dict[str, Act]] = {}
    away: datetime | None = None
    for act in sorted(acts, key=lambda one: one.at):
        by.setdefault(act.deed, {})[act.evidence] = act
        if act.deed == "campaign":
            said.append(act)
        elif act.deed in {"away", "back"}:
            away = act.at if act.deed == "away" else None
    accepted = max(by.get("accepted", {}).values(), key=lambda one: one.at, default=None)
    return Course(
        campaigns=_campaigns(said, by),
        accepted_at=accepted.at if accepted else None,
        accepted_by=accepted.evidence if accepted else "",
        away_since=away,
        redirected=frozenset(by.get("redirected", {})),
        acceptances=tuple(one.at for one in by.get("accepted", {}).values()),
        accepters=tuple((one.at, one.by_id) for one in by.get("accepted", {}).values()),
        covered=frozenset(by.get("covered", {})),
    )


def _campaigns(said: Sequence[Act], by: dict[str, dict[str, Act]]) -> tuple[Campaign, ...]:
    found: list[Campaign] = []
    order: tuple[Decision, ...] = ("collected", "short", "met", "missed")
    for act in said:
        if found and found[-1].outcome is None and act.at < found[-1].ends_at:
            # Nobody had promised yet: the later words take the place of the earlier ones.
            found.pop()
        outcome = next((one for one in order if act.evidence in by.get(one, {})), None)
        goal = Money(act.minor, act.currency)
        ends_at = act.until or act.at
        reached = act.evidence in by.get("reached", {})
        found.append(Campaign(act.evidence, goal, act.at, ends_at, outcome, reached))
    return tuple(found)


def campaign_of(said_at: datetime, money: Money, of: Course) -> Campaign | None:
    """Give the campaign for which something was promised; None where it stands for itself."""
    for one in of.campaigns:
        fits = money.currency == one.goal.currency
        if fits and one.said_at <= said_at < one.ends_at:
            return one
    return None


def promised(of: Campaign, promises: Iterable[Promise], course: Course) -> Money:
    """Sum the promises of a campaign behind which there is a card."""
    minor = sum(one.money.minor for one in _own(of, promises, course) if one.state == "saved")
    return Money(minor, of.goal.currency)


def collected(of: Campaign, promises: Iterable[Promise], course: Course) -> Money:
    """Sum what the promises of a campaign brought."""
    minor = sum(one.kept for one in _own(of, promises, course))
    return Money(minor, of.goal.currency)


def reaches(of: Campaign, promises: Iterable[Promise], course: Course) -> bool:
    """Say whether promises come to the goal of a campaign that still runs, for the first time."""
    return not of.reached and of.outcome is None and promised(of, promises, course) >= of.goal


def decision(
    of: Campaign, promises: Sequence[Promise], course: Course, facts: Facts, now: datetime
) -> Decision | None:
    """Say what there is to decide about a campaign now."""
    if of.outcome is None:
        if now < of.ends_at:
            # While anybody's own terms leave it time it may go on; theirs, and nobody else's.
            mine = [one.terms for one in _own(of, promises, course) if one.state not in ENDED]
            over = all(lost(facts, course, terms, now) for terms in mine or (None,))
            return "missed" if over else None
        stands = facts.thread in {"open", "done"} and course.away_since is None
        return "met" if stands and promised(of, promises, course) >= of.goal else "missed"
    if of.outcome != "met":
        return None
    if any(one.state not in ENDED for one in _own(of, promises, course)):
        return None
    return "collected" if collected(of, promises, course) >= of.goal else "short"


def lost(facts: Facts, course: Course, terms: Terms | None, now: datetime) -> bool:
    """Say whether nothing will come of a request any more, under these terms."""
    if facts.thread == "gone" or terms is None:
        return facts.thread == "gone"
    known_at = facts.known_at or now
    refused = facts.thread == "refused" and known_at >= facts.since + _days(terms.dispute_days)
    away = course.away_since
    return refused or (away is not None and now >= away + _days(terms.away_days))


def fate(of: Promise, course: Course, facts: Facts, now: datetime) -> Fate:
    """Say what is to be done about a promise now."""
    if of.state in ENDED:
        return "wait"
    if of.charged:
        over = of.asked_at is not None and now >= of.asked_at + _days(of.terms.grace_days)
        return "expire" if over and of.state in {"asked", "failed"} else "wait"
    campaign = campaign_of(of.said_at, of.money, course)
    if of.state == "saved" and _is_due(of, course, campaign):
        return "charge"
    decided = campaign is not None and campaign.outcome is not None
    if decided or lost(facts, course, of.terms, now):
        return "release"
    over_at = of.said_at + _days(of.terms.promise_days) + LATE_NEWS
    return "expire" if campaign is None and (facts.known_at or now) >= over_at else "wait"


def _is_due(of: Promise, course: Course, campaign: Campaign | None) -> bool:
    if campaign is not None:
        return campaign.outcome in {"met", "collected"}
    lapses_at = of.said_at + _days(of.terms.promise_days)
    return any(of.said_at <= at < lapses_at for at in course.acceptances)


def accepted_at(course: Course, facts: Facts) -> datetime | None:
    """Say since when the work is accepted; None where it was opened again since.

    Accepting it once more changes nothing about that.
    """
    return next(iter(acceptances(course, facts)), None)


def accepted_for(of: Held, course: Course, facts: Facts) -> datetime | None:
    """Say since when the work is accepted for a payment: its days begin then, or once it came.

    The first acceptance that stands; for what was promised after that, the one that charged it.
    """
    known = acceptances(course, facts)
    own = (at for at in known if of.pledged is not None and at >= of.said_at)
    return next(own, next(iter(known), None))


def acceptances(course: Course, facts: Facts) -> tuple[datetime, ...]:
    """Give when the work was accepted, the first first; without what was said before it was reopened."""
    reopened = facts.reopened_at
    return tuple(sorted(one for one in course.acceptances if reopened is None or one >= reopened))


def use(of: Held, course: Course, facts: Facts, now: datetime, *, somebody: bool = True) -> Use:
    """Say what becomes of a payment that lies with a request; `somebody`: it is known who built it."""
    if of.evidence in course.covered:
        return "wait"
    if of.released:
        return "back"
    if of.pledged is not None:
        campaign = campaign_of(of.said_at, of.pledged, course)
        if campaign is not None and campaign.outcome in {"missed", "short"}:
            return "back"
    taken = accepted_for(of, course, facts)
    in_time = taken is not None and taken < of.at + _days(of.terms.hold_days)
    if taken is not None and in_time and somebody:
        since = max(taken, of.at)  # else a stolen card would be paid out at once
        return "award" if now >= since + _days(of.terms.dispute_days) else "wait"
    if lost(facts, course, of.terms, now):
        return "back"
    over_at = of.at + _days(of.terms.hold_days) + LATE_NEWS
    return "back" if (facts.known_at or now) >= over_at else "wait"


def _own(of: Campaign, promises: Iterable[Promise], course: Course) -> list[Promise]:
    return [one for one in promises if campaign_of(one.said_at, one.money, course) == of]


def _days(count: int) -> timedelta:
    return timedelta(days=count)
