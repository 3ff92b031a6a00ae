"""A process that ends at a seam: before any commit, or before any word to the bank, and another goes on."""

import copy
import json
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.cashier import Cashier
from bot.handling import World
from bot.worker import Worker
from core.db import Database
from donations.processor import Processor
from tests.bank import BankHouse
from tests.economy import thrifty
from tests.orders.outcome import Outcome, outcome
from tests.orders.telling import Recording, arrive

LONGEST = timedelta(hours=12)
SECOND = timedelta(seconds=1)


class Killed(BaseException):
    """The process is gone: nothing that it meant to do happens."""


@dataclass
class Seams:
    """Counts the seams that are passed, and ends the process at one of them."""

    at: int = 0
    passed: int = 0

    def cross(self, *_: object) -> None:
        """Pass one more, or end here."""
        self.passed += 1
        if self.passed == self.at:
            raise Killed


class Guarded:
    """The bank, with a seam before each word to it."""

    def __init__(self, inner: Processor, seams: Seams) -> None:
        """Speak to `inner`."""
        self._inner, self._seams = inner, seams

    def __getattr__(self, name: str) -> Any:
        if name in {"perform", "look"}:
            self._seams.cross()
        return getattr(self._inner, name)


@dataclass(frozen=True)
class Stage:
    """A point of a scenario to which everything can be put back: our databases and the bank."""

    recording: Recording
    objects: str
    events: tuple[Any, ...]
    keys: dict[str, Any]
    count: int

    @property
    def house(self) -> BankHouse:
        """Whose it is."""
        return self.recording.house


def staged(recording: Recording) -> Stage:
    """Keep the bank as it stands beside a recording of ours."""
    sandbox = recording.house.bank
    bank, keys = sandbox.bank, sandbox._counter.kept
    return Stage(
        recording, json.dumps(bank.objects), tuple(bank.events), copy.deepcopy(keys), bank._count
    )


def played(stage: Stage, at: int) -> tuple[Outcome, int, int]:
    """Go on from a stage, with the process ending at a seam; gives the outcome, seams, charges taken."""
    recording, house = stage.recording, stage.house
    place = recording.folder.parent / "now"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(recording.folder, place)
    bank = house.bank.bank
    bank.objects, bank.events = json.loads(stage.objects), list(stage.events)
    bank._count = stage.count
    house.bank._counter.kept = copy.deepcopy(stage.keys)
    house._now[0] = recording.at
    told: list[Any] = []
    bank.on_event = told.append
    seams, databases = Seams(at), _opened(place)
    for database in databases:
        event.listen(database.engine, "commit", seams.cross)
    try:
        for life in range(3):
            try:
                _live(_world(house, databases, seams), told, f"life-{life}")
                break
            except Killed:
                continue
        taken = sum(1 for one in bank.all("charge") if one["paid"])
        passed, seams.at = seams.passed, 0  # Reading what came of it is no seam of the process.
        return outcome(databases[0]), passed, taken
    finally:
        for database in databases:
            database.close()


def _opened(place: Path) -> tuple[Database, Database]:
    return thrifty(f"sqlite:///{place / 'app.db'}"), thrifty(f"sqlite:///{place / 'inbox.db'}")


def _world(house: BankHouse, databases: tuple[Database, Database], seams: Seams) -> World:
    world = house.worker.world
    assert world.processor is not None
    guarded = Guarded(world.processor, seams)
    return replace(world, app=databases[0], inbox=databases[1], processor=guarded)  # type: ignore[arg-type]  # passes all on


def _live(world: World, told: list[Any], name: str) -> None:
    """Do everything that can be done, waiting included."""
    worker = Worker(world, name)
    assert world.processor is not None
    cashier = Cashier(world.app, world.processor, world.clock, f"cashier-{name}")
    house_now = world.clock.__self__._now  # type: ignore[attr-defined]  # a method of the house
    until = world.clock() + LONGEST
    while True:
        while told:
            arrive(world.inbox, told[0], told[0]["id"], world.clock())
            told.pop(0)
        if worker.sort() + worker.work() or cashier.step() or told:
            continue
        instants = [one for one in (worker.next_at(), cashier.next_at()) if one]
        if not instants or min(instants) > until:
            return
        # What waits behind a lease of the process that is gone is named as due until that ends.
        house_now[0] = max(min(instants), world.clock() + SECOND)
