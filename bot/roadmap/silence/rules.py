"""When silence may end a request, and what a bot may not close. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.github.values import IssueAct

NOTICE = timedelta(days=14)
"""From the question whether anybody still wants it to the end."""

KEPT_EVERY = timedelta(days=30)
"""A closing is undone once in so long: two bots never argue with each other."""


@dataclass(frozen=True)
class Hold:
    """What keeps a request open: people whose vote stands, money promised or given, work or a call."""

    votes: int = 0
    money: bool = False
    work: bool = False

    def __bool__(self) -> bool:
        """Say whether anything does."""
        return bool(self.votes or self.money or self.work)


def is_silencing(act: IssueAct, label: str, labels: tuple[str, ...]) -> bool:
    """Say whether a bot closed an issue because nobody spoke: as not planned, or while marked stale.

    What a merged change closed is done, and a duplicate is one.
    """
    by_bot = act.actor is not None and act.actor.is_bot and not act.by_us
    if not by_bot or act.kind != "closed" or act.pull or act.commit:
        return False
    marked = label.casefold() in {one.casefold() for one in labels}
    return act.reason == "not_planned" or (act.reason != "duplicate" and marked)


def may_keep(at: datetime, kept_at: datetime | None) -> bool:
    """Say whether a closing at an instant may be undone, by when the last one was."""
    return kept_at is None or at - kept_at >= KEPT_EVERY


def is_quiet(updated_at: datetime, now: datetime, days: int) -> bool:
    """Say whether nothing was heard of it for `days` of 24 hours; 0 is never."""
    return days > 0 and now - updated_at >= timedelta(days=days)


def is_over(asked_at: datetime, now: datetime) -> bool:
    """Say whether everybody had time to answer the question."""
    return now - asked_at >= NOTICE
