"""The rules by which a loop closes: one channel for each, answers that ask for more, notes together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.roadmap.loop import links, rules
from bot.roadmap.loop.rules import Wanting
from bot.roadmap.rules import DOORS

T = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def test_whoever_said_it_by_several_doors_is_told_where_they_said_it_last() -> None:
    wanting = [
        Wanting(1, 10, "web", T),
        Wanting(1, 11, "reaction", T + DAY),
        Wanting(2, 10, "reaction", T),
        Wanting(2, 10, "web", T + DAY),
        Wanting(3, 10, "comment", T),
        Wanting(4, 10, "comment", T),
    ]
    found = rules.tellings(wanting, told={3, 4}, unhappy={4})

    assert [(one.github_id, one.thread_id, one.channel) for one in found] == [
        (2, 10, "page"),
        (4, 10, "github"),
        (1, 11, "github"),
    ]


@settings(max_examples=60, deadline=None)
@given(
    acts=st.lists(
        st.builds(
            Wanting,
            st.integers(1, 4),
            st.integers(1, 3),
            st.sampled_from(DOORS),
            st.integers(0, 3).map(lambda days: T + days * DAY),
        ),
        max_size=12,
        unique_by=lambda one: (one.github_id, one.at),
    ),
    dice=st.randoms(use_true_random=False),
)
def test_everybody_is_told_once_in_whatever_order_we_heard(acts: list[Wanting], dice) -> None:  # type: ignore[no-untyped-def] # hypothesis' Random
    found = rules.tellings(acts, (), ())
    dice.shuffle(acts)

    assert rules.tellings(acts, (), ()) == found
    assert sorted(one.github_id for one in found) == sorted({one.github_id for one in acts})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("yes", ("yes", "")),
        ("No, it leaks", ("no", "it leaks")),
        ("en partie: la nuit", ("partly", "la nuit")),
        ("oui merci", ("yes", "merci")),
        ("perhaps", None),
        ("", None),
    ],
)
def test_an_answer_comes_first_and_its_words_behind(
    words: str, said: tuple[str, str] | None
) -> None:
    assert rules.said(tuple(words.split())) == said


def test_three_noes_and_half_of_all_ask_for_more() -> None:
    assert rules.asks_for_more(3, 6, 3, 50)
    assert not rules.asks_for_more(3, 7, 3, 50)
    assert not rules.asks_for_more(2, 2, 3, 50)
    assert not rules.asks_for_more(9, 9, 0, 50)
    assert rules.asks_for_more(1, 3, 1, 33)
    assert not rules.asks_for_more(1, 3, 1, 34)


def test_notes_are_shown_together_or_after_some_days_what_is_there() -> None:
    early, late = T + 2 * DAY, T + 20 * DAY

    assert rules.published_at(T, None, None, 14) is None
    assert rules.published_at(T, early, early + DAY, 14) == early + DAY
    assert rules.published_at(T, early, None, 14) == T + 14 * DAY
    assert rules.published_at(T, None, late, 14) == late
    # What was shown alone is not taken away again when the other comes.
    assert rules.published_at(T, early, late, 14) == T + 14 * DAY
    assert rules.remind_at(T, 14) == T + 7 * DAY


def test_a_link_names_only_whom_we_signed_for() -> None:
    token = links.write("secret", 7, 0)

    assert links.read("secret", token) == (7, 0)
    assert links.read("other", token) is None
    assert links.read("secret", token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert links.read("secret", "x" * 5_000) is None
