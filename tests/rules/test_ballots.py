"""One person, one ballot, three doors: whatever the order in which we hear, the last act counts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.oracle import Oracle
from bot.roadmap.rules import Act, Choice, Deed, Door, counting, standing

T = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def act(hour: int, door: Door, evidence: str, choice: Choice = "for", deed: Deed = "cast") -> Act:
    return Act(7, deed, choice, door, evidence, T + timedelta(hours=hour))


def test_the_last_act_counts_whichever_door_it_came_through() -> None:
    thumb = act(0, "reaction", "1")
    no = act(1, "comment", "2", "withdrawn")
    click = act(2, "web", "3")
    gone = act(3, "reaction", "1", deed="undone")

    assert standing([thumb]) == thumb
    assert standing([thumb, no]) is None
    assert standing([thumb, no, click]) == click
    assert standing([thumb, no, click, gone]) == click


def test_a_reaction_taken_away_withdraws() -> None:
    thumb, gone = act(0, "reaction", "1"), act(1, "reaction", "1", deed="undone")

    assert standing([thumb, gone]) is None
    assert standing([thumb, gone, act(2, "reaction", "9")]) == act(2, "reaction", "9")


def test_whoever_deletes_their_comment_stands_where_they_stood_before_it() -> None:
    thumb = act(0, "reaction", "1")
    no = act(1, "comment", "2", "withdrawn")
    deleted = act(2, "comment", "2", deed="undone")

    assert standing([thumb, no, deleted]) == thumb
    assert standing([no, deleted]) is None


def test_a_comment_edited_to_vote_again_counts_again() -> None:
    acts = [act(0, "comment", "2"), act(1, "comment", "2", deed="undone"), act(2, "comment", "2")]

    assert standing(acts) == acts[2]


ACTS = st.builds(
    act,
    hour=st.integers(0, 6),
    door=st.sampled_from(["reaction", "comment", "web"]),
    evidence=st.sampled_from("123"),
    choice=st.sampled_from(["for", "withdrawn"]),
    deed=st.sampled_from(["cast", "cast", "undone"]),
)


@given(st.lists(ACTS, max_size=8), st.randoms())
def test_no_order_of_hearing_changes_what_stands(acts: list[Act], dice: object) -> None:
    shuffled = list(acts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random

    assert standing(shuffled) == standing(acts)
    assert standing([*acts, *acts]) == standing(acts)


@given(st.lists(ACTS, max_size=8, unique_by=lambda one: one.acted_at), st.randoms())
def test_what_stands_is_the_last_word_whose_ground_is_still_there(
    acts: list[Act], dice: object
) -> None:
    oracle = Oracle()
    for one in sorted(acts, key=lambda it: it.acted_at):
        if one.deed == "undone":
            oracle.gone(7, (one.door, one.evidence))
        else:
            wants = one.choice == "for"
            oracle.say(7, (one.door, one.evidence), one.acted_at, wants=wants)
    heard = list(acts)
    dice.shuffle(heard)  # type: ignore[attr-defined] # hypothesis gives a random.Random

    assert (standing(heard) is not None) == (oracle.voters() == {7})


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(0, {"a", "b", "c"}), (1, {"b"}), (2, {"b", "a"}), (9, {"a", "b", "c"})],
)
def test_the_oldest_votes_count_up_to_the_limit(limit: int, expected: set[str]) -> None:
    votes = [(T + timedelta(hours=2), "a"), (T, "b"), (T + timedelta(hours=3), "c")]

    assert counting(votes, limit) == expected
