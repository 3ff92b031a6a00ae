"""Every scenario's events of Stripe in very many orders, each told once to three times: one ledger."""

import random
import tempfile
import time
from pathlib import Path

from bot import migrate, running
from core.config import load
from tests.bank import BankHouse
from tests.orders.outcome import differences
from tests.orders.scenes import SCENES
from tests.orders.telling import told

NAME = "shuffles"
HELP = "events of each money scenario in 1,000 orders, repeated: one ledger, comment and receipt"
ORDERS = 1_000


def run(arguments: list[str]) -> dict[str, object]:
    """Tell each scenario in so many orders (1,000), or only those that are named."""
    orders = int(arguments[0]) if arguments else ORDERS
    wanted = arguments[1:] or list(SCENES)
    running.register_handlers()
    found = {name: _shuffled(name, orders) for name in wanted}
    wrong = sum(len(one["wrong"]) for one in found.values())
    return {"orders": orders, "marks": {"wrong": 0}, "wrong": wrong, "scenarios": found}


def _shuffled(name: str, orders: int) -> dict[str, list[str] | int | float]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        urls = (f"sqlite:///{folder / 'app.db'}", f"sqlite:///{folder / 'inbox.db'}")
        migrate.migrate(load({"DATABASE_URL": urls[0], "INBOX_DATABASE_URL": urls[1]}))
        with BankHouse.open(urls, folder) as house:
            house.connect()
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
