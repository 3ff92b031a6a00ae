"""Whatever order Stripe's events come in, however often, the ledger, the comment and the receipt are one."""

import random
from pathlib import Path

import pytest

from bot import running
from tests.bank import BankHouse
from tests.orders.more_scenes import SCENES
from tests.orders.outcome import differences
from tests.orders.telling import told

ORDER = 4
"""One that found two faults once; `python -m bench shuffles` tells a thousand, of every scenario."""

ONLY_THERE = {
    "one-receipt",
    "dispute-lost",
    "a-debit-that-arrives",
    "a-licence-is-lost",
    "shares-are-sent",
    "a-milestone-collects",
    "a-refund-fails-after-the-payout",
}
"""Near to others that are told here."""


@pytest.mark.parametrize("name", sorted(SCENES.keys() - ONLY_THERE))
def test_any_order_and_repetition_ends_the_same(
    name: str, sqlite_databases: tuple[str, str], tmp_path: Path
) -> None:
    running.register_handlers()
    with BankHouse.open(sqlite_databases, tmp_path) as house:
        house.connect()
        recording = SCENES[name](house, tmp_path)
        expected = told(recording, None)
        assert expected["ledger"] or expected["gifts"]
        found = told(recording, random.Random(ORDER))
        assert differences(expected, found) == []
