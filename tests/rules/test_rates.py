"""The legal rate, as a law: however writes come and however long they take, no limit is broken."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rates
from bot.breaker import FAILURES_TO_OPEN, FIRST_BREAK, Breaker

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def arrivals(gaps: list[tuple[float, float, float]]) -> list[datetime]:
    """Write as early as allowed plus a gap; each write takes a while and arrives somewhere in it."""
    now, writes, arrived = START, (), []
    for idle, lasts, part in gaps:
        free = rates.next_write(writes)
        now = max(now, free or now) + timedelta(seconds=idle)
        arrived.append(now + timedelta(seconds=lasts * part))
        now += timedelta(seconds=lasts)
        writes = rates.remember(writes, now)
    return arrived


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.0, 0.0, 0.3, 20.0, 900.0]),
            st.sampled_from([0.0, 0.1, 3.0]),
            st.sampled_from([0.0, 0.5, 1.0]),
        ),
        max_size=60,
    ),
    st.integers(0, 1200),
)
def test_no_sequence_of_writes_breaks_a_limit(
    gaps: list[tuple[float, float, float]], rush: int
) -> None:
    arrived = arrivals(gaps + [(0.0, 0.0, 0.0)] * rush)

    for number, at in enumerate(arrived):
        if number >= 1:
            assert at - arrived[number - 1] >= SECOND
        if number >= 80:
            assert at - arrived[number - 80] >= timedelta(minutes=1)
        if number >= 500:
            assert at - arrived[number - 500] >= timedelta(hours=1)


def test_a_rush_is_as_fast_as_the_law_allows() -> None:
    arrived = arrivals([(0.0, 0.0, 0.0)] * 501)

    assert arrived[499] - arrived[0] == timedelta(seconds=499)
    assert arrived[500] - arrived[0] == timedelta(hours=1)


def test_the_first_write_need_not_wait() -> None:
    assert rates.next_write(()) is None


def test_only_what_a_limit_looks_at_is_remembered() -> None:
    writes: tuple[datetime, ...] = ()
    for second in range(600):
        writes = rates.remember(writes, START + second * SECOND)

    assert len(writes) == 500
    assert writes[-1] == START + 599 * SECOND


def test_a_named_pause_is_kept_to_the_second() -> None:
    until = START + timedelta(seconds=7)

    assert rates.pause(START, until, named=True, hits=1) == until


def test_an_unnamed_pause_lasts_a_minute_and_doubles_up_to_an_hour() -> None:
    soon = START + SECOND
    spans = [rates.pause(START, soon, named=False, hits=hits) - START for hits in (1, 2, 3, 9)]

    assert spans == [timedelta(minutes=m) for m in (1, 2, 4, 60)]


def test_a_second_hit_waits_longer_than_was_named() -> None:
    until = START + timedelta(seconds=7)

    assert rates.pause(START, until, named=True, hits=2) == START + timedelta(minutes=2)
    far = START + timedelta(hours=3)
    assert rates.pause(START, far, named=True, hits=2) == far


def opened() -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.passes(START)
        breaker.failed(START)
    return breaker


def test_the_breaker_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker()
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker.failed(START)
    breaker.succeeded()
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker.failed(START)

    assert breaker.passes(START)


def test_an_open_breaker_lets_one_probe_pass_at_a_time() -> None:
    breaker, later = opened(), START + FIRST_BREAK

    assert not breaker.passes(later - SECOND)
    assert breaker.passes(later)
    assert not breaker.passes(later)


def test_a_failed_probe_makes_the_next_wait_longer_and_a_good_one_ends_it() -> None:
    breaker, later = opened(), START + FIRST_BREAK
    assert breaker.passes(later)
    breaker.failed(later)

    assert not breaker.passes(later + FIRST_BREAK)
    assert breaker.passes(later + 2 * FIRST_BREAK)
    breaker.succeeded()
    assert breaker.passes(later + 2 * FIRST_BREAK)
    assert breaker.until is None


def test_a_probe_that_is_not_made_leaves_room_for_another() -> None:
    breaker, later = opened(), START + FIRST_BREAK
    assert breaker.passes(later)
    breaker.abandon_probe()

    assert breaker.passes(later)


def test_failures_of_calls_begun_before_the_break_do_not_prolong_it() -> None:
    breaker = opened()
    before = breaker.until
    breaker.failed(START + SECOND)

    assert breaker.until == before
