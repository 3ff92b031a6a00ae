"""The codes on printed forms: what was printed is read back, and nothing else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.paper.codes import GOOD_FOR, LETTERS, MINUTE, Form, code, read
from core.github import Account

SECRET = "s" * 32
TIM = Account(77, "Tim")
BEGIN = datetime(2026, 1, 1)  # noqa: DTZ001 - hypothesis wants the bounds without a zone
INSTANTS = st.datetimes(BEGIN, BEGIN.replace(year=2046), timezones=st.just(UTC))


@given(at=INSTANTS, later=st.timedeltas(timedelta(0), GOOD_FOR - MINUTE))
def test_a_code_is_read_back_as_it_was_made_however_it_is_typed(
    at: datetime, later: timedelta
) -> None:
    made = code(SECRET, 5, TIM, at)
    minute = at.replace(second=0, microsecond=0)
    typed = made.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert read(SECRET, typed, [4, 5], Account(77, "tim"), at + later) == Form(5, minute)
    assert read(SECRET, made, [5], TIM, at + GOOD_FOR + MINUTE) is None


@given(at=INSTANTS, place=st.integers(0, 15), letter=st.sampled_from(LETTERS))
def test_a_code_that_differs_in_anything_is_nobodys(at: datetime, place: int, letter: str) -> None:
    made = code(SECRET, 5, TIM, at).replace("-", "")
    forged = made[:place] + letter + made[place + 1 :]

    assert (read(SECRET, forged, [5], TIM, at) is None) == (forged != made)
    assert read(SECRET, made, [4], TIM, at) is None
    assert read(SECRET, made, [5], Account(78, "Tim"), at) is None
    assert read(SECRET, made, [5], Account(77, "Tom"), at) is None
    assert read("t" * 32, made, [5], TIM, at) is None
