"""The process ends at each seam between deciding, asking and writing down: one charge, one receipt."""

from pathlib import Path

from bot import running
from tests.bank import BankHouse
from tests.orders.outcome import differences
from tests.orders.scenes import before_a_charge
from tests.orders.seams import played, staged

EVERY = 8
"""The suite ends it at every eighth seam; `python -m bench shuffles` at each."""


def test_ended_at_a_seam_a_card_is_charged_once_and_all_is_written_down_once(
    sqlite_databases: tuple[str, str], tmp_path: Path
) -> None:
    running.register_handlers()
    with BankHouse.open(sqlite_databases, tmp_path) as house:
        house.connect()
        stage = staged(before_a_charge(house, tmp_path))
        expected, seams, taken = played(stage, 0)
        assert taken == 1
        assert expected["ledger"]
        for at in range(3, seams + 1, EVERY):
            found, _passed, taken = played(stage, at)
            assert (taken, differences(expected, found)) == (1, []), f"ended at seam {at}"
