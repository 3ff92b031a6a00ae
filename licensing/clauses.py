"""The files of `licensing/texts`: an agreement as clauses, some of which stand only in some variants.

A block is a heading (`# `, `## `), a note (`> [lawyer] …`), a clause (`[id] …`, or
`[id: condition …] …`), or `[include NAME]`, between blank lines. All conditions of a clause must
hold; `one|other` holds if either does. In the words, `{name}` is a variable and `{§id}` a
reference to another clause.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import fill
from typing import Literal

FOLDER = Path(__file__).parent / "texts"
WIDTH = 92

Part = Literal["title", "note", "heading", "clause"]

_MARKED = re.compile(
    r"(?P<note>> )?\[(?P<id>[a-z][a-z-]*)(?:: (?P<when>[a-z_| ]+))?\] (?P<words>.+)", re.DOTALL
)
_INCLUDE = re.compile(r"\[include ([a-z-]+)\]")
VARIABLE = re.compile(r"\{([a-z]+)\}")
REFERENCE = re.compile(r"\{§([a-z-]+)\}")
SECTION = {"en": "section", "fr": "article"}


@dataclass(frozen=True)
class Block:
    """One block of a template: `id` is its name for ever, `when` in which variants it stands."""

    part: Part
    words: str
    id: str = ""
    when: tuple[frozenset[str], ...] = ()

    def holds(self, facts: frozenset[str]) -> bool:
        """Say whether the block stands in a variant of which these facts are true."""
        return all(one & facts for one in self.when)


@dataclass(frozen=True)
class Placed:
    """A block in its place in a variant; `number` is that of its section or clause, as shown."""

    block: Block
    number: str


@cache
def template(kind: str, language: str) -> tuple[Block, ...]:
    """Read a template with all that it includes. Raises `ValueError` for a file that is not one."""
    return tuple(_blocks(FOLDER / language, kind))


def _blocks(folder: Path, name: str) -> Iterator[Block]:
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    for words in re.split(r"\n(?:[ \t]*\n)+", text.strip()):
        included = _INCLUDE.fullmatch(words)
        if included:
            yield from _blocks(folder, included[1])
        else:
            yield _block(name, words)


def _block(name: str, words: str) -> Block:
    for mark, part in (("# ", "title"), ("## ", "heading")):
        if words.startswith(mark):
            return Block(part, words.removeprefix(mark))  # type: ignore[arg-type] # a `Part`
    match = _MARKED.fullmatch(words)
    if match is None:
        raise ValueError(f"{name}.md: this block has no id: {words[:60]}")
    when = tuple(frozenset(one.split("|")) for one in (match["when"] or "").split())
    return Block("note" if match["note"] else "clause", match["words"], match["id"], when)


def placed(blocks: tuple[Block, ...], facts: frozenset[str]) -> tuple[Placed, ...]:
    """Give the blocks of one variant in order, with the numbers that they have in it."""
    result: list[Placed] = []
    section = clause = 0
    for block in blocks:
        if not block.holds(facts):
            continue
        number = ""
        if block.part == "heading":
            section, clause = section + 1, 0
            number = str(section)
        elif block.part == "clause":
            clause += 1
            number = f"{section}.{clause}"
        result.append(Placed(block, number))
    return tuple(result)


def written(
    variant: tuple[Placed, ...], language: str, values: Mapping[str, str]
) -> tuple[tuple[Placed, str], ...]:
    """Give each block with its finished Markdown; variables without a value stay as they are.

    Raises `KeyError` for a reference to a clause that is not in the variant.
    """
    numbers = {one.block.id: one.number for one in variant if one.block.part == "clause"}
    return tuple((one, _finished(one, language, values, numbers)) for one in variant)


def _finished(
    one: Placed, language: str, values: Mapping[str, str], numbers: Mapping[str, str]
) -> str:
    # No line breaks within a reference: a number at its beginning would look like a clause.
    words = REFERENCE.sub(
        lambda match: f"{SECTION[language]}\N{NO-BREAK SPACE}{numbers[match[1]]}", one.block.words
    )
    words = VARIABLE.sub(lambda match: values.get(match[1], match[0]), words)
    match one.block.part:
        case "title":
            return f"# {words}"
        case "heading":
            return f"## {one.number}. {words}"
        case "note":
            return _wrapped(words, "> ", "> ")
        case "clause":
            return _wrapped(f"{one.number} {words}")


def _wrapped(words: str, first: str = "", others: str = "") -> str:
    """Break each line where it gets too long; a line that begins an item stays one."""
    return "\n".join(
        fill(
            line,
            WIDTH,
            initial_indent=first,
            subsequent_indent="  " if line.startswith("- ") else others,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in words.split("\n")
    )
