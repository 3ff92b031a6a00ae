"""The breaker: when GitHub does not answer at all, nobody keeps calling.

Shared by the threads of one process. Several processes each find out for themselves.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES_TO_OPEN = 5
FIRST_BREAK = timedelta(seconds=15)
LONGEST_BREAK = timedelta(minutes=2)
PROBE_LASTS = timedelta(seconds=60)


@dataclass(frozen=True)
class Break:
    """An interruption of all calls: until when, and how long the next one lasts."""

    until: datetime
    next_span: timedelta


class Breaker:
    """Opens after several calls in a row without an answer; then one call at a time probes."""

    def __init__(self) -> None:
        """Start closed: everything passes."""
        self._lock = threading.Lock()
        self._failures = 0
        self._break: Break | None = None
        self._probing_until: datetime | None = None

    def is_open(self) -> bool:
        """Say whether calls are interrupted (a probe may be under way)."""
        return self._break is not None

    @property
    def until(self) -> datetime | None:
        """When the next probe may go; None if everything passes."""
        with self._lock:
            if self._break is None:
                return None
            return max(self._break.until, self._probing_until or self._break.until)

    def passes(self, now: datetime) -> bool:
        """Say whether a call may go now; while open, one at a time may after each pause."""
        with self._lock:
            if self._break is None:
                return True
            probing = self._probing_until is not None and now < self._probing_until
            if now < self._break.until or probing:
                return False
            self._probing_until = now + PROBE_LASTS
            return True

    def abandon_probe(self) -> None:
        """The call that was let pass is not made after all."""
        with self._lock:
            self._probing_until = None

    def succeeded(self) -> None:
        """GitHub answered, be it with a refusal: everything passes again."""
        with self._lock:
            self._failures = 0
            self._break = self._probing_until = None

    def failed(self, now: datetime) -> None:
        """GitHub did not answer; enough of that in a row, and everything waits."""
        with self._lock:
            self._failures += 1
            self._probing_until = None
            if self._failures < FAILURES_TO_OPEN:
                return
            span = self._break.next_span if self._break else FIRST_BREAK
            if self._break is None or now >= self._break.until:
                self._break = Break(now + span, min(span * 2, LONGEST_BREAK))
