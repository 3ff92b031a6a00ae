"""The one event of Stripe's that we know: something happened to an object, so look at it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StripeTold:
    """Something happened to an object at Stripe; `account` is the payee's whose object it is.

    `object_created_at` is when the object was made, or where it does not say that, the event.
    """

    event_id: str
    type: str
    object_type: str
    object_id: str
    account: str
    live: bool
    created_at: datetime
    object_created_at: datetime

    @property
    def entity(self) -> str | None:
        """What is handled one at a time."""
        return f"stripe:{self.object_id}"
