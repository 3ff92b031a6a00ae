"""What signing means: every answer to every question rests on a clause of the very document."""

import pytest

from licensing import drafting, reading, rights
from licensing.drafting import Choice
from licensing.terms import KINDS, RULES, Terms
from licensing.variables import VARIABLES

GIVEN = {one.name: one.example for one in VARIABLES}
PLAIN = drafting.chosen("cla")
FOREIGN = "# Terms\n\nYou keep nothing and we keep everything.\n"


def read(choice: Choice, **changes: str) -> reading.Reading:
    found = reading.read(drafting.draft(choice, GIVEN | changes).text)
    assert found is not None
    return found


def answers(choice: Choice, **changes: str) -> dict[str, str]:
    found = read(choice, **changes)
    return {row.key: row.answer for row in rights.matrix(found.terms, found).rows}


def test_every_cell_of_every_variant_quotes_a_clause_that_stands_in_its_document() -> None:
    choices = drafting.variants()
    assert len(choices) == 242
    for choice in choices:
        text = drafting.draft(choice, GIVEN).text
        found = reading.read(text)
        assert found is not None, choice.key
        result = rights.matrix(found.terms, found)
        assert {row.key for row in result.rows} == set(rights.QUESTIONS), choice.key
        for row in result.rows:
            assert row.basis == "quoted", f"{choice.key}: {row.key} cites no clause"
            assert row.answer != "unsaid", f"{choice.key}: {row.key} has no answer"
            for clause in row.quotes:
                assert f"{clause.number} {clause.words}" in reading.split(text)


def test_a_document_of_ours_is_read_back_as_the_variant_that_was_chosen() -> None:
    for choice in drafting.variants():
        found = read(choice)
        assert found.choice == choice
        assert found.is_whole
        assert found.terms.paths == (("ee/**", "docs/**") if choice.by_path else ())
        assert found.terms.outbound == choice.outbound


@pytest.mark.parametrize(
    ("rule", "closed", "stays_open"),
    [
        ("any_plus_original", "yes", "yes"),
        ("no_commitment", "yes", "no"),
        ("listed", "partly", "yes"),
        ("osi", "partly", "yes"),
        ("same_licence", "no", "yes"),
    ],
)
@pytest.mark.parametrize("kind", ["cla", "caa"])
def test_the_outbound_rule_decides_what_the_project_may_sell_and_what_stays_open(
    kind: str, rule: str, closed: str, stays_open: str
) -> None:
    found = answers(drafting.chosen(kind, outbound=rule))

    assert (found["closed"], found["open"]) == (closed, stays_open)


def test_an_assignment_takes_the_rights_and_gives_a_licence_back() -> None:
    taken, kept = answers(drafting.chosen("caa")), answers(PLAIN)

    assert (taken["keep"], taken["own"]) == ("no", "yes")
    assert (kept["keep"], kept["own"]) == ("yes", "yes")


def test_with_a_sign_off_the_project_receives_what_everybody_receives() -> None:
    assert answers(drafting.chosen("dco"))["closed"] == "no"
    assert answers(drafting.chosen("dco"), licence="MIT")["closed"] == "partly"
    assert answers(drafting.chosen("cla", outbound="same_licence"), licence="MIT")["closed"] == (
        "partly"
    )


@pytest.mark.parametrize("back", [False, True])
def test_reaching_back_is_said(back: bool) -> None:
    assert answers(drafting.chosen("cla", reaches_back=back))["earlier"] == (
        "yes" if back else "no"
    )


def test_a_clause_that_was_taken_out_leaves_its_cell_to_the_text() -> None:
    text = drafting.draft(PLAIN, GIVEN).text
    promise = next(one for one in reading.split(text) if "We promise" in one)
    cut = "\n\n".join(one for one in reading.split(text) if one != promise)

    found = reading.read(cut)

    assert found is not None
    assert found.missing == ("promise",)
    row = next(one for one in rights.matrix(found.terms, found).rows if one.key == "open")
    assert (row.answer, row.basis) == ("unsaid", "text")


def test_one_changed_word_is_no_longer_our_clause() -> None:
    text = drafting.draft(PLAIN, GIVEN).text.replace("We promise:", "We hope:")

    found = reading.read(text)

    assert found is not None
    assert found.missing == ("promise",)
    assert any("We hope" in words for words in found.strange)
    assert not rights.matrix(found.terms, found).is_whole


def test_two_forms_of_one_clause_are_none() -> None:
    other = drafting.draft(drafting.chosen("cla", outbound="no_commitment"), GIVEN).text
    rule = next(one for one in reading.split(other) if "we need not offer" in one)

    found = reading.read(drafting.draft(PLAIN, GIVEN).text + "\n" + rule + "\n")

    assert found is not None
    assert found.terms.outbound == ""
    rows = {row.key: row for row in rights.matrix(found.terms, found).rows}
    assert (rows["closed"].answer, rows["closed"].basis) == ("unsaid", "text")


def test_a_reference_that_leads_elsewhere_is_not_quoted() -> None:
    text = drafting.draft(PLAIN, GIVEN).text.replace("section\u00a04.1", "section 5.1")

    found = reading.read(text)

    assert found is not None
    assert "grant" in found.missing


def test_how_lines_break_says_nothing() -> None:
    text = drafting.draft(PLAIN, GIVEN).text

    found = reading.read("\n\n".join(reading.split(text)).replace("\n", "\r\n"))

    assert found is not None
    assert found.is_whole


def test_a_foreign_text_is_answered_by_what_the_rules_state_and_says_so() -> None:
    assert reading.read(FOREIGN) is None
    rows = {row.key: row for row in rights.matrix(Terms("cla", "any_plus_original")).rows}

    assert (rows["closed"].answer, rows["closed"].basis) == ("yes", "stated")
    assert (rows["open"].answer, rows["open"].basis) == ("yes", "stated")
    assert (rows["own"].answer, rows["own"].basis) == ("unsaid", "text")


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_is_stated_nothing_is_claimed_of_a_foreign_text(kind: str) -> None:
    rows = {row.key: row for row in rights.matrix(Terms(kind)).rows}

    assert not any(row.quotes for row in rows.values())
    if kind != "dco":
        for key in ("closed", "open", "own", "withdraw"):
            assert (rows[key].answer, rows[key].basis) == ("unsaid", "text")


def test_the_text_wins_over_the_rules_file_and_the_quarrel_is_told() -> None:
    found = read(drafting.chosen("cla", outbound="no_commitment"))

    result = rights.matrix(Terms("cla", "any_plus_original"), found)

    assert result.disputed
    assert next(row for row in result.rows if row.key == "open").answer == "no"
    assert not rights.matrix(Terms("cla", "no_commitment"), found).disputed
    assert not rights.matrix(Terms("cla"), found).disputed
    assert rights.matrix(Terms("caa"), found).disputed


def row(found: reading.Reading, key: str) -> tuple[str, str]:
    rows = {one.key: one for one in rights.matrix(found.terms, found).rows}
    return (rows[key].answer, rows[key].basis) if key in rows else ("unsaid", "text")


def clause(choice: Choice, name: str) -> str:
    found = read(choice).clauses[name]
    return f"{found.number} {found.words}"


def test_a_document_that_starts_in_two_ways_starts_in_none() -> None:
    other = clause(drafting.chosen("cla", reaches_back=True), "start")

    found = reading.read(drafting.draft(PLAIN, GIVEN).text + f"\n{other}\n")

    assert found is not None
    assert row(found, "earlier") == ("unsaid", "text")


def test_a_promise_that_belongs_to_another_rule_is_not_quoted() -> None:
    bare = drafting.chosen("cla", outbound="no_commitment")
    text = "\n\n".join(reading.split(drafting.draft(bare, GIVEN).text))
    text = text.replace(clause(bare, "promise"), clause(PLAIN, "promise"))

    found = reading.read(text)

    assert found is not None
    assert row(found, "open") == ("unsaid", "text")
    assert not found.is_whole


def test_one_name_with_two_values_is_noticed() -> None:
    text = drafting.draft(PLAIN, GIVEN).text.replace(GIVEN["contact"], "else@where.example", 1)

    found = reading.read(text)

    assert found is not None
    assert not found.is_whole


def test_half_of_what_an_answer_rests_on_is_not_enough() -> None:
    text = "\n\n".join(reading.split(drafting.draft(PLAIN, GIVEN).text))

    found = reading.read(text.replace(clause(PLAIN, "stays"), ""))

    assert found is not None
    assert row(found, "withdraw") == ("unsaid", "text")


@pytest.mark.parametrize("form", ["> {}", "    {}", "\t{}"])
def test_a_clause_that_is_only_shown_is_none(form: str) -> None:
    text = "\n\n".join(reading.split(drafting.draft(PLAIN, GIVEN).text))
    promise = clause(PLAIN, "promise")

    found = reading.read(text.replace(promise, form.format(promise)))

    assert found is not None
    assert row(found, "open") == ("unsaid", "text")


@pytest.mark.parametrize(
    "around", [("<!--", "-->"), ("```", "```"), ("<del>", "</del>"), ("~~x", "x~~")]
)
def test_a_document_that_may_hide_a_clause_is_not_read(around: tuple[str, str]) -> None:
    text = "\n\n".join(reading.split(drafting.draft(PLAIN, GIVEN).text))
    promise = clause(PLAIN, "promise")

    hidden = text.replace(promise, f"{around[0]}\n\n{promise}\n\n{around[1]}")

    assert reading.read(hidden) is None


def test_the_short_form_has_one_to_four_sentences_and_says_what_it_rests_on() -> None:
    for kind in KINDS:
        for rule in ("", *RULES):
            assert 1 <= len(rights.in_short(Terms(kind, rule))) <= 4
    said = [one.english for one in rights.in_short(Terms("cla"), read(PLAIN))]
    assert said == [
        "The project may hand your work out under any licence, and sell it without its source too.",
        "Promised: your work also stays under the open licence under which you sent it.",
        "You may use and sell your own contributions elsewhere, as you like.",
    ]
    stated = rights.in_short(Terms("cla", "any_plus_original"))
    assert stated[-1].english == "So the project states it; the text itself decides."
    changed = reading.read(drafting.draft(PLAIN, GIVEN).text + "\nAnd a bicycle.\n")
    assert "words of its own" in rights.in_short(Terms("cla"), changed)[-1].english
