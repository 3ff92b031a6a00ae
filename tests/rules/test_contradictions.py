"""Words that would sign, beside words that take them back or where nobody sees them."""

import time

import pytest

from licensing.phrases import NearMiss, Signs, read
from tests.rules.contradictions import BARE, COMPANY, CONTRADICTIONS, INVISIBLE
from tests.rules.signing_comments import PHRASE


@pytest.mark.parametrize("body", CONTRADICTIONS)
@pytest.mark.parametrize("words", [BARE, PHRASE])
def test_whatever_speaks_against_it_makes_it_a_near_miss(body: str, words: str) -> None:
    assert read(body.replace(BARE, words), PHRASE) == NearMiss("negated")


@pytest.mark.parametrize("body", INVISIBLE)
@pytest.mark.parametrize("words", [BARE, PHRASE])
def test_what_nobody_sees_signs_nothing(body: str, words: str) -> None:
    assert not isinstance(read(body.replace(BARE, words), PHRASE), Signs)


def test_the_target_of_a_link_signs_nothing() -> None:
    assert not isinstance(read("[docs]:\n/sign", PHRASE), Signs)


@pytest.mark.parametrize("line", COMPANY)
def test_honest_company_disturbs_no_signature(line: str) -> None:
    assert read(f"{line}\n\n{BARE}", PHRASE) == Signs(None)
    assert read(f"{BARE}\n\n{line}", PHRASE) == Signs(None)


@pytest.mark.parametrize(
    "body",
    [
        '<a "' * 15_000,
        "<a \"'" * 12_000,
        "<a" * 30_000,
        "<a x" + " " * 60_000,
        "[a]: b '" * 8_000,
        "[a]: b '\n" * 7_000,
        '[a]: b "' + "\\" * 60_000,
        "[" * 60_000,
        "[a]:" + " " * 60_000,
        "[^" * 30_000,
        "* " * 30_000,
        "- > a\n" * 10_000,
        "<?" * 30_000,
        "<!a" * 20_000,
        "<![CDATA[" * 7_000,
        "not " * 15_000 + "\n/sign",
        "no problem " * 6_000 + "\n/sign",
        "/sign\n" + "https://" * 8_000,
        "/sign\n" + "test " * 12_000 + "not?",
        "/sign\n" + "my " * 20_000,
    ],
    ids=lambda body: ascii(body[:8]),
)
def test_hostile_text_takes_no_time(body: str) -> None:
    began = time.perf_counter()
    read(body, PHRASE)

    assert time.perf_counter() - began < 1
