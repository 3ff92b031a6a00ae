"""What changed between two texts: nothing lost, little shown, and readable."""

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.differences import Passage, Piece, differences, pieces

OLD = "# Agreement\n\nOne.\nTwo.\nThree.\nYou keep your copyright.\nFour.\nFive.\nSix.\n"
NEW = OLD.replace("You keep your copyright", "You keep all of your copyright")
texts = st.text(st.sampled_from("ab \n.é\r\u2028"), max_size=60)


def old_of(found: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in found if piece.kind != "new")


def new_of(found: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in found if piece.kind != "gone")


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_both_texts_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    found = pieces(old, new)

    assert (old_of(found), new_of(found)) == (old, new)
    assert all(a.kind != b.kind for a, b in pairwise(found))


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_every_change_is_shown_once_and_equal_texts_show_nothing(old: str, new: str) -> None:
    whole = [piece for piece in pieces(old, new) if piece.kind != "same"]
    shown = [p for passage in differences(old, new) for p in passage.pieces if p.kind != "same"]

    assert shown == whole
    assert bool(shown) == (old != new)


def test_a_new_word_is_shown_with_the_lines_about_it() -> None:
    (passage,) = differences(OLD, NEW)

    assert passage == Passage(
        (
            Piece("same", "Two.\nThree.\nYou keep"),
            Piece("new", " all of"),
            Piece("same", " your copyright.\nFour.\nFive.\n"),
        ),
        skipped=3,
    )


def test_changes_far_apart_stand_apart() -> None:
    old = "".join(f"Line {number}.\n" for number in range(40))
    new = old.replace("Line 3.", "Line three.").replace("Line 30.", "Line thirty.")

    first, second = differences(old, new)

    assert (first.skipped, second.skipped) == (1, 22)
    assert [piece.text for piece in second.pieces if piece.kind == "new"] == ["thirty"]


def test_lines_that_have_nothing_in_common_are_not_mixed_word_by_word() -> None:
    found = pieces("The project may sell it.\n", "A lawyer must read all of this, slowly!\n")

    assert [piece.kind for piece in found] == ["gone", "new"]


def test_a_large_text_of_equal_lines_is_compared_soon() -> None:
    old, new = "\n" * 2_900 + "x\n", "y\n" + "\n" * 2_900
    words = "a " * 1_999, "b " + "a " * 1_998
    began = time.monotonic()

    assert old_of(pieces(old, new)) == old
    assert new_of(pieces(*words)) == words[1]
    assert new_of(pieces("z\n" * 10_000, "z\n" * 9_999)) == "z\n" * 9_999
    assert time.monotonic() - began < 5
