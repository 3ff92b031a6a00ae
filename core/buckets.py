"""How often one caller may ask: a bucket of tokens that refills, for each caller, in this process."""

import threading
from dataclasses import dataclass
from datetime import datetime

MOST_CALLERS = 20_000


@dataclass(frozen=True)
class Rate:
    """So many requests at once, and so many a second after that."""

    at_once: int
    a_second: float


class Buckets:
    """Remembers how much each caller has left; the longest unseen is forgotten first."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, datetime]] = {}

    def take(self, caller: str, rate: Rate, now: datetime) -> float:
        """Count a request: 0 if it may pass, else the seconds until one may."""
        with self._lock:
            left, since = self._left.pop(caller, (float(rate.at_once), now))
            waited = max((now - since).total_seconds(), 0.0)
            left = min(left + waited * rate.a_second, float(rate.at_once))
            passes = left >= 1
            self._left[caller] = (left - 1 if passes else left, now)
            if len(self._left) > MOST_CALLERS:
                del self._left[next(iter(self._left))]
        return 0.0 if passes else (1 - left) / rate.a_second
