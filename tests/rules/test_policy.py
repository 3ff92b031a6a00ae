"""The file of rules: what it may say, and where each mistake stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import Policy, Refused, default_phrase, parse, problems

WHOLE = """\
language = "fr"                  # a remark

[agreement]
mode = "cla"
document = "legal/CLA.md"
version = "2.10"
phrase = "I have read it all and I sign it"
exempt_users = [49699333, 7]
exempt_bots = ["dependabot[bot]", " Renovate[bot] "]
exempt_below = { files = 2, lines = 10 }
"""


def test_a_whole_file_is_read() -> None:
    assert parse(WHOLE) == Policy(
        language="fr",
        mode="cla",
        document="legal/CLA.md",
        version="2.10",
        phrase="I have read it all and I sign it",
        exempt_users=frozenset({49699333, 7}),
        exempt_bots=frozenset({"dependabot[bot]", "renovate[bot]"}),
        files_below=2,
        lines_below=10,
    )


def test_what_is_left_out_has_a_default() -> None:
    found = parse("[agreement]\n")

    assert (found.language, found.mode, found.document) == ("en", "cla", "CLA.md")
    assert (found.version, found.phrase) == ("1.0", default_phrase("cla"))
    assert found.phrase == "I have read the CLA Document and I hereby sign the CLA"


def test_an_assignment_has_a_phrase_of_its_own() -> None:
    assert "CAA" in parse('[agreement]\nmode = "caa"\n').phrase


def test_a_file_without_the_section_asks_nobody() -> None:
    assert parse('language = "en"\n').mode == "off"
    assert parse("").mode == "off"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('languge = "en"\n', 1, "“languge” is no setting"),
        ('[agreement]\nmode = "cla"\nversoin = "1.0"\n', 3, "“versoin” is no setting"),
        ("[agreement]\n\n[kitchen]\nboard = true\n", 3, "“kitchen” is no setting"),
        ('# x\nlanguage = "de"\n', 2, "“de” is not spoken here"),
        ("language = 1\n", 1, "“language” must be a text"),
        ('[agreement]\nmode = "CLA"\n', 2, "The mode “CLA” does not exist"),
        ("[agreement]\nmode = true\n", 2, "“mode” must be a text"),
        ("[agreement]\nversion = 1.0\n", 2, 'version = "1.0"'),
        ('[agreement]\nversion = "1"\n', 2, "two numbers"),
        ('[agreement]\nversion = "1.0.0"\n', 2, "two numbers"),
        ('[agreement]\nversion = "v1.0"\n', 2, "two numbers"),
        ('[agreement]\nversion = "01.0"\n', 2, "two numbers"),
        ('[agreement]\ndocument = "../secret"\n', 2, "a path in this repository"),
        ('[agreement]\ndocument = "/etc/passwd"\n', 2, "a path in this repository"),
        ('[agreement]\ndocument = ""\n', 2, "a path in this repository"),
        ("[agreement]\ndocument = 5\n", 2, "a path in this repository"),
        ('[agreement]\nphrase = "ok"\n', 2, "10 to 200 characters"),
        ('[agreement]\nphrase = "/sign it all now"\n', 2, "must not begin"),
        ('[agreement]\nphrase = "one line\\nand another"\n', 2, "one line"),
        ("[agreement]\nphrase = 1\n", 2, "“phrase” must be a text"),
        ('[agreement]\nexempt_users = ["ada"]\n', 2, "account numbers"),
        ("[agreement]\nexempt_users = [true]\n", 2, "account numbers"),
        ("[agreement]\nexempt_users = [0]\n", 2, "account numbers"),
        ("[agreement]\nexempt_users = 5\n", 2, "account numbers"),
        ('[agreement]\nexempt_bots = "x"\n', 2, "a list of logins"),
        ('[agreement]\nexempt_bots = ["bot*"]\n', 2, "without patterns"),
        ('[agreement]\nexempt_bots = [""]\n', 2, "no login of a bot"),
        ('[agreement]\nexempt_bots = ["a,b"]\n', 2, "no login of a bot"),
        ("[agreement]\nexempt_below = 5\n", 2, "two whole numbers"),
        ("[agreement]\nexempt_below = { files = -1, lines = 2 }\n", 2, "two whole numbers"),
        ("[agreement]\nexempt_below = { file = 1 }\n", 2, "two whole numbers"),
        ("[agreement]\nexempt_below = { files = 1.5 }\n", 2, "two whole numbers"),
        ("[agreement]\n[agreement.exempt_below]\nfiles = true\n", 2, "two whole numbers"),
        ("agreement = 5\n", 1, "“agreement” must be a section"),
        ('[[agreement]]\nmode = "cla"\n', 1, "“agreement” must be a section"),
        ("[agreement\n", 1, "not TOML"),
        ('[agreement]\nmode = "cla"\nmode = "off"\n', 3, "not TOML"),
        ('a = "b\n', 1, "not TOML"),
        ('[agreement]\nmode = "cla"\nversion = \n', 3, "not TOML"),
        ('agreement.mode = "x"\n', 1, "The mode “x”"),
        ('agreement = { mode = "x" }\n', 1, "The mode “x”"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text: str, line: int, words: str) -> None:
    found = problems(text)

    assert len(found) == 1
    assert found[0].line == line
    assert words in found[0].sentence
    with pytest.raises(Refused, match=f"line {line}"):
        parse(text)


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    text = 'language = "de"\n[agreement]\nmode = "x"\nfoo = 1\nversion = 1\n'

    assert [one.line for one in problems(text)] == [1, 3, 4, 5]


def test_a_file_without_mistakes_has_none() -> None:
    assert problems(WHOLE) == ()


def test_deep_nesting_is_refused_like_any_mistake() -> None:
    assert problems("a = " + "[" * 20_000)


@given(st.text(max_size=200))
def test_any_text_is_either_rules_or_refused_with_lines_inside_it(text: str) -> None:
    last = max(1, len(text.splitlines()) + 1)

    for problem in problems(text):
        assert 1 <= problem.line <= last
        assert problem.sentence
