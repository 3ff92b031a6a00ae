"""The lint of agreements: it finds what is known to go wrong, and leaves honest sentences alone."""

import pytest

from licensing import drafting, wording
from licensing.assigning import assigning
from licensing.variables import VARIABLES

GIVEN = {one.name: one.example for one in VARIABLES}
ASSIGNED = {
    "en": (
        "You hereby assign to us all right, title and interest.",
        "You irrevocably assigned the copyright.",
        "This is not merely a licence: you assign all rights.",
        "You do not keep rights but assign them.",
        "This is not an assignment, except of your copyright.",
        "This is not only an assignment of copyright.",
        "No right is not assigned.",
        "This is not an assignment. You transfer the copyright to us.",
        "You transfer to the owner, wholly and for ever, the title.",
        "Title to the work vests in the company.",
        "It is a work made for hire.",
        "Your contribution becomes our property.",
        "You sign over the copyright.",
        "You convey it to us.",
        "The assignor agrees.",
    ),
    "fr": (
        "Vous cédez vos droits.",
        "Le contributeur cède au projet tous ses droits.",
        "La cession est exclusive.",
        "Ce n’est pas une simple licence : vous cédez tout.",
        "Ce n’est pas une cession, sauf pour le code.",
        "Vous transférez la propriété de la contribution.",
        "Le transfert des droits est définitif.",
        "La contribution devient propriété de l’entreprise.",
        "Aucun droit n’est pas cédé.",
    ),
}
DENIED = {
    "en": (
        "This agreement is not an assignment.",
        "You keep your rights; nothing is assigned.",
        "No copyright is assigned.",
        "You don’t assign anything.",
        "This is a licence, and never an assignment of rights.",
        "You may not assign this agreement.",
        "It binds our successors and assigns.",
        "Files may be transferred over the network.",
    ),
    "fr": (
        "Cet accord n’est pas une cession.",
        "Vous ne cédez aucun droit.",
        "Ceci est une licence, sans cession de droits.",
        "Aucune cession n’a lieu.",
    ),
}


def found(text: str, kind: str = "cla", language: str = "en") -> list[str]:
    return [str(fault) for fault in wording.faults(text, kind, language)]


@pytest.mark.parametrize(
    ("language", "words"), [(code, words) for code, many in ASSIGNED.items() for words in many]
)
def test_words_of_assignment_are_found(language: str, words: str) -> None:
    assert list(assigning(words, language))
    assert any("words of an assignment" in said for said in found(words, "cla", language))


@pytest.mark.parametrize(
    ("language", "words"), [(code, words) for code, many in DENIED.items() for words in many]
)
def test_a_sentence_that_denies_an_assignment_is_left_alone(language: str, words: str) -> None:
    if "may not assign this" not in words:
        assert list(assigning(words, language)) == []
    assert found(words, "cla", language) == []


def test_a_licence_printed_with_the_words_of_an_assignment_is_found() -> None:
    text = drafting.draft(drafting.chosen("caa"), GIVEN).text

    assert len(found(text, "cla")) >= 3
    assert found(text, "caa") == []


def test_an_assignment_without_licence_back_and_one_that_assigns_nothing_are_found() -> None:
    taken = "# Terms\n\nYou assign the copyright to us.\n"
    licence = drafting.draft(drafting.chosen("cla"), GIVEN).text

    assert any("needs a licence back" in said for said in found(taken, "caa"))
    assert any("assigns nothing" in said for said in found(licence, "caa"))


@pytest.mark.parametrize(
    "gap", ["{project}", "{{ project }}", "[PROJECT NAME]", "____________", "[insert date]"]
)
def test_what_was_not_filled_in_is_found_at_its_line(gap: str) -> None:
    assert found(f"# Terms\n\nThe project {gap} is ours.\n") == [
        f"line 3: {gap} has not been filled in."
    ]


def test_links_and_code_are_no_gaps() -> None:
    assert found("See [README](https://acme.example) and `[a-z]`.\n") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "## 1. A\n\n1.1 See section 8.2.\n",
            "line 3: It refers to 8.2, which is not in the text.",
        ),
        (
            "## 1. A\n\n1.1 Voir l’article 3.\n",
            "line 3: It refers to 3, which is not in the text.",
        ),
        (
            "## 1. A\n\n1.1 Sections 1 and 4.\n",
            "line 3: It refers to 4, which is not in the text.",
        ),
        (
            "## 1. A\n\n1.1 B\n\n1.3 C\n",
            "line 5: 1.3 does not follow: a number before it is missing.",
        ),
        ("## 1. A\n\n## 3. B\n", "line 3: 3 does not follow: a number before it is missing."),
        ("## 1. A\n\n1.1 B\n\n1.1 C\n", "line 5: The number 1.1 was used before."),
    ],
)
def test_numbers_that_do_not_hold_together_are_found(text: str, said: str) -> None:
    assert said in found(text)


def test_articles_of_law_are_not_taken_for_sections() -> None:
    text = "## 1. A\n\n1.1 Article L. 131-1, article 1366 du code civil, section 5 of the law.\n"

    assert found(text, language="fr") == []


def test_a_copied_certificate_is_found() -> None:
    text = "By making a contribution to this project, I certify that …\n"

    assert len(found(text, "dco")) == 2
