"""Seeded crowds vote through three doors: whom we count is whom an oracle names."""

import pytest

from bench import votes
from bot.roadmap import rules


def test_the_voters_of_every_seeded_run_are_those_whom_the_oracle_names() -> None:
    found = votes.run(["--runs", "3", "--voters", "30", "--seed", "7"])

    assert (found["runs"], found["equal"], found["unequal_seeds"]) == (3, 3, [])
    assert (found["acts"], found["violations"]) == (180, 0)


def test_a_count_that_forgets_what_is_gone_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    right = rules.standing
    monkeypatch.setattr(
        "bot.roadmap.ballots.standing",
        lambda acts: right(act for act in acts if act.deed == "cast"),
    )

    assert votes.run(["--runs", "1", "--voters", "30"])["equal"] == 0
