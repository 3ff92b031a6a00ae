"""The clock of a pull request that waits: what is due, from the rules, its state and the time alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.policy import Upkeep

NOTICE = timedelta(days=7)
"""From the reminder that names the day of closing to that day, at least: however late it came."""

UNHEARD = timedelta(days=2)
"""After it, one that we closed and that is open was opened again without our hearing of it."""


@dataclass(frozen=True)
class Clock:
    """How far one pull request has come. `run` counts how often the clock began.

    `reminded` are the days of the last reminder in this run, 0 for none; `closes_at` is what
    that reminder announced. `label` is the one that we put there.
    """

    head_sha: str
    run: int
    since: datetime
    label: str = ""
    reminded: int = 0
    closes_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """What is to be done now; a reminder is the one after `days`, and announces `closes_at`."""

    kind: Literal["remind", "close"]
    days: int
    closes_at: datetime | None = None


def due(rules: Upkeep, clock: Clock, now: datetime) -> Step | None:
    """Give what is due: one step at most, however long nobody looked."""
    if clock.closed_at is not None:
        return None
    ends_at = clock.since + timedelta(days=rules.close_after)
    # What was announced is kept; a later day in the rules counts for it too.
    if rules.close_after and clock.closes_at and now >= max(clock.closes_at, ends_at):
        return Step("close", rules.close_after)
    passed = [days for days in rules.remind_after if now >= clock.since + timedelta(days=days)]
    if not passed or passed[-1] <= clock.reminded:
        return None
    closes_at = max(ends_at, now + NOTICE) if rules.close_after else None
    return Step("remind", passed[-1], closes_at)


def begun(clock: Clock | None, head_sha: str, now: datetime) -> Clock:
    """Give the clock that begins now; what was said in an earlier run stays said."""
    if clock is None:
        return Clock(head_sha, 1, now)
    spoke = bool(clock.reminded or clock.closed_at)
    return Clock(head_sha, clock.run + spoke, now, clock.label)
