"""What comes to a door: an arrival that may be kept, or a refusal with a reason and a sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from webhooks.signatures import Body

CAP = 26 * 1024 * 1024
"""The longest body in bytes; GitHub sends none over 25 MB."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Header = Callable[[str], str | None]
"""Gives the value of a request header, named in lower case."""

_GUID = re.compile(r"[!-~]{1,64}")
_EVENT = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Arrival(NamedTuple):
    """A delivery whose signature was good: `body` as it came, `received_at` in UTC."""

    source: str
    guid: str
    event: str
    content_type: str
    body: Body
    received_at: datetime


@dataclass(frozen=True)
class Refusal:
    """An answer other than 202: `reason` is a word for logs and metrics, `sentence` is for people."""

    status: int
    reason: str
    sentence: str


class Envelope(Protocol):
    """A request whose headers may be a delivery's; its body has yet to be judged."""

    def open(self, body: Body, now: datetime) -> Arrival | Refusal:
        """Judge the signature over the bytes."""


class Source(Protocol):
    """One kind of sender and the secrets that we share with it."""

    name: str

    def expect(self, header: Header) -> Envelope | Refusal:
        """Judge the headers, before any of the body is read."""


TOO_LARGE = Refusal(413, "too large", "The body is larger than 26 MiB: no delivery is.")
NO_LENGTH = Refusal(400, "no length", "Send the body whole, with its Content-Length.")
CUT_SHORT = Refusal(400, "cut short", "The body is not as long as its Content-Length says.")
TOO_SLOW = Refusal(408, "too slow", "The body did not arrive within 10 seconds: send it again.")
CROWDED = Refusal(503, "crowded", "Too many large bodies at once: send it again in a moment.")
NOT_STORED = Refusal(503, "not stored", "This cannot be kept just now: send it again in a moment.")
NOT_POST = Refusal(405, "not a post", "Deliveries come by POST.")
UNSIGNED = Refusal(401, "unsigned", "The request carries no well-formed SHA-256 signature.")
FORGED = Refusal(401, "forged", "The signature does not fit the body and the secret we share.")


def not_set_up(name: str) -> Refusal:
    """Refuse what nobody set up."""
    return Refusal(404, "not set up", f"Deliveries from {name} are not set up on this server.")


def content_type_of(header: Header, allowed: tuple[str, ...]) -> str | None:
    """Give the media type without its parameters, if it is one of `allowed`."""
    given = (header("content-type") or "").partition(";")[0].strip().lower()
    return given if given in allowed else None


def is_guid(value: str | None) -> bool:
    """Say whether `value` can be a delivery id: 1 to 64 printable ASCII characters."""
    return value is not None and _GUID.fullmatch(value) is not None


def is_event(value: str | None) -> bool:
    """Say whether `value` can be the name of a GitHub event."""
    return value is not None and _EVENT.fullmatch(value) is not None
