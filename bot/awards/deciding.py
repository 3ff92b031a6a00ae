"""Who gets what was promised: by what a maintainer said with `/split`, or by the project's rule.

Public before the work, and frozen when the work is accepted: what counts is what was said by then.
The people's parts are said; the project's part is in the terms, and nobody can raise it afterwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from bot import policies
from bot.outcomes import members
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.roadmap.intents.tables import claim, linked_pull
from bot.roadmap.store import Request
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.giving.terms import Terms
from donations.payouts import splits
from donations.payouts.rules import PROJECT, Split
from donations.pledges import store as purses

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Decided:
    """Who gets what now: None while nobody is known. `frozen_at` is when the work was accepted.

    `known_then`: somebody was known at that moment.
    """

    split: Split | None
    versions: tuple[Split, ...]
    builders: tuple[int, ...]
    frozen_at: datetime | None = None
    known_then: bool = False

    @property
    def is_said(self) -> bool:
        """A maintainer said it; it does not come from the rule."""
        return self.split is not None and self.split.version > 0


def decided(connection: Connection, about: str, accepted: Sequence[datetime] = ()) -> Decided:
    """Say who gets what, as it stands or as it stood when the work was accepted.

    Of several acceptances (each charges who promised since) the first counts at which somebody was
    known: accepting again is no way to let others share.
    """
    found = _at(connection, about, accepted[0] if accepted else None)
    for later in accepted[1:]:
        if found.known_then:
            break
        found = _at(connection, about, later)
    return found


def _at(connection: Connection, about: str, accepted_at: datetime | None) -> Decided:
    said = splits.versions(connection, _said_under(connection, about))
    own = (
        said if accepted_at is None else tuple(one for one in said if _is_before(one, accepted_at))
    )
    builders = builders_of(connection, about, accepted_at)
    weights = dict(rule_of(connection, about))
    if own:
        found: Split | None = _last(own)
    elif builders:
        found = Split(tuple((one, 1) for one in builders))
    else:
        # Nobody was known when it was accepted: whoever is named since gets it.
        found = _last(said) if said else None
    whole = with_project(found, weights) if found else None
    return Decided(whole, said, builders, accepted_at, known_then=bool(own or builders))


def _said_under(connection: Connection, about: str) -> str:
    """Name where it is said who gets it: of a milestone under its own name, whichever was promised for."""
    of = outcomes.find(connection, about)
    return of.milestone.node_id if of is not None and of.milestone is not None else about


def with_project(said: Split, weights: dict[str, int]) -> Split:
    """Put the project's part beside the people's."""
    people = tuple((who, weight * weights["builders"]) for who, weight in said.shares)
    total = sum(weight for _who, weight in said.shares)
    own = weights["project"] * total
    return replace(said, shares=(*people, (PROJECT, own)) if own else people)


def rule_of(connection: Connection, about: str) -> Sequence[tuple[str, int]]:
    """Give the weights of builders and project: of the terms where somebody gave, else of the rules file.

    Of several terms those stand by which the project gets least.
    """
    known = purses.terms_of(connection, about)
    if known:
        return min((one.reward for one in known), key=_part_of_project)
    of = outcomes.find(connection, about)
    policy = policies.rules(connection, of.repo_id).policy if of else None
    return policy.funding.reward if policy else (("builders", 1), ("project", 0))


def terms_of(connection: Connection, of: Iterable[Gift]) -> tuple[Terms, ...]:
    """Give the terms of gifts, each once."""
    found = {one.terms_sha256: one for one in of}
    return tuple(gifts.terms_of(connection, one) for one in found.values())


def builders_of(connection: Connection, about: str, until: datetime | None) -> tuple[int, ...]:
    """Give those whose work was merged by then; else those who claim it; for an offer its bidder."""
    of = outcomes.find(connection, about)
    if of is None:
        return tuple(splits.builders(connection, about, until))
    if of.bidder:
        return (of.bidder,)
    if of.milestone is not None:
        asked = members.of_milestone(connection, of.milestone, until)
    else:
        asked = (of.asked,) if of.asked else ()
    names = [of.about] if of.asked else [one.node_id for one in asked]
    merged = splits.builders_of_each(connection, names, until)
    return tuple(merged) or _claiming(connection, asked, until)


def _claiming(
    connection: Connection, asked: Sequence[Request], until: datetime | None
) -> tuple[int, ...]:
    found: list[tuple[datetime, int]] = []
    for numbers in _parts(asked):
        wanted = select(claim.c.since, claim.c.github_id).where(claim.c.request_id.in_(numbers))
        found += [(row.since, row.github_id) for row in connection.execute(wanted)]
    in_time = (who for since, who in sorted(found) if until is None or since <= until)
    return tuple(dict.fromkeys(in_time))


def _parts(asked: Sequence[Request]) -> Iterable[list[int]]:
    """Give the numbers of requests in parts that fit into one query on both databases."""
    for start in range(0, len(asked), splits.AT_ONCE):
        yield [one.id for one in asked[start : start + splits.AT_ONCE]]


def work_began(connection: Connection, of: Outcome) -> bool:
    """Say whether somebody works on it: it is claimed, or a pull request names it."""
    if of.milestone is not None:
        asked = members.of_milestone(connection, of.milestone, None)
    else:
        asked = (of.asked,) if of.asked else ()
    return any(
        connection.scalar(select(column).where(column.in_(numbers)).limit(1)) is not None
        for numbers in _parts(asked)
        for column in (claim.c.request_id, linked_pull.c.request_id)
    )


def _part_of_project(weights: Sequence[tuple[str, int]]) -> float:
    by = dict(weights)
    return by["project"] / (by["project"] + by["builders"])


def _last(said: Sequence[Split]) -> Split:
    """Give what was said last: the words of a comment may be heard of before those of an older one."""
    return max(said, key=lambda one: (one.said_at or EARLIEST, one.version))


def _is_before(one: Split, at: datetime) -> bool:
    return one.said_at is not None and one.said_at <= at
