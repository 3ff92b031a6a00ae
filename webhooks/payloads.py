"""From a stored body to a typed event: whatever does not fit what it claims to be is a `Misfit`.

The signature covers the body alone, so the event name is only a claim. A body fits its claim
when it has that event's subjects (`pull_request`, `issue` and `comment`, ...) and nobody
else's, an action that this event knows, and the fields that we read in the types that GitHub
documents. Extra fields are fine: GitHub adds them all the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from webhooks.events import Event
from webhooks.kinds import KINDS, Kind

SUBJECTS = frozenset(
    "alert check_run check_suite comment commits deployment deployment_status discussion forkee"
    " issue label member membership merge_group milestone package pages project pull_request"
    " release repositories repositories_added repositories_removed review rule sponsorship"
    " starred_at team thread workflow_job workflow_run zen".split()
)
FORM = "application/x-www-form-urlencoded"


class Misfit(Exception):
    """A body that is not what it claims to be; the text is one of a few fixed sentences."""


@dataclass(frozen=True)
class Ignored:
    """A delivery that asks nothing of us, and why."""

    reason: str


def parse(event: str, content_type: str, body: bytes) -> Event | Ignored:
    """Read a body that claims to be `event`. Raises `Misfit`, never anything else."""
    kind = KINDS.get(event)
    if kind is None:
        return Ignored("event not listened to")
    text = _json_bytes(content_type, body)
    top = _guarded(_decode_top, text)
    _hold_against(kind, top)
    action = _action(top)
    if action not in kind.acted_on:
        if action not in kind.known:
            raise Misfit("unknown action for its event")
        return Ignored("action not acted on")
    shape = _guarded(kind.decode, text)
    parsed = shape.event()
    return Ignored("not about anything we watch") if parsed is None else parsed


def _json_bytes(content_type: str, body: bytes) -> bytes:
    if content_type.partition(";")[0].strip().lower() != FORM:
        return body
    try:
        fields = parse_qsl(body.decode("ascii"), strict_parsing=True, max_num_fields=16)
    except (ValueError, UnicodeDecodeError):
        raise Misfit("form cannot be read") from None
    payloads = [value for name, value in fields if name == "payload"]
    if len(payloads) != 1:
        raise Misfit("form has not exactly one payload")
    return payloads[0].encode()


def _decode_top(text: bytes) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(text, type=dict[str, msgspec.Raw])


def _guarded(decode: Callable[[bytes], Any], text: bytes) -> Any:
    try:
        return decode(text)
    except msgspec.ValidationError:
        raise Misfit("body lacks what its event has") from None
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        RecursionError,
        ValueError,
        OverflowError,
    ):
        raise Misfit("body is not JSON") from None


def _hold_against(kind: Kind, top: dict[str, msgspec.Raw]) -> None:
    subjects = SUBJECTS & {name for name, value in top.items() if bytes(value) != b"null"}
    if not kind.subjects <= subjects or not subjects <= kind.subjects | kind.may_have:
        raise Misfit("body belongs to another event")


def _action(top: dict[str, msgspec.Raw]) -> str | None:
    raw = top.get("action")
    if raw is None:
        return None
    return str(_guarded(lambda text: msgspec.json.decode(text, type=str), bytes(raw)))
