"""Which rule holds for which period, and which is to come. Pure.

The rule of a period is the one that stood when it began; where none was written by then, the first
that stood before the first sale in it, and else everything is the project's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from donations.sharing import rules
from donations.sharing.rules import UNWRITTEN, Rule, Written


@dataclass(frozen=True)
class Span:
    """A period, from its first instant to the one after its last, and the rule that holds for it."""

    start: datetime
    end: datetime
    written: Written | None

    @property
    def rule(self) -> Rule:
        """The rule that holds for it."""
        return self.written.rule if self.written else UNWRITTEN

    @property
    def name(self) -> str:
        """Its name."""
        return rules.name(self.rule.period, self.start)


@dataclass(frozen=True)
class Timetable:
    """The periods since the first sale: that of today is `current`, and `coming` follows it.

    `coming` is None where the same rule goes on. `held` are names of periods by the rule's number.
    """

    current: Span
    coming: Span | None
    held: dict[int, tuple[str, ...]]


def rule_for(
    known: Iterable[Written], start: datetime, first_sale: datetime | None
) -> Written | None:
    """Give the rule that holds for what begins with `start`."""
    found = None
    for one in known:
        if one.frozen_at < start or (
            found is None and first_sale is not None and one.frozen_at <= first_sale
        ):
            found = one
    return found


def spans(
    known: Sequence[Written], paid: Sequence[datetime], after: datetime | None = None
) -> Iterator[Span]:
    """Give one period after the other without end: from that of the first sale, or from `after` on.

    `paid` is when sales were paid, oldest first.
    """
    at = after or paid[0]
    while True:
        first = next((one for one in paid if one >= at), None)
        written = rule_for(known, at, first)
        period = (written.rule if written else UNWRITTEN).period
        start = rules.begins(period, at)
        end = rules.ends(period, start)
        # What follows a shorter or longer period begins where that one ended.
        yield Span(start if after is None else at, end, written)
        at = after = end


def timetable(known: Sequence[Written], paid: Sequence[datetime], now: datetime) -> Timetable:
    """Say which rule holds today, as if something were sold now, and which from the next period on."""
    walk = spans(known, [*paid, now])
    until_now = [next(walk)]
    while until_now[-1].end <= now:
        until_now.append(next(walk))
    held: dict[int, tuple[str, ...]] = {}
    for span in until_now:
        number = span.written.number if span.written else 0
        held[number] = (*held.get(number, ()), span.name)
    current, following = until_now[-1], next(walk)
    return Timetable(current, None if following.rule == current.rule else following, held)
