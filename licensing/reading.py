"""A document read back: which of our clauses it consists of, and what these say together.

A clause is recognised by its words alone, whatever its number and wherever the lines break. What
is not ours is named as strange: a clause of somebody else's may change what ours say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from core.translations import LANGUAGES
from licensing import clauses, drafting
from licensing.clauses import Block
from licensing.drafting import Choice
from licensing.terms import KINDS, RULES, Terms
from licensing.variables import VARIABLES, items

FEWEST = 5
"""A document with fewer of our clauses is not one of ours."""
LONGEST = 200_000

# Where code, HTML or a struck line is, a clause may be shown otherwise than it is written.
_HIDES = re.compile(r"```|~~|<(?!https?://|mailto:)[A-Za-z!/?]")
_NUMBER = r"(?P<number>[0-9]{1,3}\.[0-9]{1,3}) "
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_SHAPES = {one.name: one.shape for one in VARIABLES}
_TOKEN = re.compile(rf"{clauses.VARIABLE.pattern}|{clauses.REFERENCE.pattern}")


@dataclass(frozen=True)
class Clause:
    """A clause of a document that is ours: `words` are the document's own, with its number."""

    id: str
    number: str
    words: str


@dataclass(frozen=True)
class Reading:
    """A document from our templates: what it says together, and how far it is still ours.

    `strange` are the blocks that are not ours, or contradict others; `missing` the clauses that
    were taken out.
    """

    choice: Choice
    terms: Terms
    clauses: Mapping[str, Clause]
    strange: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether the document is a template's text and nothing else."""
        return not self.strange and not self.missing


@dataclass(frozen=True)
class _Found:
    block: Block
    number: str
    words: str
    values: Mapping[str, str]
    references: tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def read(text: str) -> Reading | None:
    """Read a document; None if it is not made from our templates."""
    if len(text) > LONGEST:
        return None
    blocks = split(text)
    best: tuple[list[_Found], list[str]] = ([], [])
    kind, language = KINDS[0], ""
    for one_kind in KINDS:
        for one_language in LANGUAGES:
            found = _matched(blocks, one_kind, one_language)
            if len(found[0]) > len(best[0]):
                best, kind, language = found, one_kind, one_language
    if len(best[0]) < FEWEST or any(_HIDES.search(words) for words in best[1]):
        return None
    return _reading(kind, language, *best)


def anchored(text: str) -> tuple[tuple[str, str], ...]:
    """Cut a document that is wholly ours into its blocks, each with its clause's number or "".

    Empty for any other document: only ours have no block that reaches into the next one.
    """
    found = read(text)
    if found is None or not found.is_whole:
        return ()
    blocks = _BLANK.split(_plain(text))
    numbers = {one.number for one in found.clauses.values()}
    first = (flat(one).partition(" ")[0] for one in blocks)
    return tuple(
        (number if number in numbers else "", one)
        for number, one in zip(first, blocks, strict=True)
    )


def split(text: str) -> tuple[str, ...]:
    """Give the blocks of a document between blank lines, each on one line."""
    return tuple(flat(one) for one in _BLANK.split(_plain(text)) if one.strip())


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").removeprefix("\ufeff").strip()


def flat(words: str) -> str:
    """Put a block on one line: how its lines break says nothing, but a quote and code stay such."""
    lines = words.split("\n")
    if all(line.startswith(">") for line in lines):
        return "> " + " ".join(" ".join(line[1:] for line in lines).split())
    code = "    " if re.match(r" {4}| {0,3}\t", words) else ""
    return code + " ".join(words.split())


@cache
def _patterns(kind: str, language: str) -> tuple[tuple[Block, re.Pattern[str]], ...]:
    return tuple(
        (block, re.compile(_pattern(block, language)))
        for block in clauses.template(kind, language)
    )


def _pattern(block: Block, language: str) -> str:
    """Give the form of a block in a document; its references are groups `to_0`, `to_1` and so on."""
    words, seen, at, form = flat(block.words), set[str](), 0, ""
    for match in _TOKEN.finditer(words):
        form += re.escape(words[at : match.start()])
        at = match.end()
        name = match[1]
        if name is None:
            form += rf"{clauses.SECTION[language]} (?P<to_{len(seen)}>[0-9.]*[0-9])"
            seen.add(f"§{match[2]}")
        elif name in seen:
            form += f"(?P={name})"
        else:
            form += f"(?P<{name}>{_SHAPES[name]})"
            seen.add(name)
    form += re.escape(words[at:])
    start = {"title": "# ", "heading": r"## [0-9]{1,3}\. ", "note": "> ", "clause": _NUMBER}
    return start[block.part] + form


def _matched(blocks: Sequence[str], kind: str, language: str) -> tuple[list[_Found], list[str]]:
    """Tell the clauses of a template from what is strange; titles and notes are neither."""
    found: list[_Found] = []
    strange: list[str] = []
    for words in blocks:
        hit = next(
            (
                (block, match)
                for block, pattern in _patterns(kind, language)
                if (match := pattern.fullmatch(words))
            ),
            None,
        )
        if hit is None:
            strange.append(words)
        elif hit[0].part == "clause":
            found.append(_one(*hit))
    return found, strange


def _one(block: Block, match: re.Match[str]) -> _Found:
    groups = match.groupdict()
    targets = [name for name in groups if name.startswith("to_")]
    wanted = clauses.REFERENCE.findall(block.words)
    return _Found(
        block,
        groups["number"],
        match[0].partition(" ")[2],
        {name: groups[name] for name in groups if name in _SHAPES},
        tuple(zip(wanted, (groups[name] for name in targets), strict=True)),
    )


def _reading(kind: str, language: str, found: Sequence[_Found], strange: Sequence[str]) -> Reading:
    values: dict[str, str] = {}
    for one in found:
        for name, value in one.values.items():
            values.setdefault(name, value)
    facts = {only for one in found for when in one.block.when if len(when) == 1 for only in when}
    outbound = [rule for rule in RULES if rule in facts]
    choice = drafting.chosen(
        kind,
        language,
        "entity" if "entity" in facts else "individual",
        outbound[0] if outbound else drafting.DEFAULT_RULE,
        reaches_back="reaches_back" in facts,
        by_path="paths" in facts,
        confirm="confirm" in facts,
    )
    kept, odd = _consistent(found, choice, values)
    expected = {one.block.id for one in drafting.variant(choice) if one.block.part == "clause"}
    terms = Terms(
        kind,
        choice.outbound if kind == "dco" or (len(outbound) == 1 and "outbound" in kept) else "",
        items(values.get("licences", "")),
        choice.reaches_back,
        tuple(one.strip("`") for one in items(values.get("paths", ""))),
        "licence-back" in kept if kind == "caa" else None,
        values.get("licence", ""),
        "confirm" in kept,
    )
    return Reading(choice, terms, kept, (*strange, *odd), tuple(sorted(expected - kept.keys())))


def _consistent(
    found: Sequence[_Found], choice: Choice, values: Mapping[str, str]
) -> tuple[dict[str, Clause], list[str]]:
    """Keep the clauses that agree with each other; one that appears in two forms is kept in none."""
    forms = {(one.block.id, one.block.when) for one in found}
    twice = {name for name, _when in forms if sum(name == other for other, _ in forms) > 1}
    numbers = {one.block.id: one.number for one in found}
    kept: dict[str, Clause] = {}
    odd: list[str] = []
    for one in found:
        agrees = (
            one.block.id not in twice
            and one.block.holds(choice.facts)
            and all(values[name] == value for name, value in one.values.items())
            and all(numbers.get(name) == number for name, number in one.references)
        )
        if agrees and one.block.id not in kept:
            kept[one.block.id] = Clause(one.block.id, one.number, one.words)
        elif not agrees:
            odd.append(f"{one.number} {one.words}")
    return kept, odd
