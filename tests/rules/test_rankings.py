"""What people's own orders say together: vectors of others, laws, and how equal things stay equal."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.roadmap.ranking.rules import Order, compared, ranked, schulze

Profile = list[tuple[int, str]]
"""How many people have which order; "A>B=C" puts B and C on one place."""

SCHULZE_45 = [
    (5, "A>C>B>E>D"),
    (5, "A>D>E>C>B"),
    (8, "B>E>D>A>C"),
    (3, "C>A>B>E>D"),
    (7, "C>A>E>B>D"),
    (2, "C>B>A>D>E"),
    (7, "D>C>E>B>A"),
    (8, "E>B>A>D>C"),
]
SCHULZE_30 = [(3, "A>C>D>B"), (9, "B>A>C>D"), (8, "C>D>A>B"), (5, "D>A>B>C"), (5, "D>B>C>A")]


def orders(profile: Profile) -> list[Order[str]]:
    return [[group.split("=") for group in row.split(">")] for n, row in profile for _ in range(n)]


def winners(profile: Profile) -> str:
    said = orders(profile)
    keys = sorted({key for order in said for group in order for key in group})
    return "".join(key for key, beaten in schulze(said, keys).items() if not beaten)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (SCHULZE_45, "E"),
        (SCHULZE_30, "C"),
        ([(9, "A>B>C"), (8, "B>C>A"), (7, "C>A>B")], "A"),
        ([(5, "A>B>C"), (5, "B>C>A"), (5, "C>A>B")], "ABC"),
        ([(8, "A>B>C"), (7, "C>B>A"), (5, "B>C>A")], "B"),
        ([(10, "A>B"), (10, "B>A")], "AB"),
        ([(1, "A=B>C")], "AB"),
    ],
)
def test_known_profiles_have_the_known_winners(profile: Profile, expected: str) -> None:
    assert winners(profile) == expected


def test_methods_differ_and_each_figure_bears_the_name_of_its_own() -> None:
    ballots = orders([(8, "A>B>C"), (7, "C>B>A"), (5, "B>C>A")])
    said = ranked(ballots)

    assert max(said, key=lambda key: said[key].firsts) == "A"  # “first for”: plurality
    assert min(said, key=lambda key: said[key].place or 9) == "B"  # “compared in pairs”: Schulze
    approving = {
        key: {at for at, order in enumerate(ballots) if [key] in order[:2]} for key in "ABC"
    }
    assert {key: len(people) for key, people in approving.items()} == {"A": 8, "B": 20, "C": 12}


def test_the_whole_order_of_the_example_with_45_people() -> None:
    said = ranked(orders(SCHULZE_45))

    assert "".join(sorted(said, key=lambda key: said[key].place or 0)) == "EACBD"
    assert [said[key].firsts for key in "ABCDE"] == [10, 8, 12, 7, 8]
    assert {one.lists for one in said.values()} == {45}


def test_places_count_those_above_and_equal_ones_share_theirs() -> None:
    said = ranked(orders([(1, "A=B>C"), (1, "C>A"), (2, "C")]))

    assert [(said[key].lists, said[key].firsts, said[key].median) for key in "ABC"] == [
        (2, 1, 1.5),
        (1, 1, 1.0),
        (4, 3, 1.0),
    ]
    assert [(said[key].place, said[key].shared) for key in "CAB"] == [(1, 1), (2, 1), (3, 1)]


def test_what_was_named_by_few_is_counted_and_not_compared() -> None:
    lists = {"a": 9, "b": 4, "c": 4, "d": 4, "e": 1}

    assert compared(lists, 5) == list("abcde")
    assert compared(lists, 4) == list("abcd")
    assert compared(lists, 3) == ["a"]  # equal ones are in or out together


ORDERS = st.lists(
    st.permutations("ABCD").flatmap(
        lambda row: st.lists(st.sampled_from(">="), min_size=3, max_size=3).map(
            lambda joints: "".join(a + b for a, b in zip(row, [*joints, ""], strict=True))
        )
    ),
    max_size=7,
)


@given(ORDERS, st.randoms())
def test_neither_names_nor_the_order_of_hearing_decide(rows: list[str], dice: object) -> None:
    assert isinstance(dice, random.Random)
    said = ranked(orders([(1, row) for row in rows]))
    mixed = rows.copy()
    dice.shuffle(mixed)
    other = dict(zip("ABCD", dice.sample("ABCD", 4), strict=True))
    renamed = ["".join(other.get(sign, sign) for sign in row) for row in mixed]

    for key, one in ranked(orders([(1, row) for row in renamed])).items():
        (before,) = (was for was in said.values() if other[was.key] == key)
        assert (one.place, one.shared, one.median) == (before.place, before.shared, before.median)


@given(ORDERS)
def test_whoever_wins_each_pair_is_first_and_what_all_agree_on_stands(rows: list[str]) -> None:
    said = orders([(1, row) for row in rows])
    found = ranked(said)

    def above(one: str, other: str) -> int:
        return sum(
            next(n for n, group in enumerate(order) if one in group)
            < next(n for n, group in enumerate(order) if other in group)
            for order in said
        )

    for one, other in permutations(found, 2):
        if said and above(one, other) == len(said):
            assert (found[one].place or 0) < (found[other].place or 0)
    for one in found:
        if all(above(one, other) > above(other, one) for other in found if other != one):
            assert (found[one].place, found[one].shared) == (1, 1)
