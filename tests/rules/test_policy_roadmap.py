"""The section `[roadmap]` of the rules file: what it may say, and mistakes told by their line."""

import pytest

from bot.policy import Policy, Roadmap, parse, problems


def test_the_roadmap_is_off_until_its_section_is_there() -> None:
    assert parse("").roadmap == Roadmap(on=False)
    assert parse("[agreement]\n").roadmap.on is False
    assert parse("[roadmap]\n") == Policy(roadmap=Roadmap(on=True))
    assert parse("[roadmap]\non = false\n").roadmap.on is False


def test_every_setting_of_the_roadmap_is_read() -> None:
    text = '[roadmap]\nlabel = " idea "\nvotes_per_person = 0\nyoung_account_days = 7\n'

    assert parse(text).roadmap == Roadmap(True, "idea", 0, 7)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('label = ""', "name of a label"),
        ('label = "a,b"', "name of a label"),
        ("label = 3", "name of a label"),
        ("votes_per_person = -1", "whole number from 0 (no limit)"),
        ("votes_per_person = true", "whole number from 0 (no limit)"),
        ("young_account_days = 1.5", "whole number from 0 (off)"),
        ("reopen_after_no = -1", "whole number from 0 (never)"),
        ("reopen_share = 101", "whole number from 0 to 100, per cent"),
        ("learned_after_days = 0", "whole number from 1"),
        ('on = "yes"', "must be true or false"),
        ("votes = 6", "no setting that exists"),
        ("votes_per_persom = 6", "Did you mean “votes_per_person”?"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, said: str) -> None:
    (found,) = problems(f'language = "en"\n[roadmap]\n{line}\n')

    assert found.line == 3
    assert said in found.sentence


def test_roadmap_must_be_a_section() -> None:
    (found,) = problems("roadmap = 3\n")

    assert "must be a section" in found.sentence
