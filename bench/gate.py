"""Whether anything is sold that may not be, in very many orders of what happens to a project.

Commits of people who signed or did not, signatures, withdrawals, new rules, releases that are
audited from a clone, forms that are sent, and payments that come late: by dice, with a model
beside it that knows who wrote what. Each licence is held against the model when it appears.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bot import migrate, running
from core.config import load
from tests.bank import BankHouse
from tests.scenarios.selling.changing import Shop

NAME = "gate"
HELP = "whether anything is sold that may not be: --orders 100 --first 0 --steps 20"
MEMORY = Path("/dev/shm")


def run(arguments: list[str]) -> dict[str, object]:
    """Play so many orders, each in a house of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench gate")
    for name, usual in (("orders", 100), ("first", 0), ("steps", 20)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    said = parser.parse_args(arguments)
    running.register_handlers()
    found, wrong = Counter[str](), []
    for seed in range(said.first, said.first + said.orders):
        try:
            found += _played(seed, said.steps)
        except AssertionError as error:
            wrong.append(f"order {seed}: {error}"[:300])
        print(f"order {seed}: {dict(found)}, {len(wrong)} wrong", file=sys.stderr)
    return {
        "orders": said.orders,
        "steps": said.steps,
        **found,
        "marks": {"violations": 0},
        "violations": len(wrong),
        "wrong": wrong[:10],
    }


def _played(seed: int, steps: int) -> Counter[str]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        folder = Path(place)
        urls = (f"sqlite:///{folder / 'app.db'}", f"sqlite:///{folder / 'inbox.db'}")
        migrate.migrate(load({"DATABASE_URL": urls[0], "INBOX_DATABASE_URL": urls[1]}))
        with BankHouse.open(urls, folder) as house:
            house.connect()
            shop = Shop(house, folder, random.Random(seed))
            shop.play(steps)
    return Counter(
        commits=len(shop.works),
        releases=len(shop.releases),
        licences=len(shop.sold),
        refused=shop.refused,
        went_back=len(shop.back),
    )
