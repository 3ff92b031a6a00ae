"""Small changes, beyond doubt; and accounts that are no more."""

import pytest

from core.github import Account
from licensing.verdict import GHOST, Exemptions
from tests.rules.commits import (
    ADA,
    BO,
    address,
    commit,
    file,
    missing,
    problems,
    verdict,
    with_co_author,
)

SMALL = Exemptions(files_below=3, lines_below=11)
NOBODY = Account(GHOST, "ghost")


def test_one_commit_may_be_small() -> None:
    found = verdict(commit(ADA), exempt=SMALL, files=(file("a"),), files_complete=True)

    assert found.small


def test_no_list_of_files_is_not_small() -> None:
    assert not verdict(commit(ADA), exempt=SMALL, files=(), files_complete=True).small


def test_what_a_second_commit_takes_back_does_not_make_the_first_one_small() -> None:
    made = (commit(BO), commit(ADA))

    assert not verdict(*made, exempt=SMALL, files=(file("a"),), files_complete=True).small


def test_a_merge_that_only_brings_in_the_base_is_no_second_commit() -> None:
    merge = commit(BO, parents=("a", "b"))
    seen = frozenset({merge.sha})

    found = verdict(
        commit(ADA), merge, exempt=SMALL, files=(file("a"),), files_complete=True, ignorable=seen
    )

    assert found.small


@pytest.mark.parametrize("opener", [ADA, NOBODY])
@pytest.mark.parametrize("author", [ADA, NOBODY])
@pytest.mark.parametrize("email", ["ada@example.org", address(NOBODY)])
def test_a_deleted_account_is_unresolved_whatever_its_part(
    opener: Account, author: Account, email: str
) -> None:
    made = commit(author, email="x@example.org", message=with_co_author(email))
    found = verdict(made, opener=opener, signed=(ADA, NOBODY))

    ghosts = [one for one in found.unresolved if one.problem == "deleted"]
    assert bool(ghosts) is (NOBODY in (opener, author) or email == address(NOBODY))
    assert GHOST not in missing(found) | {person.id for person in found.signed}
    assert "deleted" not in problems(verdict(commit(ADA), signed=(ADA,)))
