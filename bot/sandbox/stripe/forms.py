"""Form bodies as Stripe's clients write them: `metadata[key]=value`, `items[0][price]=…`."""

import re
from typing import Any
from urllib.parse import parse_qsl

Params = dict[str, Any]

_STEPS = re.compile(r"\[([^\]]*)\]")
MOST_FIELDS = 1_000


def read(body: str) -> Params:
    """Read a form or a query into nested dictionaries and lists. Raises `ValueError`."""
    found: Params = {}
    for name, value in parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS):
        head, bracket, rest = name.partition("[")
        steps = [head, *_STEPS.findall(bracket + rest)]
        _put(found, steps, value)
    return {name: _listed(value) for name, value in found.items()}


def _put(into: Params, steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        into = into.setdefault(step, {})
        if not isinstance(into, dict):
            message = f"{step} is both a value and a group"
            raise ValueError(message)  # noqa: TRY004 - what was sent is wrong, not what was called
    last = steps[-1]
    # `expand[]=a&expand[]=b` is a list whose members have no numbers.
    into[last or str(len(into))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
