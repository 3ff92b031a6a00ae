"""What signing means for somebody, in plain words: one answer to each question, from data alone.

An answer names the clauses of our templates that say so. Where the document is made from our
templates these are quoted from it; where it is not, the answer is what the project states in its
rules file, and says that the text itself decides.
"""

from dataclasses import dataclass
from typing import Literal

from licensing.answers import READ_IT, Answer, cell
from licensing.reading import Clause, Reading, read
from licensing.sentence import N_, Sentence
from licensing.terms import Terms
from licensing.versions import AgreementVersion

Basis = Literal["quoted", "stated", "text"]
"""By the very words of the document; by the rules file; or by neither: the text has to be read."""

ASKED_FIRST = ("keep", "own", "whole", "closed", "open", "withdraw")
ASKED_THEN = ("patents", "employer", "earlier", "files")
IN_SHORT = ("closed", "open", "own")

UNSAID = N_("Its text says whether the project may sell your work closed, and if it stays open.")
CHANGED = N_("The text has words of its own besides, which may change that: please read them.")
STATED = N_("So the project states it; the text itself decides.")

QUESTIONS = {
    "keep": N_("Do you keep your rights?"),
    "own": N_("May you sell your own part?"),
    "whole": N_("May you sell the whole project?"),
    "closed": N_("May the project sell it closed?"),
    "open": N_("Does your work stay open?"),
    "withdraw": N_("Can you withdraw?"),
    "patents": N_("What about patents?"),
    "employer": N_("Does your employer have a say?"),
    "earlier": N_("Does it reach back?"),
    "files": N_("Does it hold for all files?"),
}


@dataclass(frozen=True)
class Row:
    """A question with its answer; `quotes` are the document's own clauses if the basis is they."""

    key: str
    question: Sentence
    answer: Answer
    sentence: Sentence
    basis: Basis
    quotes: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """All rows, the first ones being what everybody asks; and how the document was read.

    `is_ours`: made from a template; `is_whole`: nothing in it but that; `disputed`: the rules file
    states other terms than the text, which decides.
    """

    terms: Terms
    first: tuple[Row, ...]
    then: tuple[Row, ...]
    is_ours: bool = False
    is_whole: bool = False
    disputed: bool = False

    @property
    def answered(self) -> tuple[Row, ...]:
        """The first rows that have an answer."""
        return tuple(row for row in self.first if row.basis != "text")

    @property
    def unanswered(self) -> tuple[Row, ...]:
        """The first rows that only the text itself can answer."""
        return tuple(row for row in self.first if row.basis == "text")

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row."""
        return self.first + self.then


def matrix(stated: Terms, found: Reading | None = None) -> Matrix:
    """Answer every question for an agreement as stated in the rules, whose text was `found`."""
    ours = found is not None and found.terms.kind == stated.kind
    terms = found.terms if found is not None and ours else stated
    rows = {key: _row(key, terms, found if ours else None) for key in QUESTIONS}
    # Of what nobody states beyond the first questions there is nothing to show.
    then = tuple(rows[key] for key in ASKED_THEN if rows[key].basis != "text")
    return Matrix(
        terms,
        tuple(rows[key] for key in ASKED_FIRST),
        then,
        ours,
        ours and found is not None and found.is_whole,
        found is not None and _disputed(stated, found.terms),
    )


def of(version: AgreementVersion) -> Matrix:
    """Answer every question for a version as it was published."""
    return matrix(stated_by(version), read(text_of(version)))


def short_of(version: AgreementVersion) -> tuple[Sentence, ...]:
    """Say the most important of a version in up to four sentences."""
    return in_short(stated_by(version), read(text_of(version)))


def stated_by(version: AgreementVersion) -> Terms:
    """Give the terms that the rules file states."""
    return Terms(
        version.mode,
        version.outbound,
        version.outbound_licences,
        version.reaches_back,
        version.paths,
    )


def text_of(version: AgreementVersion) -> str:
    """Give the document as text; bytes that are none show as �."""
    return version.content.decode("utf-8", errors="replace")


def in_short(stated: Terms, found: Reading | None = None) -> tuple[Sentence, ...]:
    """Say the most important of it in up to four sentences, for a comment."""
    result = matrix(stated, found)
    rows = {row.key: row for row in result.rows}
    said = [rows[key].sentence for key in IN_SHORT if rows[key].basis != "text"]
    if not said:
        return (Sentence(UNSAID),)
    if result.is_ours and not result.is_whole:
        said.append(Sentence(CHANGED))
    elif not result.is_ours:
        said.append(Sentence(STATED))
    return tuple(said)


def _row(key: str, terms: Terms, found: Reading | None) -> Row:
    question = Sentence(QUESTIONS[key])
    given = cell(key, terms)
    if found is not None:
        quotes = tuple(found.clauses[name] for name in given.clauses if name in found.clauses)
        if quotes and len(quotes) == len(given.clauses):
            return Row(key, question, given.answer, given.sentence, "quoted", quotes)
    elif given.known and given.answer != "unsaid":
        return Row(key, question, given.answer, given.sentence, "stated")
    return Row(key, question, "unsaid", Sentence(READ_IT), "text")


def _disputed(stated: Terms, read: Terms) -> bool:
    """Say whether rules and text differ in what the rules do state."""
    if stated.kind != read.kind:
        return True
    if stated.kind == "dco" or not stated.outbound:
        return False
    same = (
        stated.outbound == read.outbound
        and stated.reaches_back == read.reaches_back
        and set(stated.licences) in (set(), set(read.licences))
        and set(stated.paths) == set(read.paths)
    )
    return not same
