"""Agreements drafted from our templates: which variants there are, what they need, and their text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.errors import UserError
from core.translations import LANGUAGES
from licensing import clauses
from licensing.clauses import Placed
from licensing.sentence import N_, Sentence
from licensing.terms import KINDS, RULES, Kind
from licensing.variables import VARIABLES, Variable, items

Who = Literal["individual", "entity"]

WHO: tuple[Who, ...] = ("individual", "entity")
DEFAULT_RULE = "any_plus_original"


@dataclass(frozen=True)
class Choice:
    """A variant. What a kind does not know is left as it is by default; `chosen` sees to it."""

    kind: Kind = "cla"
    language: str = "en"
    who: Who = "individual"
    outbound: str = DEFAULT_RULE
    reaches_back: bool = False
    by_path: bool = False
    confirm: bool = False

    @property
    def facts(self) -> frozenset[str]:
        """What is true of the variant: the conditions of clauses."""
        return frozenset(
            {
                self.who,
                self.outbound,
                "reaches_back" if self.reaches_back else "from_now",
                "paths" if self.by_path else "whole_project",
            }
            | ({"confirm"} if self.confirm else set())
        )

    @property
    def key(self) -> str:
        """A name for the variant, for people who compare variants."""
        more = sorted(self.facts - {self.who, self.outbound, "from_now", "whole_project"})
        main = (self.language, self.kind)
        return " ".join((*main, *(() if self.kind == "dco" else (self.who, self.outbound)), *more))


@dataclass(frozen=True)
class Draft:
    """A finished text: its blocks in order, each with its Markdown, and what was left out."""

    choice: Choice
    blocks: tuple[tuple[Placed, str], ...]
    values: Mapping[str, str]

    @property
    def text(self) -> str:
        """The document as it is stored in a file."""
        return "\n\n".join(words for _placed, words in self.blocks) + "\n"


def chosen(
    kind: str,
    language: str = "en",
    who: str = "individual",
    outbound: str = DEFAULT_RULE,
    *,
    reaches_back: bool = False,
    by_path: bool = False,
    confirm: bool = False,
) -> Choice:
    """Make a choice of what somebody asked for. Raises `UserError` with what there is to choose.

    French law knows no promise of all future works at once: in French each contribution is
    confirmed, chosen or not (CPI L131-1, L131-3).
    """
    for name, value, known in (
        ("kind", kind, KINDS),
        ("language", language, tuple(LANGUAGES)),
        ("who", who, WHO),
        ("outbound", outbound, RULES),
    ):
        if value not in known:
            raise UserError(f"{value[:40]!r} is no {name}: choose {', '.join(known)}.")
    if kind == "dco":
        return Choice("dco", language, outbound="same_licence")
    return Choice(
        kind,  # type: ignore[arg-type] # one of KINDS, as the loop saw
        language,
        who,  # type: ignore[arg-type] # one of WHO, as the loop saw
        outbound,
        reaches_back,
        by_path,
        confirm or language == "fr",
    )


def variants() -> tuple[Choice, ...]:
    """Give every variant that can be chosen, once."""
    return tuple(
        dict.fromkeys(
            chosen(kind, language, who, rule, reaches_back=back, by_path=by_path, confirm=confirm)
            for kind in KINDS
            for language in LANGUAGES
            for who in WHO
            for rule in RULES
            for back in (False, True)
            for by_path in (False, True)
            for confirm in (False, True)
        )
    )


def variant(choice: Choice) -> tuple[Placed, ...]:
    """Give the blocks of a variant with their numbers."""
    return clauses.placed(clauses.template(choice.kind, choice.language), choice.facts)


def needed(choice: Choice) -> tuple[Variable, ...]:
    """Give the variables of a variant, in the order in which people think of them."""
    used = {name for one in variant(choice) for name in clauses.VARIABLE.findall(one.block.words)}
    return tuple(one for one in VARIABLES if one.name in used)


def wrong(choice: Choice, given: Mapping[str, str]) -> dict[str, Sentence]:
    """Give for each variable that is missing or no good one sentence that says so."""
    found: dict[str, Sentence] = {}
    for one in needed(choice):
        value = given.get(one.name, "").strip()
        sentence = one.check(value) if value else Sentence(N_("This is needed."))
        if sentence:
            found[one.name] = sentence
    return found


def draft(choice: Choice, given: Mapping[str, str]) -> Draft:
    """Fill a variant. Raises `UserError` with what is missing or wrong."""
    mistakes = wrong(choice, given)
    if mistakes:
        listed = "; ".join(f"{name}: {sentence.english}" for name, sentence in mistakes.items())
        raise UserError(f"The text cannot be written yet. {listed}")
    return preview(choice, {one.name: given[one.name].strip() for one in needed(choice)})


def preview(choice: Choice, values: Mapping[str, str]) -> Draft:
    """Write a variant with the values that are known and good; the others show their braces."""
    shown = {
        one.name: _shown(one.name, values[one.name])
        for one in needed(choice)
        if values.get(one.name)
    }
    return Draft(choice, clauses.written(variant(choice), choice.language, shown), shown)


def _shown(name: str, value: str) -> str:
    if name == "paths":
        return ", ".join(f"`{one}`" for one in items(value))
    if name == "licences":
        return ", ".join(items(value))
    return " ".join(value.split())
