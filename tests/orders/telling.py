"""Recordings of scenarios, and their events told in an order: often, late, and while the bank goes on."""

import json
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot import tasks
from bot.sandbox.stripe.bank import Json
from bot.worker import Worker
from core.context import Task
from core.db import Database
from tests.bank import BankHouse
from tests.economy import thrifty
from tests.orders.glimpses import Glimpses, Moment, watch
from tests.orders.outcome import Outcome, outcome
from webhooks import inbox
from webhooks.arrivals import JSON, Arrival
from webhooks.deliveries import pack

MOST_TURNS = 2_000
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Recording:
    """What happened at the bank after a point in time, and how our side stood before it heard of it."""

    house: BankHouse
    folder: Path
    moments: tuple[Moment, ...]
    glimpses: Glimpses
    at: datetime

    @property
    def events(self) -> list[Json]:
        """What there is to be told, in the order in which it happened."""
        return [one.event for one in self.moments]


def begin(house: BankHouse) -> list[Moment]:
    """Let nobody hear any more what happens at the bank; it is kept."""
    house.settle()
    return watch(house.bank.bank)


def recorded(house: BankHouse, moments: list[Moment], folder: Path) -> Recording:
    """End a recording: our databases are kept as they stand, unheard of all of it."""
    kept = folder / "before"
    kept.mkdir()
    for name, url in (("app", house.app.url), ("inbox", house.inbox.url)):
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(kept / f"{name}.db")) as copy,
        ):
            source.backup(copy)
    states = [one.objects for one in moments] + [json.dumps(house.bank.bank.objects)]
    return Recording(house, kept, tuple(moments), Glimpses(states, house.now), house.now)


def told(recording: Recording, dice: random.Random | None) -> Outcome:
    """Tell all events to our side as it stood, in an order that `dice` choose, and say what comes of it.

    Each is told once to three times. The bank moves on meanwhile, never back, and is never behind
    what it told. Without dice all is told once, in order, after everything happened.
    """
    place = recording.folder.parent / "now"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(recording.folder, place)
    app, box = (thrifty(f"sqlite:///{place / name}.db") for name in ("app", "inbox"))
    world = replace(recording.house.worker.world, app=app, inbox=box, processor=recording.glimpses)
    worker, glimpses = Worker(world, "told"), recording.glimpses
    last = glimpses.place = len(recording.moments)
    order = list(range(last))
    if dice is not None:
        order = [one for one in order for _ in range(dice.choice((1, 1, 2, 3)))]
        dice.shuffle(order)
        glimpses.place = 0
    try:
        for number, one in enumerate(order):
            if dice is not None:
                least = max(glimpses.place, one)
                glimpses.place = dice.randint(least, last) if dice.random() < 0.3 else least
            _arrive(box, recording, one, number)
            if dice is None or dice.random() < 0.6:
                _work(worker)
        glimpses.place = last
        _work(worker)
        for day in (1, 2):
            _sweep(app, recording.at + day * DAY)
            _work(Worker(replace(world, clock=partial(_later, recording, day)), f"day-{day}"))
        return outcome(app)
    finally:
        app.close()
        box.close()


def _later(recording: Recording, days: int) -> datetime:
    return recording.at + days * DAY


def _sweep(app: Database, now: datetime) -> None:
    with app.write() as connection:
        key = f"tick:sweep_pledges:{now.isoformat()}"
        tasks.put(connection, Task("sweep_pledges", key, now, entity="tick:sweep_pledges"), now)


def _arrive(box: Database, recording: Recording, one: int, number: int) -> None:
    event = recording.events[one]
    # Stripe's own repetition has the event's id and is known at the door; a button's has another.
    name = event["id"] if number % 2 else f"{event['id']}_{number}"
    arrive(box, event, name, recording.at)


def arrive(box: Database, event: Json, name: str, at: datetime) -> None:
    """Put an event into the inbox under a name, as the door does."""
    body = json.dumps(event | {"id": name}).encode()
    with box.write() as connection:
        inbox.store(connection, [pack(Arrival("stripe", name, event["type"], JSON, body, at))])


def _work(worker: Worker) -> None:
    for _ in range(MOST_TURNS):
        if not worker.sort() + worker.work():
            return
    raise AssertionError("it does not come to rest")
