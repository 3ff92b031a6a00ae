"""The only place that asks the time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC. Whoever needs the time is handed one."""


def system_clock() -> datetime:
    """The machine's present instant, in UTC."""
    return datetime.now(UTC)
