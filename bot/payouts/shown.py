"""What pages show of who gets what: the split before the work, and the shares after it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot import people
from bot.awards import awarding
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.payouts import proposing
from bot.places import repository
from core.money import Money
from donations import store as books
from donations.ledger import Cause, Mark
from donations.payouts import paying, shares
from donations.payouts.rules import PROJECT, Split
from donations.payouts.shares import Share


@dataclass(frozen=True)
class Part:
    """One part of a split: `login` is empty for the project, or an account that we do not know."""

    github_id: int
    login: str
    part: float


@dataclass(frozen=True)
class Version:
    """A split as it was said; `by` is the login of who said it."""

    split: Split
    parts: tuple[Part, ...]
    by: str


@dataclass(frozen=True)
class Line:
    """A share on a page: whose, how it stands, where it comes from, and until when it waits.

    `project` and `place` are empty where they are not public.
    """

    share: Share
    login: str
    until: datetime | None
    project: str = ""
    place: Outcome | None = None
    held: bool = False
    refused: bool = False


@dataclass(frozen=True)
class Shown:
    """Who gets what of a request; `parts` is empty while nobody is known."""

    parts: tuple[Part, ...] = ()
    is_said: bool = False
    version: int = 0
    frozen_at: datetime | None = None
    versions: tuple[Version, ...] = ()
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def changed(self) -> bool:
        """It was said more than once."""
        return len(self.versions) > 1


def of_outcome(connection: Connection, of: Outcome) -> Shown:
    """Say who gets what of a request or a milestone, as everybody may see it."""
    found = proposing.current(connection, of)
    names = outcomes.purses_of(connection, of.asked) if of.kind == "request" and of.asked else ()
    rewards = [one for name in names or (of.about,) for one in shares.rewards_of(connection, name)]
    theirs = [one for made in rewards for one in shares.of_reward(connection, made.id)]
    said = [*found.versions, *((found.split,) if found.split else ())]
    numbers = {who for one in said for who in (*one.people, one.by_id)}
    logins = people.logins(connection, [*numbers, *(one.github_id for one in theirs)])
    marks: set[Mark] = set()
    for made in rewards:
        posted = books.stored(connection, Cause("payouts", made.cause, "award"))
        marks |= set(posted.transaction.marks) if posted else set()
    return Shown(
        parts=_parts(found.split, logins) if found.split else (),
        is_said=found.is_said,
        version=found.split.version if found.split else 0,
        frozen_at=found.frozen_at,
        versions=tuple(
            Version(one, _parts(one, logins), logins.get(one.by_id, ""))
            for one in reversed(found.versions)
        ),
        lines=tuple(
            Line(one, logins.get(one.github_id, ""), awarding.ends_at(one)) for one in theirs
        ),
        marks=tuple(sorted(marks)),
    )


def as_lines(of: Shown) -> str:
    """Write the people's parts as a form takes them: one a line, in whole weights."""
    newest = of.versions[0] if of.versions else None
    if newest is None:
        return "\n".join(f"@{one.login} 1" for one in of.parts if one.github_id and one.login)
    names = {one.github_id: one.login for one in newest.parts}
    return "\n".join(
        f"@{names[who]} {weight / 100:.10g}"
        for who, weight in newest.split.shares
        if names.get(who)
    )


def of_person(connection: Connection, github_id: int, now: datetime) -> tuple[Line, ...]:
    """Give everything that was ever owed to somebody, the newest first."""
    found = []
    who = paying.of(connection, github_id)
    for one in reversed(shares.of_person(connection, github_id)):
        project, place = _place(connection, one)
        refused = one.standing.state == "owed" and one.standing.refused_since is not None
        waits = one.standing.state == "owed" and (refused or who is None or not who.payable)
        found.append(
            Line(
                one,
                "",
                awarding.ends_at(one) if waits else None,
                project,
                place if project else None,
                held=one.standing.state == "owed"
                and awarding.is_held(connection, one.reward, now),
                refused=refused,
            )
        )
    return tuple(found)


def owed(lines: tuple[Line, ...]) -> tuple[Money, ...]:
    """Sum what is owed, by currency."""
    sums: dict[str, Money] = {}
    for one in lines:
        left = one.share.left
        if left:
            sums[left.currency] = sums[left.currency] + left if left.currency in sums else left
    return tuple(sums[code] for code in sorted(sums))


def _place(connection: Connection, of: Share) -> tuple[str, Outcome | None]:
    """Give the project's name, empty where it is not public, and what it was promised for."""
    number = of.reward.book.partition(":")[2]
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == int(number or 0))
    ).one_or_none()
    found = outcomes.find(connection, of.reward.about)
    return (row.name if row and not row.private else ""), found


def _parts(of: Split, logins: dict[int, str]) -> tuple[Part, ...]:
    return tuple(
        Part(who, "" if who == PROJECT else logins.get(who, ""), of.percent(who))
        for who, weight in of.shares
        if weight
    )
