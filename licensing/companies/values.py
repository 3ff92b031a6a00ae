"""What is known of companies, as plain values, and whom a listing covers when.

Times are spans: `from_at` belongs to it, `until_at` does not. A listing names one person, the
addresses of a domain, or a team; one of rule `manager` lets a person act for the company, and
covers nobody.

Asked about an instant that has passed, only what was written by then counts: nothing that is
dated back changes on whose word something was merged.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from licensing import domains
from licensing.versions import AgreementVersion

Rule = Literal["person", "domain", "team", "manager"]
Reason = Literal["left", "moved", "mistake", "other", "not_in_team", "team_gone"]
"""Why a listing ended. `not_in_team` and `team_gone` are GitHub's word; people choose the others."""
CHOSEN: tuple[Reason, ...] = ("left", "moved", "mistake", "other")
Role = Literal["person", "manager"]


@dataclass(frozen=True)
class Contact:
    """Who acted, as far as it is personal: it stands beside the chain and can be erased."""

    github_id: int
    login: str
    address: str = ""
    title: str = ""


@dataclass(frozen=True)
class Company:
    """A company that signed; `number` is the sequence of its first record.

    `majors` are those of the versions that it has signed.
    """

    agreement_id: int
    number: int
    name: str
    domain: str
    founder_id: int
    signed_at: datetime
    majors: frozenset[int]


@dataclass(frozen=True)
class End:
    """A listing ends at `ends_at`: for everybody, or for `github_id` alone.

    Without `actor_id` GitHub said that the person is not in the team; whoever comes back to it
    may acknowledge again. What a manager has ended stays ended.
    """

    sequence: int
    listing: int
    github_id: int | None
    ends_at: datetime
    actor_id: int | None
    reason: str
    recorded_at: datetime

    def counts(self, now: datetime) -> bool:
        """Say whether it was written by `now`, and has come."""
        return self.ends_at <= now and self.recorded_at <= now


@dataclass(frozen=True)
class Listing:
    """Whom a company covers, or who acts for it; `number` is the sequence of its record.

    `github_id` is the person's number, or the organisation's of a team; `pattern` is the rule
    on a domain, or the team's `organisation/name` on that day. Which team is meant says `team_id`
    alone, the number that it keeps when it is renamed.
    """

    number: int
    company: int
    rule: str
    github_id: int | None
    pattern: str | None
    from_at: datetime
    until_at: datetime | None
    actor_id: int
    recorded_at: datetime
    team_id: int | None = None
    ends: tuple[End, ...] = ()

    @property
    def over_at(self) -> datetime | None:
        """Give when it ends, or ended, for everybody; None if never."""
        instants = [end.ends_at for end in self.ends if end.github_id is None]
        return min([*instants, *([self.until_at] if self.until_at else [])], default=None)

    def is_over(self, now: datetime) -> bool:
        """Say whether it has ended for everybody."""
        ended = any(end.github_id is None and end.counts(now) for end in self.ends)
        return ended or (self.until_at is not None and self.until_at <= now)

    def stands(self, now: datetime) -> bool:
        """Say whether `now` lies within its span."""
        return max(self.from_at, self.recorded_at) <= now and not self.is_over(now)

    def left(self, person: int, since: int, now: datetime) -> bool:
        """Say whether it ended for one person who acknowledged with record `since`."""
        return any(
            end.github_id == person
            and end.counts(now)
            and (end.actor_id is not None or end.sequence > since)
            for end in self.ends
        )


@dataclass(frozen=True)
class Acknowledged:
    """Somebody acknowledged that a company covers them, or that they act for it.

    `domains` are those of their verified addresses at the company; `teams` the listings whose
    team they were in. From `over_at` on they have taken it back; None while it stands.
    """

    sequence: int
    company: int
    github_id: int
    role: str
    domains: tuple[str, ...]
    teams: tuple[int, ...]
    version: str
    acknowledged_at: datetime
    over_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Say whether it was said by `now`, and not taken back by then."""
        return self.acknowledged_at <= now and (self.over_at is None or now < self.over_at)

    @property
    def major(self) -> int:
        """Give the MAJOR of the version under which it was said."""
        return int(self.version.partition(".")[0])


@dataclass(frozen=True)
class Found:
    """What was just found out about a person: the domains of verified addresses, and teams."""

    github_id: int
    domains: tuple[str, ...] = ()
    teams: tuple[int, ...] = ()


@dataclass(frozen=True)
class CompanyAct:
    """A manager signs `version` for a company; `number` is None where it is new."""

    version: AgreementVersion
    repo_id: int
    name: str
    domain: str
    manager: Contact
    shown_at: datetime
    signed_at: datetime
    number: int | None = None


@dataclass(frozen=True)
class Acknowledging:
    """A person acknowledges that `company` covers them, or that they act for it."""

    version: AgreementVersion
    company: int
    person: Contact
    found: Found
    shown_at: datetime
    acknowledged_at: datetime
    role: Role = "person"


@dataclass(frozen=True)
class Wanted:
    """A listing as a manager wants it; see `Listing`."""

    company: int
    rule: Rule
    actor_id: int
    from_at: datetime
    until_at: datetime | None = None
    github_id: int | None = None
    pattern: str | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class Ending:
    """A listing is to end at `ends_at`, for everybody or for `github_id` alone."""

    listing: int
    ends_at: datetime
    actor_id: int | None
    reason: Reason
    github_id: int | None = None


def means(listing: Listing, found: Found) -> bool:
    """Say whether a listing is about a person, whatever its dates."""
    match listing.rule:
        case "person":
            return listing.github_id == found.github_id
        case "domain":
            rule = listing.pattern or ""
            return any(domains.accepts(rule, domain) for domain in found.domains)
        case "team":
            return listing.number in found.teams
        case _:
            return False


def covering(
    listings: Collection[Listing], said: Acknowledged, now: datetime
) -> tuple[Listing, ...]:
    """Give the listings that cover, at `now`, somebody who acknowledged."""
    found = Found(said.github_id, said.domains, said.teams)
    return tuple(
        one
        for one in listings
        if said.stands(now)
        and one.company == said.company
        and one.stands(now)
        and means(one, found)
        and not one.left(said.github_id, said.sequence, now)
    )


def open_to(listings: Collection[Listing], found: Found, now: datetime) -> tuple[Listing, ...]:
    """Give the listings by which a person may acknowledge: those that begin later as well."""
    new = 2**62  # behind every record: only what a manager has ended stays closed
    return tuple(
        one
        for one in listings
        if not one.is_over(now) and means(one, found) and not one.left(found.github_id, new, now)
    )


def managers(
    listings: Collection[Listing], said: Collection[Acknowledged], now: datetime
) -> frozenset[int]:
    """Give the numbers of those who act for a company: listed so, and they took it on."""
    return frozenset(
        one.github_id
        for one in listings
        if one.rule == "manager" and one.github_id is not None and one.stands(now)
        # Whoever signed for the company listed themselves with that very act.
        if one.actor_id == one.github_id or any(_took_on(one, item) for item in said)
    )


def _took_on(listing: Listing, said: Acknowledged) -> bool:
    return (
        said.role == "manager"
        and said.github_id == listing.github_id
        and said.company == listing.company
        and said.sequence > listing.number
    )
