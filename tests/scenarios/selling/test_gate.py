"""No licence for a commit that may not be sold: commits, signatures, withdrawals and purchases at random."""

import random
from pathlib import Path

import pytest

from tests.bank import BankHouse
from tests.scenarios.selling.changing import Shop

STEPS = 8
"""`python -m bench gate` takes more of them, and more dice."""


@pytest.mark.parametrize("seed", [2, 3])
def test_nothing_is_sold_that_may_not_be_sold(
    bank_house: BankHouse, tmp_path: Path, seed: int
) -> None:
    shop = Shop(bank_house, tmp_path, random.Random(seed))
    # One at first, one though somebody unsigned landed, and one in the end.
    assert shop.play(STEPS) >= 3
