"""What a comment says about signing: the labelled corpus, and laws about strangers' text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.phrases import NearMiss, Nothing, Signs, read
from tests.rules import signing_comments as corpus
from tests.rules.near_misses import NEAR
from tests.rules.signing_comments import PHRASE, PHRASE_FR

LABELS = [(kind, label) for kind, group in NEAR.items() for label in group]


def test_the_corpus_is_large_enough() -> None:
    talk = len(corpus.SIGNS) + len(corpus.SIGNS_FR) + len(corpus.NOTHING)

    assert talk + len(LABELS) >= 200


@pytest.mark.parametrize("label", corpus.SIGNS)
def test_this_signs(label: str) -> None:
    version, body = corpus.SIGNS[label]

    assert read(body, PHRASE) == Signs(version)


@pytest.mark.parametrize("label", corpus.SIGNS_FR)
def test_this_signs_in_french(label: str) -> None:
    assert read(corpus.SIGNS_FR[label], PHRASE_FR) == Signs(None)


@pytest.mark.parametrize(
    ("kind", "label"), LABELS, ids=[f"{kind}: {label}" for kind, label in LABELS]
)
def test_this_comes_near_and_signs_nothing(kind: str, label: str) -> None:
    assert read(NEAR[kind][label], PHRASE) == NearMiss(kind)  # type: ignore[arg-type] # a key of the corpus


@pytest.mark.parametrize("label", corpus.NOTHING)
def test_this_is_ordinary_talk(label: str) -> None:
    assert read(corpus.NOTHING[label], PHRASE) == Nothing()


def test_a_phrase_of_another_project_signs_nothing() -> None:
    assert not isinstance(read(PHRASE, PHRASE_FR), Signs)
    assert not isinstance(read(PHRASE_FR, PHRASE), Signs)


@given(st.text(max_size=300))
def test_any_text_is_read_without_error(body: str) -> None:
    assert isinstance(read(body, PHRASE), Signs | NearMiss | Nothing)


@given(st.lists(st.sampled_from(["/sign", PHRASE, "/sign 1.0", "Hello"]), max_size=5))
def test_quoted_lines_never_sign(lines: list[str]) -> None:
    quoted = "\n".join(f"> {line}" for line in lines)

    assert not isinstance(read(quoted, PHRASE), Signs)


@given(st.lists(st.sampled_from(["/sign", PHRASE, "/sign 1.0", "Hello"]), max_size=5))
def test_lines_in_a_fence_never_sign(lines: list[str]) -> None:
    fenced = "\n".join(["~~~", *lines, "~~~"])

    assert not isinstance(read(fenced, PHRASE), Signs)


@given(st.sampled_from(["I do not agree", "not yet", "I refuse", "Je ne signe pas"]))
def test_a_contradiction_beats_a_signature_on_either_side(words: str) -> None:
    assert read(f"/sign\n{words}", PHRASE) == NearMiss("negated")
    assert read(f"{words}\n{PHRASE}", PHRASE) == NearMiss("negated")


@pytest.mark.parametrize(
    "body",
    [
        "<s" * 30_000,
        "`" * 60_000,
        "` `` " * 12_000,
        "<!--" * 15_000,
        "i do not " * 7_000,
        "> " * 30_000,
        "\n \n" * 20_000,
        "je ne " * 10_000,
        "i agree, " * 7_000,
        "the " * 15_000 + "cla signed",
    ],
    ids=lambda body: body[:8],
)
def test_hostile_text_takes_no_time(body: str) -> None:
    began = time.perf_counter()
    read(body, PHRASE)

    assert time.perf_counter() - began < 2
