"""Failures on demand: what goes wrong between a program and GitHub, made to happen.

A failure stands before the real answer (which then never happens), or changes it afterwards.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.sandbox.serving import Request, Response

LONGEST_HANG = 30.0

Before = Callable[[Request], Response | Request]
After = Callable[[Request, Response], Response]


@dataclass(frozen=True)
class How:
    """One way to fail. `before` answers, or changes the request; `after` changes the answer.

    `silence` and `exhausted` tell the referee until when the caller has to be quiet.
    """

    before: Before | None = None
    after: After | None = None
    silence: timedelta | None = None
    exhausted: timedelta | None = None
    hangs: bool = False


@dataclass
class Failure:
    """A failure that lies in wait; `used` counts how often it struck."""

    method: str
    pattern: re.Pattern[str]
    how: How
    times: int
    used: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let requests go that hang because of it."""
        self.released.set()


class Failures:
    """The failures in wait, first come first served."""

    def __init__(self) -> None:
        """Nothing fails."""
        self._waiting: list[Failure] = []
        self._lock = threading.Lock()

    def add(self, failure: Failure) -> Failure:
        """Put a failure in wait."""
        with self._lock:
            self._waiting.append(failure)
        return failure

    def take(self, request: Request) -> Failure | None:
        """Give the failure that strikes this request, if any."""
        with self._lock:
            for failure in self._waiting:
                fits = failure.method in {"*", request.method}
                if fits and failure.used < failure.times and failure.pattern.search(request.path):
                    failure.used += 1
                    return failure
        return None

    def clear(self) -> None:
        """Let nothing fail any more, and nobody hang."""
        with self._lock:
            for failure in self._waiting:
                failure.release()
            self._waiting.clear()


def status(code: int, message: str = "Server Error") -> How:
    """Answer `code` and do nothing."""
    return How(before=lambda request: Response.json(code, {"message": message}))


def saying(value: object) -> How:
    """Answer 200 with `value` instead, and do nothing."""
    return How(before=lambda request: Response.json(200, value))


def after(code: int) -> How:
    """Do it, then answer `code` all the same."""
    return How(after=lambda request, response: Response.json(code, {"message": "Server Error"}))


def reset() -> How:
    """Do nothing and reset the connection."""
    return How(before=lambda request: Response(broken=True))


def reset_after() -> How:
    """Do it, then reset the connection instead of answering."""
    return How(after=lambda request, response: Response(broken=True))


def secondary(retry_after: int = 60) -> How:
    """Refuse with 403 for the secondary limit, naming the seconds to wait."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes."
    answer = Response.json(403, {"message": message}, retry_after=str(retry_after))
    return How(before=lambda request: answer, silence=timedelta(seconds=retry_after))


def too_many() -> How:
    """Refuse with 429 and no word on how long to wait: GitHub asks for a minute then."""
    message = "You have exceeded a secondary rate limit."
    answer = Response.json(429, {"message": message})
    return How(before=lambda request: answer, silence=timedelta(seconds=60))


def exhausted(seconds: int = 600) -> How:
    """Refuse as GitHub does when the hourly budget is used up, to come back in `seconds`."""
    message = {"message": "API rate limit exceeded for installation."}
    answer = Response.json(403, message)
    return How(before=lambda request: answer, exhausted=timedelta(seconds=seconds))


def _changed(change: Callable[[Any], Any]) -> How:
    def alter(request: Request, response: Response) -> Response:
        body = json.dumps(change(response.decoded())).encode()
        headers = {name: text for name, text in response.headers.items() if name != "etag"}
        return replace(response, body=body, headers=headers)

    return How(after=alter)


def _in_list(change: Callable[[list[Any]], list[Any]]) -> How:
    def alter(value: Any) -> Any:
        if isinstance(value, list):
            return change(value)
        name = next(key for key in ("commits", "check_runs", "repositories") if key in value)
        return value | {name: change(value[name])}

    return _changed(alter)


def truncated(missing: int = 1) -> How:
    """Leave the last entries of a list out, as if they never were."""
    return _in_list(lambda entries: entries[:-missing])


def emptied() -> How:
    """Give an empty list while the count says otherwise."""
    return _in_list(lambda entries: [])


def repeated() -> How:
    """Give the page before once more."""

    def earlier(request: Request) -> Request:
        page = int(request.query.get("page", "1"))
        return request.with_query(page=str(max(1, page - 1)))

    return How(before=earlier)


def drifting(by: int = 1) -> How:
    """Tell another number of commits than before."""
    return _changed(lambda value: value | {"total_commits": value["total_commits"] + by})


def malformed() -> How:
    """Cut the JSON off in the middle."""
    return How(
        after=lambda request, answer: replace(answer, body=answer.body[: len(answer.body) // 2])
    )


def hang() -> How:
    """Do nothing and say nothing until released (at most half a minute)."""
    return How(hangs=True, before=lambda request: Response(broken=True))


def hang_after() -> How:
    """Do it, and say nothing until released (at most half a minute)."""
    return How(hangs=True, after=lambda request, response: Response(broken=True))
