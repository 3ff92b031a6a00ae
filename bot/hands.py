"""Hands that do jobs side by side, so that one slow job does not keep the others waiting.

Plain daemon threads: a job that hangs can neither stop the process from ending nor be waited
for longer than we want.
"""

import queue
import threading
from dataclasses import dataclass

from bot.desks import Desk, Job
from bot.endings import Ending


@dataclass(frozen=True, eq=False)
class Assigned:
    """A job on its way through the hands."""

    desk: Desk
    job: Job


class Hands:
    """A few threads that take jobs in order and leave the endings to be collected."""

    def __init__(self, number: int) -> None:
        """Start `number` threads."""
        self._jobs: queue.SimpleQueue[Assigned | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[tuple[Assigned, Ending]] = queue.SimpleQueue()
        self._news = threading.Event()
        self._number = number
        for count in range(number):
            threading.Thread(target=self._work, name=f"hand-{count}", daemon=True).start()

    def give(self, assigned: Assigned) -> None:
        """Have a job done when a hand is free."""
        self._jobs.put(assigned)

    def collect(self) -> list[tuple[Assigned, Ending]]:
        """Take what has ended since the last time."""
        self._news.clear()
        ended = []
        while True:
            try:
                ended.append(self._ended.get_nowait())
            except queue.Empty:
                return ended

    def wait(self, seconds: float) -> None:
        """Wait for something to end, at most this long."""
        self._news.wait(seconds)

    def stop(self) -> list[Assigned]:
        """Take back the jobs that nobody has begun, and let the hands go."""
        untouched = []
        while True:
            try:
                assigned = self._jobs.get_nowait()
            except queue.Empty:
                break
            if assigned:
                untouched.append(assigned)
        for _ in range(self._number):
            self._jobs.put(None)
        return untouched

    def _work(self) -> None:
        while assigned := self._jobs.get():
            ending = assigned.job.do()
            self._ended.put((assigned, ending))
            self._news.set()
