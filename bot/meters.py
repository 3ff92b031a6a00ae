"""Figures that survive restarts and are shared by all processes, and their view for Prometheus.

Workers count in memory and add to the `meter` table now and then; the web role reads the table
and looks at the queues themselves.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Column, Connection, Float, String, Table, Text, func, select, text, update

from bot import outbound, outbox, tasks
from bot.mail.tables import mail
from core.db import Database, UtcDateTime, insert_once, metadata
from core.pygithub.client import Call
from webhooks import inbox

meter = Table(
    "meter",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("labels", Text, primary_key=True),
    Column("value", Float, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True)
class Figure:
    """One counter: what it counts, by which labels."""

    help: str
    labels: tuple[str, ...]


COUNTERS = {
    "deliveries_handled": Figure("Deliveries that were handled", ("event", "outcome")),
    "deliveries_quarantined": Figure("Deliveries that do not fit their claim", ("reason",)),
    "tasks_handled": Figure("Tasks of ours that were handled", ("task", "outcome")),
    "retries": Figure("Attempts that failed and will be made again", ("queue",)),
    "dead": Figure("Rows given up after their last attempt", ("queue",)),
    "effects": Figure("Writes to GitHub", ("outcome",)),
    "github_calls": Figure("Calls of GitHub's API", ("method", "status")),
    "movements": Figure(
        "Movements of the processor's balance, held against the books", ("outcome",)
    ),
    "redelivered": Figure("Missed deliveries, as the reconciler dealt with them", ("outcome",)),
}
REMAINING = "github_remaining"
"""The gauge of the smallest rate budget that any installation had left in its last answer."""


class Meters:
    """Counts in memory, from any thread, until it is flushed."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._remaining: dict[int, int] = {}

    def count(self, name: str, number: int = 1, **labels: str) -> None:
        """Add to a counter of `COUNTERS`, with exactly its labels."""
        key = name, _key(name, labels)
        with self._lock:
            self._counts[key] += number

    def observe(self, call: Call) -> None:
        """Count a call of GitHub; status is a class such as `2xx`, or `none` without an answer."""
        status = f"{call.status // 100}xx" if call.status else "none"
        self.count("github_calls", method=call.method, status=status)
        if call.remaining is not None and call.installation_id:
            with self._lock:
                self._remaining[call.installation_id] = call.remaining

    def flush(self, database: Database, now: datetime) -> None:
        """Add what was counted to the table; does nothing when there is nothing."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            remaining, self._remaining = self._remaining, {}
        if not counts and not remaining:
            return
        with database.write() as connection:
            for (name, labels), number in sorted(counts.items()):
                _add(connection, name, labels, number, now)
            if remaining:
                _note(connection, REMAINING, min(remaining.values()), now)


def add(connection: Connection, name: str, now: datetime, number: int, **labels: str) -> None:
    """Add to a counter as part of a transaction."""
    if number:
        _add(connection, name, _key(name, labels), number, now)


def _key(name: str, labels: Mapping[str, str]) -> str:
    if set(labels) != set(COUNTERS[name].labels):
        message = f"{name} is counted by {COUNTERS[name].labels}"
        raise ValueError(message)
    return json.dumps(labels, sort_keys=True)


def _add(connection: Connection, name: str, labels: str, number: int, now: datetime) -> None:
    values = {"name": name, "labels": labels, "value": number, "updated_at": now}
    if not insert_once(connection, meter, values):
        connection.execute(
            update(meter)
            .where(meter.c.name == name, meter.c.labels == labels)
            .values(value=meter.c.value + number, updated_at=now)
        )


def _note(connection: Connection, name: str, value: float, now: datetime) -> None:
    values = {"name": name, "labels": "{}", "value": value, "updated_at": now}
    if not insert_once(connection, meter, values):
        connection.execute(
            update(meter).where(meter.c.name == name).values(value=value, updated_at=now)
        )


class Figures(Collector):
    """All figures as they are in the databases at one moment."""

    def __init__(self, app: Database, inbox_database: Database, now: datetime) -> None:
        """Look at these databases, as of `now`."""
        self._app = app
        self._inbox = inbox_database
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Give the kept counters, then the state of the queues."""
        with self._app.read() as connection:
            yield from _kept(connection)
            yield from _waiting(connection)
        with self._inbox.read() as connection:
            found = inbox.census(connection)
        backlog = GaugeMetricFamily(
            "potluck_backlog", "Deliveries that are not finished", labels=["state"]
        )
        for state, number in found.unfinished.items():
            backlog.add_metric([state], number)
        yield backlog
        age = (self._now - found.oldest).total_seconds() if found.oldest else 0
        yield GaugeMetricFamily(
            "potluck_backlog_oldest_seconds", "Age of the oldest unfinished delivery", value=age
        )


def _kept(connection: Connection) -> Iterator[Metric]:
    values: dict[str, list[tuple[dict[str, str], float]]] = {}
    for row in connection.execute(select(meter.c.name, meter.c.labels, meter.c.value)):
        values.setdefault(row.name, []).append((json.loads(row.labels), row.value))
    for name, figure in COUNTERS.items():
        family = CounterMetricFamily(f"potluck_{name}", figure.help, labels=figure.labels)
        for labels, value in values.get(name, []):
            family.add_metric([labels[label] for label in figure.labels], value)
        yield family
    for _labels, value in values.get(REMAINING, []):
        yield GaugeMetricFamily(
            f"potluck_{REMAINING}", "Smallest rate budget left in the last answers", value=value
        )


def _waiting(connection: Connection) -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "potluck_outbox", "Writes that are not made, by state", labels=["state"]
    )
    for state, number in _by_state(connection, outbox.outbox, ("due", "running", "held", "dead")):
        depth.add_metric([state], number)
    yield depth
    waiting = GaugeMetricFamily("potluck_tasks", "Tasks that are not done", labels=["state"])
    for state, number in _by_state(connection, tasks.task, ("due", "running", "dead")):
        waiting.add_metric([state], number)
    yield waiting
    letters = GaugeMetricFamily(
        "potluck_mail", "Mails that are not sent, or ended so lately", labels=["state"]
    )
    for state, number in _by_state(
        connection, mail, ("due", "running", "dead", "refused", "unsent")
    ):
        letters.add_metric([state], number)
    yield letters
    held = select(func.count()).where(outbound.outbound.c.held.is_not(None))
    yield GaugeMetricFamily(
        "potluck_installations_held",
        "Installations that cannot act",
        value=connection.scalar(held) or 0,
    )


def _by_state(
    connection: Connection, table: Table, states: tuple[str, ...]
) -> Iterator[tuple[str, int]]:
    for state in states:
        # The word stands in the SQL, so that the partial index of that state can serve it.
        one_state = text(f"{table.name}.state = '{state}'")
        number = connection.scalar(select(func.count()).select_from(table).where(one_state))
        yield state, number or 0


def expose(app: Database, inbox_database: Database, now: datetime) -> bytes:
    """Give all figures in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(Figures(app, inbox_database, now))
    return generate_latest(registry)
