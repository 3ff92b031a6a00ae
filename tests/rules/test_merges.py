"""Merge commits: which bring the base only, and what it takes to show it."""

import pytest

from core.github import ChangedFile, Comparison
from licensing.merges import BaseMerge, adds_nothing, base_merges
from tests.rules.commits import ADA, MARA, commit, file

OWN, MERGE, BASE = "a" * 40, "c" * 40, "b" * 40
HERE = BaseMerge(MERGE, OWN, BASE)
BROUGHT = (file("base.py", blob="b1"), file("new.py", blob="b2", status="added"))


def comparison(*files: ChangedFile, merge_base: str = OWN) -> Comparison:
    return Comparison(merge_base, (), files)


def test_a_merge_of_the_base_into_the_branch_is_found() -> None:
    commits = (commit(ADA, sha=OWN), commit(MARA, sha=MERGE, parents=(OWN, BASE)))

    assert base_merges(commits) == (HERE,)


def test_the_order_of_the_parents_does_not_matter() -> None:
    commits = (commit(ADA, sha=OWN), commit(MARA, sha=MERGE, parents=(BASE, OWN)))

    assert base_merges(commits) == (HERE,)


@pytest.mark.parametrize(
    "parents",
    [(OWN,), (OWN, "d" * 40), (BASE, "e" * 40), (OWN, BASE, "e" * 40)],
    ids=["no merge", "both in the branch", "both on the base", "octopus"],
)
def test_other_commits_are_no_base_merges(parents: tuple[str, ...]) -> None:
    commits = (
        commit(ADA, sha=OWN),
        commit(ADA, sha="d" * 40),
        commit(MARA, sha=MERGE, parents=parents),
    )

    assert base_merges(commits) == ()


def test_a_merge_that_takes_everything_from_the_base_adds_nothing() -> None:
    assert adds_nothing(comparison(*BROUGHT), comparison(*BROUGHT), HERE)


def test_a_merge_that_takes_only_some_of_it_adds_nothing() -> None:
    assert adds_nothing(comparison(BROUGHT[0]), comparison(*BROUGHT), HERE)
    assert adds_nothing(comparison(), comparison(*BROUGHT), HERE)


@pytest.mark.parametrize(
    "own",
    [
        file("smuggled.py", blob="e1", status="added"),
        file("base.py", blob="e1"),
        file("base.py", blob="b1", status="added"),
        file("base.py", blob=None),
        file("moved.py", blob="b1", status="renamed", previous_path="base.py"),
        file("new.py", blob="b2", status="removed"),
    ],
    ids=["a file of its own", "other bytes", "another status", "no blob", "moved", "removed"],
)
def test_a_merge_with_content_of_its_own_does_not(own: ChangedFile) -> None:
    assert not adds_nothing(comparison(BROUGHT[1], own), comparison(*BROUGHT), HERE)


def test_a_removal_that_the_base_made_is_the_bases() -> None:
    gone = file("old.py", blob="b9", status="removed")

    assert adds_nothing(comparison(gone), comparison(gone), HERE)


def test_a_list_that_may_be_cut_off_shows_nothing() -> None:
    many = tuple(file(f"{number}.py", blob=f"b{number}") for number in range(300))

    assert not adds_nothing(comparison(many[0]), comparison(*many), HERE)
    assert not adds_nothing(comparison(*many), comparison(*many), HERE)


def test_a_comparison_that_begins_elsewhere_shows_nothing() -> None:
    assert not adds_nothing(
        comparison(BROUGHT[0], merge_base="f" * 40), comparison(*BROUGHT), HERE
    )
