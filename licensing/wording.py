"""What is wrong with the words of an agreement: gaps, references into the void, the wrong kind of grant.

Works on any document; what a template must have on top is asked of the template.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from licensing.assigning import assigning
from licensing.sentence import N_, Sentence

_UNFILLED = re.compile(
    r"\{+ ?[A-Za-z_][A-Za-z_ -]* ?\}+|\[[A-Z][A-Z _/-]{2,}\](?!\()|_{4,}|<{2}[^<>\n]+>{2}"
    r"|\[(?i:insert|your|name of|project name|date|company)\b[^\]\n]*\](?!\()"
)
_HEAD = re.compile(r"^#{1,6} +[*_]*([0-9]+(?:\.[0-9]+)*)\b|^[*_]*([0-9]+(?:\.[0-9]+)+)[.)]?[*_]* ")
_ITEM = re.compile(r"^ {0,3}([0-9]{1,3})[.)] ", re.MULTILINE)
_REFERENCE = re.compile(
    r"(?:\b(?:sections?|articles?|clauses?|paragraphs?|paragraphes?)|§+)\s+"
    r"([0-9]+(?:\.[0-9]+)*(?:\([a-z]\))?(?:\s*(?:,|and|or|to|et|ou|à)\s+[0-9]+(?:\.[0-9]+)*)*)"
    r"(?![-0-9])(?!\s+(?:of the|du code|de la loi|du règlement|u\.?s\.?c))",
    re.IGNORECASE,
)
_LICENCE_BACK = re.compile(
    r"\blicen[cs]e\s+back\b|\bgrant(?:s|ed)?[- ]back\b"
    r"|\blicence\s+en\s+retour\b|\ben\s+retour\s+une\s+licence\b"
    r"|\bwe\s+(?:hereby\s+)?(?:grant|give|license)\s+(?:back\s+)?(?:to\s+)?you\b[^.]{0,80}\b(?:licen[cs]e|right)"
    r"|\bnous\s+vous\s+(?:accordons|concédons|donnons)\b[^.]{0,60}\blicence\b",
    re.IGNORECASE,
)
_CERTIFICATE = re.compile(r"by\s+making\s+a\s+contribution\s+to\s+this\s+project", re.IGNORECASE)
_LAWYER = {"en": re.compile(r"\blawyer\b"), "fr": re.compile(r"\b(?:avocat|juriste)\b")}


@dataclass(frozen=True)
class Fault:
    """Something wrong at a line of the document, from 1; 0 where it is about the whole."""

    line: int
    sentence: Sentence

    def __str__(self) -> str:
        """Say it in English, with its line."""
        return f"line {self.line}: {self.sentence.english}" if self.line else self.sentence.english


def faults(text: str, kind: str, language: str) -> tuple[Fault, ...]:
    """Give what is wrong with a document of this kind and language, by line."""
    found = [*_unfilled(text), *_numbering(text), *_kind(text, kind, language)]
    return tuple(sorted(found, key=lambda one: one.line))


def says_lawyer(text: str, language: str) -> bool:
    """Say whether the words at the top, before the first section, send the reader to a lawyer."""
    return bool(_LAWYER[language].search(text.partition("\n## ")[0]))


def _unfilled(text: str) -> Iterator[Fault]:
    for match in _UNFILLED.finditer(text):
        yield Fault(
            _line(text, match.start()),
            Sentence(N_("%(name)s has not been filled in."), {"name": match[0]}),
        )


def _numbering(text: str) -> Iterator[Fault]:
    numbers: dict[str, int] = {}
    for line, words in enumerate(text.split("\n"), 1):
        head = _HEAD.match(words)
        if head is None:
            continue
        number = head[1] or head[2]
        if number in numbers:
            said = N_("The number %(number)s was used before.")
            yield Fault(line, Sentence(said, {"number": number}))
        elif not _follows(number, numbers):
            said = N_("%(number)s does not follow: a number before it is missing.")
            yield Fault(line, Sentence(said, {"number": number}))
        numbers.setdefault(number, line)
    yield from _references(text, numbers.keys() | set(_ITEM.findall(text)))


def _references(text: str, known: Set[str]) -> Iterator[Fault]:
    for match in _REFERENCE.finditer(text):
        for number in re.findall(r"[0-9]+(?:\.[0-9]+)*", match[1]):
            if number not in known:
                said = N_("It refers to %(number)s, which is not in the text.")
                yield Fault(_line(text, match.start()), Sentence(said, {"number": number}))


def _follows(number: str, numbers: dict[str, int]) -> bool:
    parent, _dot, last = number.rpartition(".")
    before = f"{parent}.{int(last) - 1}" if parent else str(int(last) - 1)
    if int(last) <= 1:
        return not parent or parent in numbers
    return before in numbers


def _kind(text: str, kind: str, language: str) -> Iterator[Fault]:
    found = tuple(assigning(text, language))
    if kind == "caa":
        if not found:
            said = N_("This is said to be an assignment, and it assigns nothing.")
            yield Fault(0, Sentence(said))
        if not _LICENCE_BACK.search(text):
            said = N_("An assignment needs a licence back, so that people may use their own work.")
            yield Fault(0, Sentence(said))
        return
    for at, words in found:
        said = N_("“%(words)s” are words of an assignment, and this is none.")
        yield Fault(_line(text, at), Sentence(said, {"words": words}))
    if kind == "dco" and "developercertificate.org" not in text:
        yield Fault(0, Sentence(N_("There is no link to https://developercertificate.org.")))
    copied = _CERTIFICATE.search(text) if kind == "dco" else None
    if copied:
        said = N_("The certificate’s own text is copied here: link it instead.")
        yield Fault(_line(text, copied.start()), Sentence(said))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
