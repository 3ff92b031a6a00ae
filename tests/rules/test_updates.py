"""Which telling of an update stands, whatever is heard first; and who is written to, and when."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.roadmap.updates.rules import EDITED, GONE, SAID, Heard, is_news, next_letter, takes, wants

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LIFE = (
    Heard("The clock wroks", NOW),
    Heard("The clock works", NOW, EDITED, "The clock wroks"),
    Heard("", NOW + SECOND, EDITED, "The clock works"),
    Heard("The valve, too", NOW + 2 * SECOND, EDITED),
)


def heard(known: Heard | None, act: Heard) -> Heard | None:
    return act if takes(known, act) else known


@settings(max_examples=40)
@given(st.permutations((*LIFE, *LIFE)), st.integers(0, 8))
def test_in_any_order_the_last_act_stands_and_what_is_gone_is_gone(
    order: list[Heard], place: int
) -> None:
    assert reduce(heard, order, None) == LIFE[-1]
    gone = Heard("", NOW, GONE)
    assert reduce(heard, [*order[:place], gone, *order[place:]], None) == gone


def test_of_two_edits_in_one_second_the_one_that_replaces_the_other_stands() -> None:
    first, second = Heard("b", NOW, EDITED, "a"), Heard("c", NOW, EDITED, "b")
    assert reduce(heard, (first, second), None) == second
    assert reduce(heard, (second, first), None) == second
    assert not takes(first, first)
    assert takes(Heard("a", NOW, SAID), first)


@pytest.mark.parametrize(
    ("product", "state", "paid", "told"),
    [
        ("donation", "paid", 5, True),
        ("pledge", "saved", 0, True),
        ("pledge", "failed", 0, True),
        ("donation", "failed", 0, False),
        ("donation", "open", 0, False),
        ("donation", "nothing", 0, False),
        ("donation", "given_back", 5, False),
        ("pledge", "over", 0, False),
        ("donation", "lost", 5, False),
        ("donation", "disputed", 5, False),
    ],
)
def test_who_still_has_to_do_with_it_is_told(
    product: str, state: str, paid: int, told: bool
) -> None:
    assert wants(product, state, paid) is told


def test_a_letter_waits_for_a_day_and_news_for_no_week() -> None:
    assert next_letter([], NOW) == NOW
    assert next_letter([NOW - 2 * DAY, NOW - SECOND], NOW) == NOW + DAY - SECOND
    assert next_letter([NOW - DAY], NOW) == NOW
    assert is_news(NOW - 6 * DAY, NOW)
    assert not is_news(NOW - 7 * DAY, NOW)
