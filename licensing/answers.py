"""The answers to what signing means, one function for each question: from terms, and from nothing else.

Each names the clauses of our templates that say so. `known` is False where data cannot know the
answer, so that only the text itself can give it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from licensing.sentence import N_, Sentence
from licensing.terms import PERMISSIVE, Terms

Answer = Literal["yes", "no", "partly", "unsaid"]

READ_IT = N_("The project does not state this: the text itself says it.")


@dataclass(frozen=True)
class Cell:
    """An answer; `clauses` are the ids of the clauses that say so, `known` if data can say it."""

    answer: Answer
    sentence: Sentence
    clauses: tuple[str, ...] = ()
    known: bool = True


def cell(key: str, terms: Terms) -> Cell:
    """Answer one question for these terms."""
    return _ANSWERS[key](terms)


def _keep(terms: Terms) -> Cell:
    if terms.kind == "caa":
        said = N_("You hand the economic rights in your contributions over to the project.")
        return Cell("no", Sentence(said), ("assign",))
    said = N_("You stay the owner of all that you contribute.")
    return Cell("yes", Sentence(said), ("keep",))


def _own(terms: Terms) -> Cell:
    said = Sentence(N_("You may use and sell your own contributions elsewhere, as you like."))
    if terms.kind != "caa":
        # A licence may be exclusive: only the words of the text can tell.
        bare = terms.kind == "dco"
        return Cell("yes", said, ("own-use",) if bare else ("own-use", "extent"), known=bare)
    if terms.licence_back is None:
        return Cell("unsaid", said, ("licence-back",))
    if not terms.licence_back:
        return Cell("no", Sentence(N_("You receive no licence back to your own work.")))
    said = Sentence(
        N_("You receive a licence back, and with it you may use and sell your own part.")
    )
    return Cell("yes", said, ("licence-back",))


def _whole(_terms: Terms) -> Cell:
    said = N_("Like everybody else: as far as the project’s open licence allows.")
    return Cell("partly", Sentence(said), ("whole",), known=False)


def _closed(terms: Terms) -> Cell:
    clause = ("inbound",) if terms.kind == "dco" else ("outbound",)
    rule = "same_licence" if terms.kind == "dco" else terms.outbound
    if rule in {"any_plus_original", "no_commitment"}:
        said = N_(
            "The project may hand your work out under any licence, and sell it without its source too."
        )
        return Cell("yes", Sentence(said), clause)
    if rule == "listed":
        listed = Sentence(
            N_("The project may use the licences that the agreement lists: %(licences)s."),
            {"licences": ", ".join(terms.licences)},
        )
        unlisted = Sentence(
            N_("Only if one of the licences that the agreement lists is a closed one.")
        )
        return Cell("partly", listed if terms.licences else unlisted, clause)
    if rule == "osi":
        said = N_(
            "The project may not sell it closed, but may choose an open licence that lets all do so."
        )
        return Cell("partly", Sentence(said), clause)
    if rule == "same_licence" and terms.licence in PERMISSIVE:
        said = N_("The project may sell it closed, as everybody may: %(licence)s allows it.")
        return Cell("partly", Sentence(said, {"licence": terms.licence}), clause)
    if rule == "same_licence":
        said = N_(
            "The project may do with it what the open licence allows everybody, and no more."
        )
        return Cell("no", Sentence(said), clause)
    return Cell("unsaid", Sentence(READ_IT))


def _open(terms: Terms) -> Cell:
    if terms.kind == "dco":
        said = N_("Your work is published under the open licence, and under no other.")
        return Cell("yes", Sentence(said), ("inbound",))
    if terms.outbound == "no_commitment":
        said = N_(
            "It is not promised that your work stays open, beyond what was published already."
        )
        return Cell("no", Sentence(said), ("promise",))
    if terms.outbound == "same_licence":
        said = N_("Your work is handed out under the open licence, and under no other.")
        return Cell("yes", Sentence(said), ("promise",))
    if terms.outbound in {"any_plus_original", "listed", "osi"}:
        said = N_("Promised: your work also stays under the open licence under which you sent it.")
        return Cell("yes", Sentence(said), ("promise",))
    return Cell("unsaid", Sentence(READ_IT))


def _withdraw(_terms: Terms) -> Cell:
    said = N_("For the future, at any time. What was merged before stays as agreed.")
    return Cell("partly", Sentence(said), ("withdraw", "stays"), known=False)


def _patents(terms: Terms) -> Cell:
    if terms.kind == "dco":
        said = N_("You give no more than the project’s open licence does.")
        return Cell("no", Sentence(said), ("inbound",), known=False)
    said = N_(
        "You allow the use of your patents that your own contribution touches, free of charge."
    )
    return Cell("yes", Sentence(said), ("patents",), known=False)


def _employer(_terms: Terms) -> Cell:
    said = N_("If an employer, a school or a client has rights in your work, they have to agree.")
    return Cell("partly", Sentence(said), ("employer",), known=False)


def _earlier(terms: Terms) -> Cell:
    if terms.kind == "dco":
        said = N_("Each sign-off is about its own commit.")
        return Cell("no", Sentence(said), ("each",))
    known = bool(terms.outbound)
    if terms.reaches_back:
        said = N_("It also holds for what you sent to the project before.")
        return Cell("yes", Sentence(said), ("start",), known)
    said = N_("It holds for what you send now and later, and not for what was merged before.")
    return Cell("no", Sentence(said), ("start",), known)


def _files(terms: Terms) -> Cell:
    if terms.kind == "dco":
        said = N_("Each sign-off is about all files of its commit.")
        return Cell("yes", Sentence(said), ("each",), known=False)
    if terms.paths:
        said = N_("Only for these: %(paths)s.")
        return Cell("partly", Sentence(said, {"paths": ", ".join(terms.paths)}), ("scope",))
    said = N_("It holds for every part of the project.")
    return Cell("yes", Sentence(said), ("scope",), known=bool(terms.outbound))


_ANSWERS: dict[str, Callable[[Terms], Cell]] = {
    "keep": _keep,
    "own": _own,
    "whole": _whole,
    "closed": _closed,
    "open": _open,
    "withdraw": _withdraw,
    "patents": _patents,
    "employer": _employer,
    "earlier": _earlier,
    "files": _files,
}
