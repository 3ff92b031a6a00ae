"""Every scenario's events of Stripe in very many orders, each told once to three times: one ledger."""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import migrate, running
from core.config import load
from tests.bank import BankHouse
from tests.orders.outcome import differences
from tests.orders.scenes import SCENES, before_a_charge
from tests.orders.seams import played, staged
from tests.orders.telling import told

NAME = "shuffles"
HELP = "events of each money scenario in 1,000 orders, repeated: one ledger, comment and receipt"
ORDERS = 1_000

Figures = dict[str, list[str] | int | float]


def run(arguments: list[str]) -> dict[str, object]:
    """Tell each scenario in so many orders (1,000), or only those that are named."""
    orders = int(arguments[0]) if arguments else ORDERS
    wanted = arguments[1:] or list(SCENES)
    running.register_handlers()
    found: dict[str, Figures] = {name: _shuffled(name, orders) for name in wanted}
    if not arguments[1:]:
        found["ended at each seam"] = _ended()
    wrong = sum(len(one["wrong"]) for one in found.values() if isinstance(one["wrong"], list))
    return {"orders": orders, "marks": {"wrong": 0}, "wrong": wrong, "scenarios": found}


@contextmanager
def _house() -> Iterator[tuple[BankHouse, Path]]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        urls = (f"sqlite:///{folder / 'app.db'}", f"sqlite:///{folder / 'inbox.db'}")
        migrate.migrate(load({"DATABASE_URL": urls[0], "INBOX_DATABASE_URL": urls[1]}))
        with BankHouse.open(urls, folder) as house:
            house.connect()
            yield house, folder


def _ended() -> Figures:
    """End the process at each seam between deciding, asking and writing down."""
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


def _shuffled(name: str, orders: int) -> Figures:
    with _house() as (house, folder):
        recording = SCENES[name](house, folder)
        expected = told(recording, None)
        began = time.perf_counter()
        away = (
            (seed, differences(expected, told(recording, random.Random(seed))))
            for seed in range(orders)
        )
        wrong = [f"order {seed}: {found[0]}" for seed, found in away if found]
        seconds = time.perf_counter() - began
        return {
            "events": len(recording.moments),
            "wrong": wrong[:10],
            "ms_per_order": round(seconds * 1000 / max(orders, 1), 1),
        }
