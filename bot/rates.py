"""The legal rate of writing to GitHub, pure: when an installation may write again.

GitHub asks integrations to write one after another, at least a second apart, to create at most
80 things a minute and 500 an hour, and to stay silent for as long as an answer says.
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

APART = timedelta(seconds=1)
LIMITS = ((80, timedelta(minutes=1)), (500, timedelta(hours=1)))
REMEMBERED = max(most for most, _span in LIMITS)

FIRST_PAUSE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(hours=1)


def next_write(writes: Sequence[datetime]) -> datetime | None:
    """Give the earliest instant for the next write, after these (oldest first).

    An instant in `writes` is when a write had ended at the latest, so that the distance holds
    where it counts: between arrivals at GitHub.
    """
    if not writes:
        return None
    waits = [writes[-1] + APART]
    waits += [writes[-most] + span for most, span in LIMITS if len(writes) >= most]
    return max(waits)


def remember(writes: Sequence[datetime], ended_at: datetime) -> tuple[datetime, ...]:
    """Add a write, and forget those that no limit looks at any more."""
    return (*writes, ended_at)[-REMEMBERED:]


def pause(now: datetime, until: datetime, *, named: bool, hits: int) -> datetime:
    """Give the end of the silence after GitHub's `hits`-th “too fast” in a row.

    `until` holds if GitHub `named` it. Without a name, and from the second hit on in any case,
    silence lasts at least a minute and doubles with each hit.
    """
    if named and hits <= 1:
        return max(until, now)
    grown: timedelta = min(FIRST_PAUSE * 2 ** (max(hits, 1) - 1), LONGEST_PAUSE)
    return max(until, now + grown)
