"""What people do about an intent, and what stands after it: frozen values, pure.

A *call* is a need with a deadline that developers answer with *offers*; a *claim* says who works
on a request; a *contest* collects *entries* and lets everybody vote on them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from core.money import Money

Kind = Literal[
    "call", "call_off", "bid", "bid_off", "chosen", "claim", "release",
    "contest", "contest_off", "entry", "entry_off", "outcome",
]  # fmt: skip
Method = Literal["maintainer", "backers", "cheapest"]
METHODS: tuple[Method, ...] = ("maintainer", "backers", "cheapest")
Phase = Literal["open", "voting", "choosing", "chosen", "over", "off"]
Ending = Literal["", "chosen", "empty", "unvoted", "dear", "given_back", "off"]
"""How a call or contest ended: `empty` without offers, `unvoted` without votes, `dear` with none
inside the budget, `given_back` by whoever was chosen, `off` by whoever opened it."""


class Place(NamedTuple):
    """Where an act stands on GitHub: number of the comment and line in it; (0, 0) for a form."""

    comment: int = 0
    line: int = 0


NOWHERE = Place()


@dataclass(frozen=True)
class Act:
    """One act of one person on one request; `evidence` names it, and makes it one.

    `days` are those of an offer, or how long a vote lasts; `term` is after how many days without
    activity a claim ends; `limit` is how many claims there may be at once. Like `until`, they are
    pinned when the act is heard: rules that change later change nothing that was begun. `whom` is
    the person who is chosen or released. `github_id` is 0 for what a deadline does.
    """

    kind: Kind
    github_id: int
    evidence: str
    acted_at: datetime
    place: Place = NOWHERE
    by_maintainer: bool = False
    by_asker: bool = False
    price: Money | None = None
    low: Money | None = None
    high: Money | None = None
    days: int = 0
    until: datetime | None = None
    method: str = ""
    whom: int = 0
    term: int = 0
    limit: int = 1


@dataclass(frozen=True)
class Offer:
    """What somebody would do it for; `version` is the state of the call that they answered."""

    bidder: int
    price: Money
    days: int
    made_at: datetime
    place: Place
    version: int
    evidence: str


@dataclass(frozen=True)
class Entry:
    """What somebody submitted to a contest."""

    author: int
    made_at: datetime
    place: Place
    evidence: str


@dataclass(frozen=True)
class Call:
    """One round of offers; `round` is the evidence by which it was opened.

    `said` is the evidence of its latest version. Offers are taken before `until`; those who voted
    for the request then have `vote_days` where the method is theirs. `had_offer` stays true.
    """

    owner: int
    round: str
    said: str
    version: int
    opened_at: datetime
    until: datetime
    method: Method
    vote_days: int
    term: int
    low: Money | None = None
    high: Money | None = None
    offers: tuple[Offer, ...] = ()
    had_offer: bool = False
    chosen: int = 0
    decided_at: datetime | None = None
    ending: Ending = ""

    @property
    def vote_until(self) -> datetime:
        """When those who vote on the offers have to be done."""
        return self.until + timedelta(days=self.vote_days)

    def phase(self, now: datetime) -> Phase:
        """Say where it stands at an instant."""
        if self.ending == "unvoted" and not self.chosen:
            return "choosing"
        if self.ending:
            return "off" if self.ending == "off" else "chosen" if self.chosen else "over"
        if now < self.until:
            return "open"
        votes = self.method == "backers" and now < self.vote_until
        return "voting" if votes else "choosing"

    def is_over(self, now: datetime) -> bool:
        """Say that nothing can come of it any more."""
        return self.phase(now) in {"chosen", "over", "off"}

    def offer_of(self, bidder: int) -> Offer | None:
        """Give somebody's standing offer."""
        return next((one for one in self.offers if one.bidder == bidder), None)


@dataclass(frozen=True)
class Contest:
    """One contest: entries before `until`, then a vote of everybody for `vote_days`."""

    owner: int
    round: str
    said: str
    opened_at: datetime
    until: datetime
    vote_days: int
    term: int
    entries: tuple[Entry, ...] = ()
    had_entry: bool = False
    winner: int = 0
    decided_at: datetime | None = None
    ending: Ending = ""

    @property
    def vote_until(self) -> datetime:
        """When the vote ends."""
        return self.until + timedelta(days=self.vote_days)

    def phase(self, now: datetime) -> Phase:
        """Say where it stands at an instant."""
        if self.ending:
            return "off" if self.ending == "off" else "chosen" if self.winner else "over"
        if now < self.until:
            return "open"
        return "voting" if now < self.vote_until else "choosing"

    def is_over(self, now: datetime) -> bool:
        """Say that nothing can come of it any more."""
        return self.phase(now) in {"chosen", "over", "off"}

    def entry_of(self, author: int) -> Entry | None:
        """Give somebody's standing entry."""
        return next((one for one in self.entries if one.author == author), None)


@dataclass(frozen=True)
class Claim:
    """Somebody works on it; `by` says how they came to: they took it, or were chosen."""

    who: int
    since: datetime
    term: int
    evidence: str
    by: Literal["claim", "offer", "contest"] = "claim"


@dataclass(frozen=True)
class Standing:
    """What stands on a request: at most one call, one contest, and those who work on it."""

    call: Call | None = None
    contest: Contest | None = None
    claims: tuple[Claim, ...] = ()

    def claim_of(self, who: int) -> Claim | None:
        """Give somebody's claim."""
        return next((one for one in self.claims if one.who == who), None)


def in_order(acts: Iterable[Act]) -> list[Act]:
    """Sort acts by when people did them; within one second by where they stand on GitHub."""
    return sorted(acts, key=lambda act: (act.acted_at, act.place, act.evidence))
