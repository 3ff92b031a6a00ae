"""When an account is young for a vote, to the microsecond, and what nobody knows yet."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.roadmap.rules import is_young

VOTED = datetime(2026, 3, 31, 1, 59, 59, 999_999, tzinfo=UTC)
HAIR = timedelta(microseconds=1)


@pytest.mark.parametrize("days", [1, 30, 3_651])
def test_an_account_is_young_until_the_very_instant(days: int) -> None:
    on_the_day = VOTED - timedelta(days=days)

    assert is_young(on_the_day, VOTED, days) is False
    assert is_young(on_the_day - HAIR, VOTED, days) is False
    assert is_young(on_the_day + HAIR, VOTED, days) is True
    assert is_young(VOTED, VOTED, days) is True


def test_what_is_not_known_is_not_young_and_nobody_is_where_it_is_off() -> None:
    assert is_young(None, VOTED, 30) is None
    assert is_young(None, VOTED, 0) is False
    assert is_young(VOTED, VOTED, 0) is False
    assert is_young(VOTED + HAIR, VOTED, 0) is False, "their clock is ahead of ours"
