"""Stripe's deliveries: a timestamped signature; the event's id and name are inside the body.

Nothing is parsed at the door, so the id is taken from the first bytes, where Stripe writes
it, and only after the signature over them was found good. A body that begins otherwise goes
by its own SHA-256: Stripe repeats a delivery with the same bytes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from webhooks.arrivals import FORGED, JSON, UNSIGNED, Arrival, Header, Refusal, content_type_of
from webhooks.signatures import Body, StripeSignature, is_timely, signed_by_one, stripe_signature

NO_TYPE = Refusal(400, "content type", f"The body must be {JSON}.")
UNTIMELY = Refusal(
    401, "untimely", "The signature's time is more than 5 minutes from now: check the clocks."
)
UNNAMED = "event"
"""The event's name until the worker has parsed the body."""

_ID = re.compile(rb'\s{0,16}\{\s{0,16}"id"\s{0,16}:\s{0,16}"(evt_[0-9A-Za-z_]{1,60})"')


@dataclass(frozen=True)
class StripeEnvelope:
    """A request that may be a delivery of Stripe's."""

    secrets: tuple[bytes, ...]
    signature: StripeSignature

    def open(self, body: Body, now: datetime) -> Arrival | Refusal:
        """Judge the signature over the bytes, and its age in both directions."""
        prefix = self.signature.timestamp + b"."
        if not signed_by_one(self.secrets, self.signature.digests, body, prefix):
            return FORGED
        if not is_timely(self.signature, now):
            return UNTIMELY
        return Arrival("stripe", event_id(body), UNNAMED, JSON, body, now)


class StripeSource:
    """Stripe, with the one or two secrets that we share with it."""

    name = "stripe"

    def __init__(self, secrets: tuple[bytes, ...]) -> None:
        """Share `secrets`; two of them while one is being replaced."""
        self.secrets = secrets

    def expect(self, header: Header) -> StripeEnvelope | Refusal:
        """Judge the headers, before any of the body is read."""
        given = header("stripe-signature") or ""
        signature = stripe_signature(given.encode("latin-1", "replace"))
        if signature is None:
            return UNSIGNED
        if content_type_of(header, (JSON,)) is None:
            return NO_TYPE
        return StripeEnvelope(self.secrets, signature)


def event_id(body: Body) -> str:
    """Find the id at the beginning of a signed event, or give `sha256:…` of the whole body."""
    match = _ID.match(body, 0, 200)
    return match[1].decode() if match else f"sha256:{sha256(body).hexdigest()}"
