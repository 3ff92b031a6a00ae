"""Watches that the API is used as GitHub allows: budgets, pauses, and silence after a refusal."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BUDGET = 5_000
WINDOW = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PAUSE = timedelta(seconds=1)
TOLERANCE = timedelta(milliseconds=20)
CREATIONS_A_MINUTE = 80
CREATIONS_AN_HOUR = 500
WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})


@dataclass(frozen=True)
class Violation:
    """A rule that was broken. `rule` is one of those that `Referee` names."""

    rule: str
    caller: str
    method: str
    path: str
    at: datetime


@dataclass
class Budget:
    """What a caller has left until `reset`."""

    limit: int
    used: int
    reset: datetime

    @property
    def remaining(self) -> int:
        """Requests left."""
        return max(0, self.limit - self.used)


@dataclass
class _Caller:
    budget: Budget
    writing: int = 0
    last_write: datetime | None = None
    creations: deque[datetime] = field(default_factory=deque)
    silent_until: datetime | None = None


class Referee:
    """Keeps books on every caller: an installation, the App, or nobody.

    Rules, after GitHub's "best practices" and "rate limits" pages, for installations:

    - `concurrent writes`: a write while another is on its way
    - `pause`: less than a second after the beginning of the write before
    - `minute`, `hour`: more than 80 or 500 creations of content (any POST about a repository)
    - `silence`: a request before the instant that a refusal named

    The App's own requests (tokens, deliveries) have only the last rule. Broken rules are noted
    in `violations`; with `enforcing` the request is refused as well.
    """

    def __init__(self) -> None:
        """Start with an empty book."""
        self.violations: list[Violation] = []
        self.enforcing = False
        self.limit = BUDGET
        self._callers: dict[str, _Caller] = {}
        self._lock = threading.Lock()

    def _caller(self, name: str, now: datetime) -> _Caller:
        limit = self.limit if name != "nobody" else 60
        it = self._callers.setdefault(name, _Caller(Budget(limit, 0, now + WINDOW)))
        if now >= it.budget.reset:
            it.budget = Budget(limit, 0, now + WINDOW)
        return it

    def budget(self, name: str, now: datetime) -> Budget:
        """Give what a caller has left."""
        with self._lock:
            return self._caller(name, now).budget

    def spend(self, name: str, now: datetime) -> Budget:
        """Take one request off a caller's budget."""
        with self._lock:
            budget = self._caller(name, now).budget
            budget.used += 1
            return budget

    def exhaust(self, name: str, reset: datetime, now: datetime) -> Budget:
        """Leave a caller with nothing until `reset`."""
        with self._lock:
            caller = self._caller(name, now)
            caller.budget = Budget(caller.budget.limit, caller.budget.limit, reset)
            caller.silent_until = reset
            return caller.budget

    def silence(self, name: str, until: datetime, now: datetime) -> None:
        """Remember that a caller was told to wait."""
        with self._lock:
            caller = self._caller(name, now)
            caller.silent_until = max(until, caller.silent_until or until)

    def begin(self, name: str, method: str, path: str, now: datetime) -> Violation | None:
        """Note the beginning of a request and give the rule that it breaks, if any."""
        with self._lock:
            caller = self._caller(name, now)
            rule = self._broken(caller, name, method, now)
            if method in WRITES and name.isdecimal():
                caller.writing += 1
                caller.last_write = now
                if method == "POST":
                    caller.creations.append(now)
            if rule is None:
                return None
            violation = Violation(rule, name, method, path, now)
            self.violations.append(violation)
            return violation

    def end(self, name: str, method: str, now: datetime) -> None:
        """Note the end of a request."""
        with self._lock:
            if method in WRITES and name.isdecimal():
                self._caller(name, now).writing -= 1

    def _broken(self, caller: _Caller, name: str, method: str, now: datetime) -> str | None:
        if caller.silent_until and now < caller.silent_until - TOLERANCE:
            return "silence"
        if method not in WRITES or not name.isdecimal():
            return None
        if caller.writing:
            return "concurrent writes"
        too_many = _too_many(caller, now) if method == "POST" else None
        if too_many or caller.last_write is None:
            return too_many
        return "pause" if now - caller.last_write < PAUSE - TOLERANCE else None


def _too_many(caller: _Caller, now: datetime) -> str | None:
    while caller.creations and caller.creations[0] <= now - WINDOW:
        caller.creations.popleft()
    if sum(at > now - MINUTE for at in caller.creations) >= CREATIONS_A_MINUTE:
        return "minute"
    return "hour" if len(caller.creations) >= CREATIONS_AN_HOUR else None
