"""The bank as it stood at each of its events: what a handler sees that looks late, or in between."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.serving import Request
from bot.sandbox.stripe.bank import Bank, Json
from bot.sandbox.stripe.calls import Counter
from donations.processor import Gone, Rejected
from donations.stripe_client import Stripe

KEY = "sk_test_glimpse"


@dataclass(frozen=True)
class Moment:
    """Something that happened, and all that there was at the bank right then."""

    event: Json
    objects: str


def watch(bank: Bank) -> list[Moment]:
    """Keep each event from now on, with what there is at that moment; nobody is told of it."""
    seen: list[Moment] = []
    bank.on_event = lambda event: seen.append(Moment(event, json.dumps(bank.objects)))
    return seen


class Glimpses(Stripe):
    """Our own client, answered by the sandbox's own counter from what there was at a moment."""

    def __init__(self, moments: list[str], at: datetime) -> None:
        """Answer from these states, `place` of them first; nothing can be changed."""
        self._live = False
        self.place = 0
        self._counters = [_counter(one, at) for one in moments]

    def _ask(self, method: str, path: str, fields: Json, key: str = "") -> Json:
        assert method == "get", "a look changes nothing"
        query = urlencode(_flat(fields))
        asked = Request(
            "GET", f"{path}?{query}", {"authorization": f"Bearer {KEY}"}, b"", path=path
        )
        answer = self._counters[self.place](asked)
        found: Json = answer.decoded()
        if answer.status == 404:
            raise Gone("resource_missing")
        if answer.status != 200:
            raise Rejected(str(found))
        return found


def _counter(objects: str, at: datetime) -> Counter:
    bank = Bank(lambda: at)
    bank.objects = json.loads(objects)
    return Counter(bank, KEY)


def _flat(fields: Json) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for name, value in fields.items():
        if isinstance(value, list):
            flat += [(f"{name}[{place}]", one) for place, one in enumerate(value)]
        elif isinstance(value, dict):
            flat += [(f"{name}[{inner}]", one) for inner, one in value.items()]
        else:
            flat.append((name, value))
    return flat
