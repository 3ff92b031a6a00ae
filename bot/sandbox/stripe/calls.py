"""One call of the API: who answers it, what it may repeat, and how an answer is laid out."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.serving import Request, Response
from bot.sandbox.stripe import forms
from bot.sandbox.stripe.bank import Bank, Json, Refused, shown
from bot.sandbox.stripe.forms import Params

MOST = 100
USUALLY = 10
REPEATED = frozenset({200, 402, 500})
"""Answers that an idempotency key brings back, https://docs.stripe.com/api/idempotent_requests."""

KEPT_S = 24 * 60 * 60
"""So long a key is known; after that the same one does it again."""


@dataclass(frozen=True)
class Call:
    """A call that is answered: `params` from body or query, `args` from the path."""

    bank: Bank
    params: Params
    args: dict[str, str]

    def number(self, name: str) -> int | None:
        """Give a whole number that was sent, None where it was not. Raises `Refused`."""
        value = self.params.get(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d{1,12}", str(value)):
            raise Refused(
                f"Invalid integer: {value}", code="parameter_invalid_integer", param=name
            )
        return int(value)

    def needed(self, name: str) -> Any:
        """Give what must be sent. Raises `Refused`."""
        value = self.params.get(name)
        if value in (None, ""):
            raise Refused(f"Missing required param: {name}.", code="parameter_missing", param=name)
        return value

    def group(self, name: str) -> Params:
        """Give a group of fields that was sent; empty where it was not."""
        value = self.params.get(name)
        return value if isinstance(value, dict) else {}


Answer = Callable[[Call], Json]
_ENDPOINTS: list[tuple[str, re.Pattern[str], Answer]] = []


def endpoint(method: str, path: str) -> Callable[[Answer], Answer]:
    """Register who answers `method` at `path`, where `{id}` stands for any id."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[A-Za-z0-9_]+)", path))

    def register(answer: Answer) -> Answer:
        _ENDPOINTS.append((method, pattern, answer))
        return answer

    return register


def listed(call: Call, kind: str, keep: Callable[[Json], bool] = lambda one: True) -> Json:
    """Give a page of the objects of a kind, the newest first, after `starting_after`."""
    most = min(call.number("limit") or USUALLY, MOST)
    source = reversed(call.bank.events) if kind == "event" else call.bank.all(kind)
    found = [one for one in source if keep(one) and _in_time(one, call.params.get("created"))]
    after = call.params.get("starting_after")
    if after:
        places = [place for place, one in enumerate(found) if one["id"] == after]
        found = found[places[0] + 1 :] if places else []
    page = found[:most]
    return {"object": "list", "data": page, "has_more": len(found) > most, "url": "/v1"}


def _in_time(one: Json, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return wanted is None or one["created"] == int(wanted)
    tests = {
        "gt": one["created"].__gt__,
        "gte": one["created"].__ge__,
        "lt": one["created"].__lt__,
        "lte": one["created"].__le__,
    }
    return all(tests[name](int(value)) for name, value in wanted.items() if name in tests)


@dataclass
class Counter:
    """The API behind its counter: keys are checked, repetitions known, answers laid out."""

    bank: Bank
    api_key: str
    kept: dict[str, tuple[str, int, Json, int]] = field(default_factory=dict)

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return _error(
                Refused("Invalid API Key provided: sk_test_****", status=401, kind="api_error")
            )
        key = request.headers.get("idempotency-key", "")
        with self.bank.lock:
            self.bank.turn()
            if request.method == "POST" and key:
                return self._once(request, key)
            status, answer = self._answered(request)
        return _response(status, answer)

    def _once(self, request: Request, key: str) -> Response:
        digest = hashlib.sha256(request.path.encode() + b"\n" + request.body).hexdigest()
        if key in self.kept and self.bank.now < self.kept[key][3] + KEPT_S:
            known, status, answer, _since = self.kept[key]
            if known != digest:
                return _error(
                    Refused(
                        "Keys for idempotent requests can only be used with the same parameters"
                        " they were first used with.",
                        kind="idempotency_error",
                    )
                )
            return _response(status, answer, idempotent_replayed="true")
        status, answer = self._answered(request)
        if status in REPEATED:
            self.kept[key] = (digest, status, answer, self.bank.now)
        return _response(status, answer)

    def _answered(self, request: Request) -> tuple[int, Json]:
        query = request.target.partition("?")[2]
        try:
            body = request.body.decode("utf-8") if request.method == "POST" else query
            params = forms.read(body)
        except ValueError as error:
            return 400, {"error": Refused(str(error)).error}
        for method, pattern, answer in _ENDPOINTS:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                call = Call(self.bank, params, match.groupdict())
                return _carried_out(call, answer)
        stranger = Refused(f"Unrecognized request URL ({request.method}: {request.path}).")
        return 404, {"error": stranger.error}


def _carried_out(call: Call, answer: Answer) -> tuple[int, Json]:
    try:
        found = answer(call)
    except Refused as refused:
        return refused.status, {"error": shown(refused.error)}
    wanted = call.params.get("expand", [])
    return 200, _expanded(call.bank, found, wanted if isinstance(wanted, list) else [])


def _expanded(bank: Bank, found: Json, wanted: list[str]) -> Json:
    """Put objects in the places of their ids, https://docs.stripe.com/api/expanding_objects."""
    laid_out: Json = shown(found)
    for path in wanted:
        _expand(bank, laid_out, str(path).split("."))
    return laid_out


def _expand(bank: Bank, inside: Any, path: list[str]) -> None:
    if isinstance(inside, list):
        for one in inside:
            _expand(bank, one, path)
        return
    if not isinstance(inside, dict) or not path or path[0] not in inside:
        return
    value = inside[path[0]]
    if isinstance(value, str) and value in bank.objects:
        inside[path[0]] = value = shown(bank.objects[value])
    _expand(bank, value, path[1:])


def _error(refused: Refused) -> Response:
    return _response(refused.status, {"error": refused.error})


def _response(status: int, answer: Json, **headers: str) -> Response:
    return Response.json(status, answer, request_id="req_sandbox", **headers)
