"""What stands in a letter: amounts, instants and words, kept as JSON, written as people read them."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_date

from core.money import Money, shown
from core.web.text import inert

Fact = str | int | bool | Money | datetime
Facts = Mapping[str, Fact]

_SPACE = re.compile(r"[^\S\u00a0\u202f]+")
"""Space at which a line may break: French has some at which it may not."""


def on_one_line(text: str) -> str:
    """Make any space one plain space, but for that at which no line breaks."""
    return _SPACE.sub(" ", text).strip()


def kept(facts: Facts) -> str:
    """Write facts as JSON."""
    return json.dumps({name: _plain(one) for name, one in sorted(facts.items())})


def written(kept_: str, language: str) -> dict[str, Any]:
    """Give facts as a letter in `language` says them: each on one line, with nothing hidden in it."""
    return {name: _words(one, language) for name, one in json.loads(kept_).items()}


def _plain(fact: Fact) -> object:
    if isinstance(fact, Money):
        return {"minor": fact.minor, "currency": fact.currency}
    return {"at": fact.isoformat()} if isinstance(fact, datetime) else fact


def _words(fact: object, language: str) -> object:
    if isinstance(fact, str):
        return on_one_line(inert(fact))
    if isinstance(fact, list):
        return [_words(one, language) for one in fact]
    if not isinstance(fact, dict):
        return fact
    if "at" in fact:
        return format_date(datetime.fromisoformat(fact["at"]), "long", locale=language)
    return shown(Money(fact["minor"], fact["currency"]), language)
