"""What the bot says of intents, in both languages: of every verdict, every phase and every end."""

import re
from itertools import product
from pathlib import Path

import pytest

from bot import messages
from bot.messages import say

FOLDER = Path(messages.__file__).parent
ANSWERS = ("bid", "call", "choose", "claim", "contest", "release", "submit", "withdraw_bid")
PHASES = ("open", "voting", "choosing", "chosen", "over", "off")
FACTS = {"who": "@ada", "onto": 0, "given": "x", "until": "y", "others": 0, "days": 1}


@pytest.mark.parametrize(("name", "language"), list(product(ANSWERS, ("en", "fr"))))
def test_every_verdict_has_words_of_its_own(name: str, language: str) -> None:
    text = (FOLDER / f"answer_{name}.md").read_text(encoding="utf-8")
    reasons = set(re.findall(r'why == "(\w+)"', text))
    reasons |= {
        one
        for found in re.findall(r"why in \(([^)]*)\)", text)
        for one in re.findall(r"\w+", found)
    }
    facts = FACTS | {"own": True, "off": False, "others": 2, "days": 2}
    said = {
        why: say(f"answer_{name}", language, why=why, **facts) for why in sorted(reasons | {"?"})
    }

    assert all(words.startswith("@ada") for words in said.values())
    assert len(set(said.values())) >= len(reasons) - 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_day_is_one_day_and_two_are_two(language: str) -> None:
    one, two = (
        say("answer_bid", language, why="done", **(FACTS | {"days": days, "given": "1 €"}))
        for days in (1, 2)
    )
    assert re.search(r"1 (day|jour)\.", one)
    assert re.search(r"2 (days|jours)\.", two)


@pytest.mark.parametrize(
    ("language", "ending", "method"),
    list(
        product(
            ("en", "fr"),
            ("chosen", "empty", "dear", "unvoted", "given_back"),
            ("maintainer", "backers", "cheapest", ""),
        )
    ),
)
def test_every_end_is_told(language: str, ending: str, method: str) -> None:
    facts = {"ending": ending, "method": method, "who": "@bo", "by": "", "own": True, "days": 1}
    facts |= {"price": "1 €", "at": "now", "tie": True, "prize": "beans", "url": ""}
    kind = "call" if method else "contest"
    said = say("intent_outcome", language, kind=kind, **facts)

    assert said


@pytest.mark.parametrize(("language", "phase"), list(product(("en", "fr"), PHASES)))
def test_calls_and_contests_are_shown_in_every_phase(language: str, phase: str) -> None:
    offer = {"login": "bo", "price": "1 €", "days": 1, "words": "x", "marks": ["above", "owner"]}
    facts = {"phase": phase, "until": "now", "vote_until": "then", "more": 1, "url": "/x"}
    call = say(
        "intent", language, method="backers", ending="", need="x", test="@everybody", able=1,
        licence="MIT", budget="1 €", offers=[offer], promises="EUR", **facts,
    )  # fmt: skip
    contest = say("contest", language, prize="beans", days=1, entries=[offer], **facts)

    assert "@everybody" not in call
    assert call.index("/pledge 50 EUR @login") < call.index("/x")
    for said in (call, contest):
        assert said.count("| `bo` ") == 1
        assert said.startswith("### ")
