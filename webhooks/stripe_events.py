"""From a stored body of Stripe's to a hint: what happened to which object, and nothing more.

An event is only a hint (its object is fetched again before anything is decided), so that no
order, repetition or newer shape matters. Source: https://docs.stripe.com/api/events/object.
"""

from datetime import UTC, datetime

import msgspec

from webhooks.payloads import Ignored, Misfit
from webhooks.stripe_told import StripeTold


class _Object(msgspec.Struct):
    object: str
    id: str = ""
    created: int | None = None


class _Data(msgspec.Struct):
    object: _Object


class _Event(msgspec.Struct):
    id: str
    object: str
    type: str
    created: int
    livemode: bool
    data: _Data
    account: str = ""


LONGEST_ID = 200
LAST_SECOND = 253_402_300_799
"""The end of the year 9999: no instant lies beyond."""


def parse(body: bytes) -> StripeTold | Ignored:
    """Read a body that claims to be an event. Raises `Misfit`, never anything else."""
    try:
        event = msgspec.json.decode(body, type=_Event)
    except msgspec.ValidationError:
        raise Misfit("body lacks what its event has") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise Misfit("body is not JSON") from None
    about = event.data.object
    if event.object != "event" or not 0 <= event.created <= LAST_SECOND:
        raise Misfit("body is no event")
    if max(map(len, (event.id, event.type, about.id, about.object, event.account))) > LONGEST_ID:
        raise Misfit("a name in the body is longer than any of Stripe's")
    made = event.created if about.created is None else about.created
    if not 0 <= made <= LAST_SECOND:
        raise Misfit("body is no event")
    if not about.id:
        return Ignored("about nothing that has an id")
    return StripeTold(
        event_id=event.id,
        type=event.type,
        object_type=about.object,
        object_id=about.id,
        account=event.account,
        live=event.livemode,
        created_at=datetime.fromtimestamp(event.created, UTC),
        object_created_at=datetime.fromtimestamp(made, UTC),
    )
