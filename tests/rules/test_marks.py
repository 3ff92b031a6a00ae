"""Strangers' words in our messages: shown, and harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import headed, marks, say

HOSTILE = (
    "@everyone",
    "@mara please",
    "**bold** [link](http://evil.example)",
    "<img src=x onerror=alert(1)>",
    "<!-- potluck:cla -->",
    "a`b",
    "a|b\n| c | d |",
    "line\nbreak",
    "\u202eevil",
    "fixes #1",
    "`@mara`",
    "```\n@mara\n```",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_strangers_words_are_code_on_one_line(text: str) -> None:
    shown = marks.inert(text)

    assert shown.startswith("`")
    assert shown.endswith("`")
    assert len(shown) > 2
    assert not set(shown[1:-1]) & set("`|\n\r\u202e")


@given(st.text(max_size=500))
def test_any_text_is_made_harmless(text: str) -> None:
    shown = marks.inert(text)

    assert shown[0] == shown[-1] == "`"
    assert 3 <= len(shown) <= marks.LONGEST + 2
    assert not set(shown[1:-1]) & set("`|\n\r\t\u202e\u2066\0")


def test_an_address_is_masked_even_inside_other_words() -> None:
    assert marks.masked("ada@example.com") == "a…@example.com"
    assert marks.masked("") == "…"
    assert "ada@" not in marks.inert("Ada <ada@example.com>")


def test_only_a_login_is_mentioned_or_linked() -> None:
    assert marks.mention("ada") == "@ada"
    assert marks.mention("ada park") is None
    assert marks.mention("x] @mara") is None
    assert marks.mention("dependabot[bot]") is None
    assert marks.mention(None) is None
    assert marks.profile("ada", 1, "https://g") == "[ada](https://g/ada)"
    assert marks.profile("", 7, "https://g") == "`id 7`"
    assert marks.profile("](http://evil)", 7, "https://g") == "`](http://evil)`"


def test_a_line_to_copy_cannot_leave_its_block() -> None:
    assert marks.code("``` @mara").startswith("````\n")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "name", ["check_none", "check_off", "check_empty", "check_superseded", "comment_settled"]
)
def test_every_plain_message_can_be_said(language: str, name: str) -> None:
    title, _text = headed(name, language)

    assert title
    assert "\n\n\n" not in say(name, language)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert say("check_off", "xx") == say("check_off", "en")
