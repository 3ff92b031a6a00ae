"""Which telling of an update stands, and who is told of which: any order of events ends the same. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SAID, EDITED, GONE = 0, 1, 2
"""What was done, by rank: of one second the higher stands. Gone is for good."""

LONGEST = 2_000
MOST_A_DAY = 10
"""So many updates may somebody say in a day about one thing."""

MOST = 500
"""So many may be said about one thing in all."""

APART = timedelta(days=1)
"""Nobody gets two letters about one thing within this."""

FRESH = timedelta(days=7)
"""What was said longer ago is news no more: nobody is written to because of it."""

HEARERS = frozenset({"paid", "under_way", "saved", "asked", "failed"})
"""How a gift or a promise stands whose giver wants to know: neither back, over, disputed nor lost."""


@dataclass(frozen=True)
class Heard:
    """An act on an update: its words after it (none: taken back), when, and what was done.

    `was` are the words that an edit says it replaced.
    """

    words: str
    at: datetime
    rank: int = SAID
    was: str = ""


def takes(known: Heard | None, heard: Heard) -> bool:
    """Say whether an act changes what is known, which may be later, or the same act."""
    if known is None:
        return True
    if GONE in {known.rank, heard.rank}:
        return known.rank != GONE
    if (heard.at, heard.rank) != (known.at, known.rank):
        return (heard.at, heard.rank) > (known.at, known.rank)
    # GitHub counts whole seconds: of two edits within one the later says what it replaced.
    return heard.was == known.words != heard.words


def wants(product: str, state: str, paid: int) -> bool:
    """Say whether whoever gave or promised this still has to do with it."""
    if state == "failed":
        # A card that said no once leaves a promise standing, and a gift that never came.
        return product == "pledge" and not paid
    return state in HEARERS


def is_news(said_at: datetime, now: datetime) -> bool:
    """Say whether anybody is still written to because of what was said then."""
    return said_at > now - FRESH


def next_letter(written_at: Iterable[datetime], now: datetime) -> datetime:
    """Say from when on somebody may be written to, after these letters: now, or later."""
    last = max(written_at, default=None)
    return max(now, last + APART) if last else now
