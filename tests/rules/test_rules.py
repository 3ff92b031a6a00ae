"""Who must sign, and when it is enough: the judgement, rule by rule."""

from dataclasses import replace

import pytest

from licensing.roll import claimed_numbers
from licensing.verdict import Exemptions, Facts
from tests.rules.commits import (
    ADA,
    BO,
    CHEN,
    MARA,
    WEB_FLOW,
    address,
    commit,
    file,
    missing,
    problems,
    verdict,
    with_co_author,
)


def test_opener_authors_and_co_authors_are_all_asked() -> None:
    found = verdict(commit(BO, message=with_co_author(address(CHEN))))

    assert missing(found) == {ADA.id, BO.id, CHEN.id}
    assert found.conclusion == "action_required"


def test_it_is_enough_when_all_of_them_have_signed() -> None:
    found = verdict(commit(BO, message=with_co_author(address(CHEN))), signed=(ADA, BO, CHEN))

    assert found.conclusion == "success"
    assert {person.id for person in found.signed} == {ADA.id, BO.id, CHEN.id}


def test_one_signature_too_few_is_not_enough() -> None:
    found = verdict(commit(BO), signed=(BO,))

    assert (found.conclusion, missing(found)) == ("action_required", {ADA.id})


def test_no_commits_are_nothing_to_judge() -> None:
    assert verdict(signed=(ADA,)).conclusion == "neutral"


def test_somebody_with_several_parts_stands_there_once() -> None:
    found = verdict(commit(ADA), commit(ADA, message=with_co_author(address(ADA))), commit(ADA))

    (person,) = found.missing
    assert person.roles == ("opener", "author", "co-author")


def test_a_commit_made_on_the_website_is_its_authors() -> None:
    found = verdict(commit(BO, committer=WEB_FLOW, verified=True), signed=(ADA,))

    assert missing(found) == {BO.id}


def test_an_unlinked_author_is_never_replaced_by_the_committer() -> None:
    found = verdict(commit(None, committer=MARA), opener=MARA, signed=(MARA,))

    assert (found.conclusion, problems(found)) == ("action_required", ["unlinked"])


def test_an_unlinked_author_with_a_signers_name_stays_unlinked() -> None:
    found = verdict(commit(ADA), commit(None, name="ada"), signed=(ADA,))

    assert (found.conclusion, problems(found)) == ("action_required", ["unlinked"])
    assert {person.id for person in found.signed} == {ADA.id}


def test_signed_missing_and_unresolved_are_three_lists() -> None:
    found = verdict(commit(ADA), commit(BO), commit(None), signed=(ADA,))

    assert {person.id for person in found.signed} == {ADA.id}
    assert missing(found) == {BO.id}
    assert problems(found) == ["unlinked"]


def test_an_unlinked_noreply_address_counts_by_its_number() -> None:
    author = commit(None, email="1954+whoever@users.noreply.github.com")

    assert missing(verdict(author, signed=(ADA,))) == {BO.id}
    assert verdict(author, signed=(ADA, BO)).conclusion == "success"


def test_a_number_that_nobody_bears_is_unresolved() -> None:
    author = commit(None, email="77+gone@users.noreply.github.com")

    found = verdict(author, signed=(ADA,), accounts={77: None})

    assert problems(found) == ["unlinked"]


def test_a_linked_author_with_somebody_elses_noreply_address_asks_both() -> None:
    found = verdict(commit(ADA, email=address(BO)), signed=(ADA,))

    assert missing(found) == {BO.id}


def test_the_noreply_host_of_an_enterprise_server_is_its_own() -> None:
    author = commit(None, email="1954+bo@users.noreply.git.example.com")
    public = commit(None, email="1954+bo@users.noreply.github.com")

    host = "users.noreply.git.example.com"
    assert missing(verdict(author, signed=(ADA,), noreply_host=host)) == {BO.id}
    assert problems(verdict(public, signed=(ADA,), noreply_host=host)) == ["unlinked"]


def test_a_co_authors_ordinary_address_counts_where_github_links_it_here() -> None:
    linked = commit(BO, email="bo@example.com")
    named = commit(ADA, message=with_co_author("BO@example.com"))

    assert missing(verdict(linked, named, signed=(ADA,))) == {BO.id}
    assert verdict(linked, named, signed=(ADA, BO)).conclusion == "success"


def test_a_co_authors_ordinary_address_is_unresolved_where_it_does_not() -> None:
    found = verdict(commit(ADA, message=with_co_author("bo@example.com")), signed=(ADA,))

    assert (found.conclusion, problems(found)) == ("action_required", ["no_account"])
    assert found.unresolved[0].email == "bo@example.com"


@pytest.mark.parametrize(
    ("email", "problem"),
    [
        ("bo@users.noreply.github.com", "legacy_noreply"),
        ("", "no_email"),
        ("nothing", "no_email"),
        ("1954+bo@users.noreply.github.com.evil.example", "no_account"),
        ("1954+bo@evil-users.noreply.github.com", "no_account"),
        ("0+bo@users.noreply.github.com", "legacy_noreply"),
        ("99999999999999999999+bo@users.noreply.github.com", "legacy_noreply"),
        ("noreply@github.com", "no_account"),
    ],
)
def test_a_co_author_who_cannot_be_named_is_unresolved(email: str, problem: str) -> None:
    by_web = commit(ADA, committer=WEB_FLOW, message=with_co_author(email))

    assert problems(verdict(by_web, signed=(ADA,))) == [problem]


def test_a_listed_person_is_not_asked() -> None:
    found = verdict(commit(BO), signed=(ADA,), exempt=Exemptions(users=frozenset({BO.id})))

    assert found.conclusion == "success"
    assert [(one.id, one.reason) for one in found.exempt] == [(BO.id, "listed")]


def test_a_merge_that_only_brings_the_base_asks_nobody() -> None:
    merge = commit(MARA, parents=("a" * 40, "b" * 40), sha="c" * 40)

    assert missing(verdict(commit(ADA), merge, signed=(ADA,))) == {MARA.id}
    found = verdict(commit(ADA), merge, signed=(ADA,), ignorable=frozenset({merge.sha}))
    assert found.conclusion == "success"


def test_a_merge_that_asks_nobody_still_asks_the_co_authors_it_names() -> None:
    merge = commit(MARA, message=with_co_author(address(CHEN)), sha="c" * 40)

    found = verdict(commit(ADA), merge, signed=(ADA,), ignorable=frozenset({merge.sha}))

    assert missing(found) == {CHEN.id}


SMALL = Exemptions(files_below=3, lines_below=11)


@pytest.mark.parametrize(
    ("changes", "complete", "conclusion"),
    [
        ((10,), True, "success"),
        ((5, 5), True, "success"),
        ((11,), True, "action_required"),
        ((1, 1, 1), True, "action_required"),
        ((1,), False, "action_required"),
        ((0,), True, "action_required"),
    ],
    ids=["below", "two files", "lines reached", "files reached", "unsure", "perhaps binary"],
)
def test_small_changes(changes: tuple[int, ...], *, complete: bool, conclusion: str) -> None:
    files = tuple(file(f"{index}.md", lines) for index, lines in enumerate(changes))

    found = verdict(commit(None), exempt=SMALL, files=files, files_complete=complete)

    assert found.conclusion == conclusion
    assert found.small is (conclusion == "success")


def test_one_limit_alone_makes_nothing_small() -> None:
    for limits in (Exemptions(files_below=9), Exemptions(lines_below=99), Exemptions()):
        found = verdict(commit(ADA), exempt=limits, files=(file("a"),), files_complete=True)

        assert found.conclusion == "action_required"


def test_the_same_address_in_many_commits_is_one_entry_with_all_of_them() -> None:
    one, two = commit(None, sha="1" * 40), commit(None, sha="2" * 40)

    (entry,) = verdict(one, two, signed=(ADA,)).unresolved

    assert entry.shas == ("1" * 40, "2" * 40)


def test_numbers_that_only_addresses_name_are_to_be_looked_up() -> None:
    made = (
        commit(ADA, message=with_co_author(address(BO)) + with_co_author(address(ADA))),
        commit(None, email=address(CHEN)),
    )

    assert claimed_numbers(Facts(ADA, made)) == (BO.id, CHEN.id)


def test_a_renamed_author_is_the_same_person() -> None:
    renamed = replace(BO, login="bo-the-builder")

    assert verdict(commit(renamed), signed=(ADA, BO)).conclusion == "success"
