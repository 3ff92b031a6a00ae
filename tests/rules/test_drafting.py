"""Agreements from our templates: every variant is whole, says what it should, and never changes unseen."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from core.errors import UserError
from core.translations import LANGUAGES
from licensing import clauses, drafting, wording
from licensing.drafting import Choice
from licensing.terms import EXPLAINED, KINDS, RULES, TITLES
from licensing.variables import VARIABLES

GIVEN = {one.name: one.example for one in VARIABLES}
GOLDEN = Path(__file__).parent / "agreement_texts.json"
"""SHA-256 of the text of each variant with the examples; a change of words is a change here."""


def text(choice: Choice, **changes: str) -> str:
    return drafting.draft(choice, GIVEN | changes).text


def digests() -> dict[str, str]:
    return {
        choice.key: hashlib.sha256(text(choice).encode()).hexdigest()
        for choice in drafting.variants()
    }


def test_no_word_of_any_variant_changes_unseen() -> None:
    found, golden = digests(), json.loads(GOLDEN.read_text(encoding="utf-8"))

    assert found == golden, (
        "A template changed. Read the new texts; if every word is meant, write the digests anew:"
        " .venv/bin/python -m tests.rules.test_drafting"
    )
    assert len(set(found.values())) == len(found) == 242


def test_every_variant_is_without_fault_and_sends_to_a_lawyer() -> None:
    for choice in drafting.variants():
        assert wording.faults(text(choice), choice.kind, choice.language) == (), choice.key
        assert wording.says_lawyer(text(choice), choice.language), choice.key


def test_a_clause_has_one_form_in_a_variant_and_the_same_name_in_both_languages() -> None:
    for choice in drafting.variants():
        names = [one.block.id for one in drafting.variant(choice) if one.block.part == "clause"]
        assert len(names) == len(set(names)), choice.key
    for kind in KINDS:
        names_by_language = [
            {one.id for one in clauses.template(kind, language) if one.part == "clause"}
            for language in LANGUAGES
        ]
        # French law asks for extent, purpose, place and duration in a clause of their own.
        first, second = names_by_language
        assert first ^ second <= {"extent"}


def test_every_rule_is_explained_and_has_its_own_words() -> None:
    assert set(RULES) == set(EXPLAINED) == set(TITLES)
    for kind in ("cla", "caa"):
        for language in LANGUAGES:
            words = {
                next(one.words for one in clauses.template(kind, language) if one.holds(facts))
                for rule in RULES
                for facts in (frozenset({rule, "individual", "from_now", "whole_project"}),)
            }
            assert words
            outbound = [one for one in clauses.template(kind, language) if one.id == "outbound"]
            assert {only for one in outbound for only in one.when[0]} == set(RULES)


def test_by_default_any_licence_is_given_and_the_open_one_stays_promised() -> None:
    words = " ".join(text(drafting.chosen("cla")).split())

    assert "The licence is not exclusive" in words
    assert "under any licence: an open or a closed one" in words
    assert "We promise: when we license a contribution of yours under another licence" in words


@pytest.mark.parametrize("kind", ["cla", "caa"])
def test_in_french_each_contribution_is_confirmed_and_each_right_is_named(kind: str) -> None:
    words = " ".join(text(drafting.chosen(kind, "fr")).split())

    for said in ("L. 131-1", "L. 131-3", "L. 121-1", "confirmez par écrit", "droit moral"):
        assert said in words
    for said in ("L’étendue :", "La destination :", "Le lieu :", "La durée :"):
        assert said in words
    assert words.count(" - le droit de") == 5
    assert "inconnus" not in words


def test_the_certificate_is_linked_and_not_copied() -> None:
    for language in LANGUAGES:
        words = text(drafting.chosen("dco", language))
        assert "<https://developercertificate.org>" in words
        assert "By making a contribution" not in words
        assert len(words) < 3_000


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_an_assignment_gives_a_licence_back_and_a_licence_assigns_nothing(language: str) -> None:
    names = {one.block.id for one in drafting.variant(drafting.chosen("caa", language))}
    assert {"assign", "licence-back"} <= names
    assert wording.faults(text(drafting.chosen("caa", language)), "cla", language)


def test_what_is_missing_is_named_and_nothing_is_written() -> None:
    with pytest.raises(UserError, match=r"steward: This is needed\..*contact: This is needed\."):
        drafting.draft(drafting.chosen("cla"), GIVEN | {"steward": " ", "contact": ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project", "<script>"),
        ("project", "Kettle\n\n# You assign everything"),
        ("project", "a" * 121),
        ("project", "**Kettle**"),
        ("project", "Ke\u202ettle"),
        ("steward", "[Acme](https://evil.example)"),
        ("licence", "GPL-3.0"),
        ("licence", "AGPL-3.0"),
        ("licence", "my own licence"),
        ("licence", "MIT OR AGPL-3.0"),
        ("licence", "Apache 2.0"),
        ("licences", "MIT, GPL-2.0"),
        ("licences", "MIT OR Apache-2.0"),
        ("licences", ","),
        ("paths", "/etc"),
        ("paths", "a/../b"),
        ("paths", "ee/`x`"),
        ("contact", "javascript:alert(1)"),
        ("contact", "you know where"),
    ],
)
def test_a_value_that_could_change_the_words_is_refused(name: str, value: str) -> None:
    choice = drafting.chosen("cla", outbound="listed", by_path=True)

    assert set(drafting.wrong(choice, GIVEN | {name: value})) == {name}


@pytest.mark.parametrize("name", ["Node.js", "my_project", "Café & Thé", "C++ Tools", "L’Été 2.0"])
def test_names_as_they_are_can_be_used(name: str) -> None:
    assert f"agreement: {name}\n" in text(drafting.chosen("cla"), project=name)


@pytest.mark.parametrize(
    "licence",
    ["MIT", "MIT OR Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-Acme"],
)
def test_a_licence_may_be_an_expression_of_identifiers(licence: str) -> None:
    assert f"it was {licence} (an" in " ".join(
        text(drafting.chosen("cla"), licence=licence).split()
    )


def test_what_cannot_be_chosen_is_refused_with_what_can() -> None:
    with pytest.raises(UserError, match="choose cla, caa, dco"):
        drafting.chosen("5")
    with pytest.raises(UserError, match="any_plus_original"):
        drafting.chosen("cla", outbound="5")


def test_a_line_is_never_taken_for_a_heading_or_an_item_by_where_it_breaks() -> None:
    for choice in drafting.variants():
        for _placed, words in drafting.draft(choice, GIVEN).blocks:
            for line in words.split("\n")[1:]:
                assert not re.match(r"\s*(?:#|[0-9]+[.)] |[*+] )", line), line


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(digests(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
