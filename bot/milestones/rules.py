"""Which of two tellings of a milestone stands: any order of events ends the same. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.github.values import Milestone as Told

State = Literal["open", "closed", "gone"]
"""gone: deleted, which is for good: GitHub gives neither its id nor its number again."""

Verdict = Literal["take", "leave", "ask"]
"""ask: only a fresh reading of the repository can tell."""


@dataclass(frozen=True)
class Milestone:
    """A milestone as it stands; `due_at` is the instant that GitHub keeps of the day set.

    `closed_at` is None while it is open, and `last_closed_at` stays. `reopened_at` is when it was
    last opened again, or where nobody told of that, first known to be open again. `gone_at` is
    when we heard that it was deleted, because GitHub does not say. `updated_at` is GitHub's own
    instant of what stands, `seen_at` when that was told or read.
    """

    node_id: str
    repo_id: int
    number: int
    title: str
    state: State
    due_at: datetime | None
    closed_at: datetime | None
    last_closed_at: datetime | None
    reopened_at: datetime | None
    gone_at: datetime | None
    updated_at: datetime
    seen_at: datetime


def heard(known: Milestone, told: Told) -> Verdict:
    """Judge what an event tells, which may be late: the later change at GitHub stands.

    GitHub counts whole seconds. What differs within one, and news of what is gone, is asked for.
    """
    if known.state != "gone" and told.updated_at > known.updated_at:
        return "take"
    if told.updated_at < known.updated_at or _same(known, told):
        return "leave"
    if known.state == "gone" and told.updated_at == known.updated_at:
        # The last thing that was told of it before the end.
        return "leave"
    return "ask"


def read(known: Milestone, told: Told, read_at: datetime) -> Verdict:
    """Judge what a reading tells that began at `read_at`: it is how GitHub had it then.

    What was heard after the reading began stands, unless GitHub's own instant is a later one.
    """
    if known.state != "gone" and told.updated_at > known.updated_at:
        return "take"
    older = told.updated_at < known.updated_at
    return "leave" if older or read_at < known.seen_at else "take"


@dataclass(frozen=True)
class Past:
    """When a milestone was last closed, and last opened again."""

    closed_at: datetime | None = None
    reopened_at: datetime | None = None


def past(known: Milestone, told: Told) -> Past:
    """Say what is known of its past once one more telling was heard, which may be a late one.

    The earliest telling of an open milestone after its last closing is the one of its opening.
    """
    closings = (known.last_closed_at, told.closed_at if told.state == "closed" else None)
    closed_at = max((at for at in closings if at), default=None)
    if closed_at is None:
        return Past(None, known.reopened_at)
    tellings = [known.reopened_at, told.updated_at if told.state == "open" else None]
    again = [at for at in tellings if at and at > closed_at]
    if not again and known.state == "open" and known.updated_at > closed_at:
        # It was heard of as open before anybody told of this closing.
        again = [known.updated_at]
    return Past(closed_at, min(again, default=known.reopened_at))


def _same(known: Milestone, told: Told) -> bool:
    facts = (known.title, known.state, known.due_at, known.closed_at)
    return facts == (told.title, told.state, told.due_on, told.closed_at)
