"""Outcomes by their names: a request's node id, `offer-REQUEST-PERSON`, or a milestone's node id.

The name of an outcome is what purses, gifts, splits and books call it. An offer is known by the
request's number here and by the account of who made it, so it follows the request wherever it goes.
"""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from bot.milestones import store as milestones
from bot.milestones.store import Milestone
from bot.roadmap import store as requests
from bot.roadmap.intents import names
from bot.roadmap.store import Request
from core.snapshots import asked_once
from donations.pledges.tables import purse

Kind = Literal["request", "offer", "milestone"]


@dataclass(frozen=True)
class Outcome:
    """What is waited for before cards are charged. `bidder` is who has to do it, 0 where anybody may."""

    about: str
    asked: Request | None = None
    bidder: int = 0
    milestone: Milestone | None = None

    @property
    def kind(self) -> Kind:
        """Say which of the three it is."""
        if self.milestone is not None:
            return "milestone"
        return "offer" if self.bidder else "request"

    @property
    def repo_id(self) -> int:
        """The project to which it belongs now."""
        place = self.milestone or self.asked
        return place.repo_id if place else 0

    @property
    def number(self) -> int:
        """The number of the issue, or of the milestone."""
        place = self.milestone or self.asked
        return place.number if place else 0

    @property
    def title(self) -> str:
        """What it is called on GitHub."""
        place = self.milestone or self.asked
        return place.title if place else ""

    @property
    def state(self) -> str:
        """How GitHub shows it: see `Request.state` and `Milestone.state`; "gone" where nothing is there."""
        place = self.milestone or self.asked
        return place.state if place else "gone"

    @property
    def is_open(self) -> bool:
        """Whether GitHub shows it as open."""
        return self.state == "open"

    @property
    def sign(self) -> str:
        """How people name it beside its title: `#12`, or nothing for a milestone."""
        return f"#{self.number}" if self.asked else ""

    @property
    def page(self) -> str:
        """Where it is shown, below the project's own page."""
        if self.kind == "offer":
            return f"requests/{self.number}/intent"
        return f"{'milestones' if self.milestone else 'requests'}/{self.number}"

    @property
    def split_page(self) -> str:
        """Where everybody reads who gets what, below the project's own page."""
        return f"{'milestones' if self.milestone else 'requests'}/{self.number}/split"

    @property
    def campaign_page(self) -> str:
        """Where maintainers open a campaign and accept the work, below the project's own page."""
        return f"{'milestones' if self.milestone else 'requests'}/{self.number}/campaign"

    @property
    def query(self) -> str:
        """How the page on which one promises is told what for."""
        if self.milestone:
            return f"milestone={self.number}"
        return f"request={self.number}" + (f"&offer={self.bidder}" if self.bidder else "")


def of_request(asked: Request) -> Outcome:
    """Give a request as an outcome."""
    return Outcome(asked.node_id, asked)


def of_offer(asked: Request, bidder: int) -> Outcome:
    """Give somebody's offer to do a request as an outcome."""
    return Outcome(names.offer_name(asked.id, bidder), asked, bidder)


def of_milestone(found: Milestone) -> Outcome:
    """Give a milestone as an outcome."""
    return Outcome(found.node_id, milestone=found)


def find(connection: Connection, about: str) -> Outcome | None:
    """Give the outcome of a name; None where we know none."""
    if not about:
        return None
    if offer := names.read(about):
        request_id, bidder = offer
        asked = requests.by_id(connection, request_id)
        return Outcome(about, asked, bidder) if asked else None
    if asked := requests.by_node(connection, about):
        return Outcome(about, asked)
    found = milestones.by_node(connection, about)
    return Outcome(about, milestone=found) if found else None


@asked_once
def purses_of(connection: Connection, asked: Request) -> tuple[str, ...]:
    """Give the names under which money was promised for a request: its own, and each offer's."""
    offers = names.offer_names(connection, asked.id)
    if not offers:
        return (asked.node_id,)
    known = select(purse.c.about).where(purse.c.about.in_(offers)).order_by(purse.c.about)
    return (asked.node_id, *connection.scalars(known))
