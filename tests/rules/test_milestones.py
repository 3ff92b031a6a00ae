"""Which telling of a milestone stands, and what is known of its past."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from bot.milestones import rules
from bot.milestones.rules import Milestone
from core.github.values import Milestone as Told

T = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return T + timedelta(minutes=minutes)


MADE = Told("MI_1", 1, "Spring", "open", T, T)
CLOSED = replace(MADE, state="closed", updated_at=at(1), closed_at=at(1))
OPENED = replace(MADE, updated_at=at(2))
AGAIN = replace(MADE, state="closed", updated_at=at(3), closed_at=at(3))
OPENED_AGAIN = replace(MADE, updated_at=at(4))


def stands(told: Told, known: Milestone | None = None) -> Milestone:
    """Give what stands once a telling was heard."""
    past = rules.past(known, told) if known else rules.Past(told.closed_at)
    taken = known is None or rules.heard(known, told) == "take"
    newest = told if taken or known is None else known
    due_at = newest.due_on if isinstance(newest, Told) else newest.due_at
    return Milestone(
        *(told.node_id, 7, told.number, newest.title, newest.state, due_at, newest.closed_at),
        *(past.closed_at, past.reopened_at, None, newest.updated_at, at(9)),
    )


def test_any_order_of_tellings_ends_alike_and_none_is_lost() -> None:
    told = (MADE, CLOSED, OPENED, AGAIN, OPENED_AGAIN)
    ends = set()
    for order in permutations(told):
        known: Milestone | None = None
        for one in order:
            known = stands(one, known)
        ends.add(known)
    (end,) = ends
    assert end is not None
    assert (end.state, end.last_closed_at, end.reopened_at) == ("open", at(3), at(4))


def test_what_was_opened_again_unheard_is_known_from_whatever_tells_of_it_next() -> None:
    renamed = replace(OPENED, title="Summer", updated_at=at(5))
    known = stands(renamed, stands(CLOSED))
    assert known.reopened_at == at(5)
    assert stands(OPENED, known).reopened_at == at(2)
    closed_for_good = stands(replace(AGAIN, updated_at=at(7), closed_at=at(7)), known)
    assert (closed_for_good.reopened_at, closed_for_good.last_closed_at) == (at(5), at(7))


def test_what_is_gone_comes_back_by_a_reading_alone() -> None:
    gone = replace(stands(CLOSED), state="gone")
    assert rules.heard(gone, MADE) == "leave"
    assert rules.heard(gone, CLOSED) == "leave"
    assert rules.heard(gone, OPENED) == "ask"
    assert rules.read(gone, CLOSED, at(10)) == "take"
    assert rules.read(gone, OPENED, at(8)) == "leave"  # the end was heard while it was read


def test_what_one_second_holds_is_read_and_the_reading_has_the_last_word() -> None:
    known, other = stands(MADE), replace(MADE, title="Summer")
    assert (rules.heard(known, MADE), rules.heard(known, other)) == ("leave", "ask")
    assert (rules.read(known, other, at(10)), rules.read(known, other, at(8))) == ("take", "leave")
