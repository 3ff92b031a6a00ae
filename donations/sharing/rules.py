"""The rule by which the income of licences is shared, pure: exact, and the same in whatever order.

An income is parted among contributors, maintainers and the project by whole weights. What is the
contributors' is shared by points, which come from contributions that people confirmed; nobody
gets more than a stated part of it. The shares, and what is carried on, sum to the income.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from core.digests import canonical, sha256
from core.money import Money, split

Period = Literal["month", "quarter", "year"]
PERIODS: tuple[Period, ...] = ("month", "quarter", "year")
Counts = Literal["all", "period"]
COUNTS: tuple[Counts, ...] = ("all", "period")
Choice = Literal["take", "give", "decline"]
CHOICES: tuple[Choice, ...] = ("take", "give", "decline")
"""give: to the project; decline: as if one had no points, so that the others share it."""

MONTHS: Mapping[Period, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Rule:
    """A rule: weights of the three parts, and points of each kind of contribution.

    `counts` says whether points are those of the period alone. Nobody gets more than
    `cap_percent` of the contributors' part; who would get less than `least` (minor units) gets
    nothing yet, and it is carried on. Shared is `wait_days` after a period, when what was bought
    cannot be given back any more.
    """

    contributors: int = 0
    maintainers: int = 0
    project: int = 1
    points: tuple[tuple[str, int], ...] = ()
    maintainer_ids: tuple[int, ...] = ()
    period: Period = "quarter"
    counts: Counts = "all"
    cap_percent: int = 100
    least: int = 0
    wait_days: int = 30

    @property
    def text(self) -> str:
        """The rule as the text that is hashed."""
        return canonical(asdict(self))

    @property
    def sha256(self) -> str:
        """The hash of that text."""
        return sha256(self.text.encode())


@dataclass(frozen=True)
class Written:
    """A rule in its place: `frozen_at` is when it could be read first."""

    number: int
    rule: Rule
    frozen_at: datetime


UNWRITTEN = Rule()
"""Where no rule was written before, everything belongs to the project."""


def rule_of(record: Mapping[str, Any]) -> Rule:
    """Read a rule that was kept."""
    fields = dict(record)
    fields["points"] = tuple((kind, weight) for kind, weight in fields["points"])
    fields["maintainer_ids"] = tuple(fields["maintainer_ids"])
    return Rule(**fields)


@dataclass(frozen=True)
class Shares:
    """Who gets what: `people` by number, and what is `carried` on to the next statement."""

    people: tuple[tuple[int, Money], ...]
    project: Money
    carried: Money

    @property
    def total(self) -> Money:
        """What all of it comes to."""
        return sum((part for _who, part in self.people), self.project + self.carried)


def share(
    rule: Rule, income: Money, points: Mapping[int, int], choices: Mapping[int, Choice]
) -> Shares:
    """Share an income; what is not more than nothing is carried on whole."""
    nothing = Money(0, income.currency)
    if income <= nothing:
        return Shares((), nothing, income)
    of_contributors, of_maintainers, project = split(
        income, (rule.contributors, rule.maintainers, rule.project)
    )
    earned = {
        who: count for who, count in points.items() if count > 0 and choices.get(who) != "decline"
    }
    sums, left = _capped(of_contributors, earned, rule.cap_percent)
    project += left
    staff = sorted(who for who in set(rule.maintainer_ids) if choices.get(who) != "decline")
    for who, part in zip(
        staff, split(of_maintainers, (1,) * len(staff)) if staff else (), strict=True
    ):
        sums[who] = sums.get(who, nothing) + part
    if not staff:
        project += of_maintainers
    carried, paid = nothing, []
    for who, part in sorted(sums.items()):
        if choices.get(who) == "give":
            project += part
        elif part.minor < max(rule.least, 1):
            carried += part
        else:
            paid.append((who, part))
    return Shares(tuple(paid), project, carried)


def _capped(
    money: Money, points: Mapping[int, int], percent: int
) -> tuple[dict[int, Money], Money]:
    """Share by points, nobody more than so many per cent; gives what is left when all have theirs."""
    most = Money(money.minor * percent // 100, money.currency)
    shares: dict[int, Money] = {}
    waiting, left = dict(sorted(points.items())), money
    while waiting:
        parts = dict(zip(waiting, split(left, list(waiting.values())), strict=True))
        over = [who for who, part in parts.items() if part > most]
        if not over:
            return shares | parts, Money(0, money.currency)
        for who in over:
            shares[who] = most
            left -= most
            del waiting[who]
    return shares, left


def points_of(rule: Rule, given: Iterable[tuple[int, str, str]]) -> dict[int, int]:
    """Count points from (person, kind, thread): a kind counts once for each person and thread."""
    weights = dict(rule.points)
    found: dict[int, int] = {}
    for who, kind, _thread in set(given):
        if weight := weights.get(kind, 0):
            found[who] = found.get(who, 0) + weight
    return dict(sorted(found.items()))


def begins(period: Period, at: datetime) -> datetime:
    """Give the first instant of the period in which an instant lies, UTC."""
    day = at.astimezone(UTC).date()
    months = MONTHS[period]
    return _midnight(date(day.year, (day.month - 1) // months * months + 1, 1))


def ends(period: Period, start: datetime) -> datetime:
    """Give the first instant after the period that begins with `start`."""
    count = start.year * 12 + start.month - 1 + MONTHS[period]
    return _midnight(date(count // 12, count % 12 + 1, 1))


def name(period: Period, start: datetime) -> str:
    """Name a period: `2026`, `2026-Q4` or `2026-11`."""
    if period == "year":
        return f"{start.year}"
    if period == "quarter":
        return f"{start.year}-Q{(start.month - 1) // 3 + 1}"
    return f"{start.year}-{start.month:02}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
