"""What others chose is shown so that nobody can tell what one of them gave."""

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.money.fund_facts import FEWEST, FEWEST_TOGETHER, spread

AMOUNTS = some.lists(some.integers(0, 9_999_999), max_size=40)


def test_of_too_few_nothing_is_shown() -> None:
    assert spread([500] * (FEWEST - 1) + [0] * 20, "EUR") is None
    assert spread([500] * FEWEST, "EUR") is not None


def test_who_gave_far_more_than_all_others_stays_among_them() -> None:
    found = spread([500, 700, 800, 1234, 2000, 98_765], "EUR")
    assert found is not None
    assert [(one[0].minor, one[2]) for one in found.bars] == [(500, 3), (1000, 3)]
    assert found.median.minor == 500
    assert "98" not in str(found)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS)
def test_bars_count_everybody_once_and_never_one_alone(chosen: list[int]) -> None:
    found = spread(chosen, "EUR")
    if found is None:
        return
    counts = [people for _low, _high, people in found.bars]
    assert sum(counts) == len([one for one in chosen if one])
    assert min(counts) >= FEWEST_TOGETHER
    for low, high, _people in found.bars:
        for edge in (low, high):
            assert edge is None or str(edge.minor).rstrip("0") in {"1", "2", "5"}
