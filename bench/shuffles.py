"""Every scenario's events of Stripe in very many orders, each told once to three times: one ledger."""

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import migrate, running
from core.config import load
from tests.bank import BankHouse
from tests.orders.more_scenes import SCENES
from tests.orders.outcome import differences
from tests.orders.scenes import before_a_charge
from tests.orders.seams import played, staged
from tests.orders.telling import told

NAME = "shuffles"
HELP = "whether money scenarios end alike in any order: --orders 1000 --first 0 --jobs 1 [NAME...]"
ORDERS = 1_000
AT_ONCE = 50
"""So many orders of a scene are told beside one house; then it is said how far it is."""

MEMORY = Path("/dev/shm")
"""Where there is such a place, the databases are files that wait for no disk."""

Figures = dict[str, list[str] | int | float]


@dataclass(frozen=True)
class Part:
    """Some orders of a scene, by the seeds of their dice."""

    name: str
    seeds: range


@dataclass(frozen=True)
class Told:
    """What came of a part: how many events there are, in which orders it went wrong, how long it took."""

    part: Part
    events: int
    wrong: tuple[str, ...]
    seconds: float


def run(arguments: list[str]) -> dict[str, object]:
    """Tell each scenario in so many orders, or only those that are named."""
    parser = argparse.ArgumentParser(prog="python -m bench shuffles")
    for name, usual in (("orders", ORDERS), ("first", 0), ("jobs", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("names", nargs="*", metavar="NAME")
    said = parser.parse_args(arguments)
    parts = list(_parts(said.names or list(SCENES), said.first, said.orders))
    found = _summed(_all_told(parts, said.jobs))
    if not said.names:
        found["ended at each seam"] = _ended()
    wrong = sum(len(one["wrong"]) for one in found.values() if isinstance(one["wrong"], list))
    return {"orders": said.orders, "marks": {"wrong": 0}, "wrong": wrong, "scenarios": found}


def _parts(names: list[str], first: int, orders: int) -> Iterator[Part]:
    """Take turns among the scenes: whoever stops early has told each of them as often."""
    for start in range(first, first + orders, AT_ONCE):
        for name in names:
            yield Part(name, range(start, min(start + AT_ONCE, first + orders)))


def _all_told(parts: list[Part], jobs: int) -> Iterator[Told]:
    if jobs == 1:
        yield from map(_shuffled, parts)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(_shuffled, parts)


def _summed(all_told: Iterable[Told]) -> dict[str, Figures]:
    by_name: dict[str, list[Told]] = {}
    for one in all_told:
        by_name.setdefault(one.part.name, []).append(one)
        orders = sum(len(part.part.seeds) for part in by_name[one.part.name])
        print(f"{one.part.name}: {orders} orders, {len(one.wrong)} wrong", file=sys.stderr)
    return {name: _figures(found) for name, found in sorted(by_name.items())}


def _figures(found: list[Told]) -> Figures:
    orders = sum(len(one.part.seeds) for one in found)
    return {
        "events": found[0].events,
        "orders": orders,
        "wrong": [wrong for one in found for wrong in one.wrong][:10],
        "ms_per_order": round(sum(one.seconds for one in found) * 1000 / orders, 1),
    }


@contextmanager
def _house() -> Iterator[tuple[BankHouse, Path]]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        folder = Path(place)
        urls = (f"sqlite:///{folder / 'app.db'}", f"sqlite:///{folder / 'inbox.db'}")
        migrate.migrate(load({"DATABASE_URL": urls[0], "INBOX_DATABASE_URL": urls[1]}))
        with BankHouse.open(urls, folder) as house:
            house.connect()
            yield house, folder


def _ended() -> Figures:
    """End the process at each seam between deciding, asking and writing down."""
    running.register_handlers()
    with _house() as (house, folder):
        stage = staged(before_a_charge(house, folder))
        expected, seams, taken = played(stage, 0)
        assert taken == 1
        wrong = []
        for at in range(1, seams + 1):
            found, _passed, taken = played(stage, at)
            away = differences(expected, found)
            if away or taken != 1:
                wrong.append(f"seam {at}: {taken} charges, {away[:1]}")
        return {"seams": seams, "wrong": wrong}


def _shuffled(part: Part) -> Told:
    running.register_handlers()
    with _house() as (house, folder):
        recording = SCENES[part.name](house, folder)
        expected = told(recording, None)
        began = time.perf_counter()
        away = (
            (seed, differences(expected, told(recording, random.Random(seed))))
            for seed in part.seeds
        )
        wrong = tuple(f"order {seed}: {found[0]}" for seed, found in away if found)
        seconds = time.perf_counter() - began
        return Told(part, len(recording.moments), wrong, seconds)
