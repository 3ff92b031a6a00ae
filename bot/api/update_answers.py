"""What the API answers about how work goes, as types."""

from datetime import datetime

import msgspec

from bot.api.roadmap_answers import Person
from bot.roadmap.updates.store import Update as KnownUpdate


class Update(msgspec.Struct, frozen=True):
    """What was said of how the work goes, in plain words; `changed_at` is null where nobody changed it.

    What was taken back is not among them, and `id` is never given again.
    """

    id: int
    by: Person
    words: str
    url: str
    said_at: datetime
    changed_at: datetime | None


class Updates(msgspec.Struct, frozen=True):
    """Updates, newest first; `next` is the address of the next page, null on the last."""

    items: list[Update]
    next: str | None


TYPES = (Updates,)


def update(one: KnownUpdate, page: str) -> Update:
    """Describe an update; `page` is where it is shown."""
    by = Person(one.github_id, one.login or None)
    return Update(one.id, by, one.words, f"{page}#updates", one.said_at, one.changed_at)
