"""A Markdown document as plain JSON for the receipt's template: what it says can never run there.

A *run* is `[marks, words]` or `[marks, words, address]`; marks are letters: `b` bold, `i` italic,
`c` code, `z` may follow on a new line without a space, `n` is a new line. A *block* is a mapping
with a `kind`. Nothing nests deeper than `DEEPEST`, and what would take too long to set is given
line by line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.letters import breakable, can_slant, is_right_to_left, shown

Block = dict[str, Any]
Run = list[str]

DEEPEST = 6
MOST_PIECES = 12_000
"""Runs and cells; beyond it the document's Markdown is set as it stands."""

MOST_COLUMNS = 12
SCHEMES = ("http://", "https://", "mailto:")
LONGEST_ADDRESS = 500
_MARKS = {"strong": "b", "em": "i"}
_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@dataclass(frozen=True)
class Text:
    """A document to be set; `missing` counts the letters that the fonts do not have."""

    blocks: list[Block]
    missing: int
    plain: bool


def read(markdown: str, *, simply: bool = False) -> Text:
    """Read a document; `simply`: only letters that never join with others, and no Markdown."""
    text, missing = shown(markdown.replace("\r\n", "\n").replace("\r", "\n"), bare=simply)
    if not simply:
        tokens = _parser.parse(text)
        if sum(len(token.children or ()) + 1 for token in tokens) <= MOST_PIECES:
            return Text(_Reader(tokens).blocks(), missing, plain=False)
    return Text(_as_written(text), missing, plain=True)


def _as_written(text: str) -> list[Block]:
    lines = text.expandtabs(4).split("\n")
    if len(lines) > MOST_PIECES:
        # A line of its own for each would fill thousands of pages.
        return [_paragraph(_broken(" ¶ ".join(lines)))]
    paragraphs = "\n".join(lines).split("\n\n")
    return [_paragraph(_broken(part)) for part in paragraphs if part.strip()]


def _broken(words: str) -> list[Run]:
    return [_words("z" if number else "", part) for number, part in enumerate(breakable(words))]


@dataclass
class _Reader:
    """Goes through the tokens once."""

    tokens: Sequence[Token]
    at: int = 0
    heading: int = 0

    def blocks(self, closing: str = "", depth: int = 0) -> list[Block]:
        """Read up to the token `closing`, or to the end."""
        found: list[Block] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == closing:
                break
            found += self._block(token, depth)
        return found

    def _block(self, token: Token, depth: int) -> list[Block]:
        found: list[Block] = []
        match token.type:
            case "heading_open":
                found = [self._heading(token)]
            case "inline":
                found = [_paragraph(_runs(token))]
            case "fence" | "code_block":
                found = [{"kind": "code", "lines": [breakable(line) for line in _split(token)]}]
            case "hr":
                found = [{"kind": "rule"}]
            case "blockquote_open":
                found = self._nested("quote", "blockquote_close", depth)
            case "bullet_list_open" | "ordered_list_open":
                found = self._list(token, depth)
            case "table_open":
                found = [self._table()]
            case _:  # what closes, and what stands around paragraphs
                pass
        return found

    def _heading(self, token: Token) -> Block:
        # A reader that goes by headings must find no level left out.
        self.heading = min(int(token.tag[1:]), self.heading + 1)
        inline = self.tokens[self.at]
        self.at += 1
        return {"kind": "heading", "level": self.heading, "runs": _runs(inline)}

    def _nested(self, kind: str, closing: str, depth: int) -> list[Block]:
        inside = self.blocks(closing, depth + 1)
        return inside if depth >= DEEPEST else [{"kind": kind, "blocks": inside}]

    def _list(self, token: Token, depth: int) -> list[Block]:
        closing = token.type.replace("_open", "_close")
        items: list[list[Block]] = []
        while self.at < len(self.tokens) and self.tokens[self.at].type == "list_item_open":
            self.at += 1
            items.append(self.blocks("list_item_close", depth + 1))
        self.at += self.tokens[self.at].type == closing
        if depth >= DEEPEST:
            return [block for item in items for block in item]
        start = int(token.attrs.get("start", 1)) if closing.startswith("ordered") else None
        return [{"kind": "list", "start": start, "items": items}]

    def _table(self) -> Block:
        rows: list[list[list[Run]]] = []
        while self.tokens[self.at].type != "table_close":
            token = self.tokens[self.at]
            self.at += 1
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_runs(token))
        self.at += 1
        columns = max(map(len, rows), default=0)
        if not 0 < columns <= MOST_COLUMNS:
            cells = [cell for row in rows for cell in row]
            return {"kind": "quote", "blocks": [_paragraph(cell) for cell in cells]}
        whole = [row + [[] for _ in range(columns - len(row))] for row in rows]
        return {"kind": "table", "columns": columns, "head": whole[0], "rows": whole[1:]}


def _paragraph(runs: list[Run]) -> Block:
    text = "".join(run[1] for run in runs)
    return {"kind": "paragraph", "runs": runs, "rtl": is_right_to_left(text)}


def _split(token: Token) -> list[str]:
    return token.content.expandtabs(4).rstrip("\n").split("\n")


def _words(marks: str, words: str, address: str = "") -> Run:
    kept = marks if can_slant(words) else marks.replace("i", "")
    return [kept, words, address] if address else [kept, words]


@dataclass
class _Line:
    """The runs of one line of text, as far as it was read."""

    runs: list[Run] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    address: str = ""

    def say(self, words: str, more: str = "") -> None:
        marks = "".join(sorted(set(self.open))) + more
        for number, part in enumerate(breakable(words)):
            self.runs.append(_words(marks + ("z" if number else ""), part, self.address))


def _runs(inline: Token) -> list[Run]:
    line = _Line()
    for token in inline.children or ():
        _read(line, token)
    return _joined(line.runs)


def _read(line: _Line, token: Token) -> None:
    mark = _MARKS.get(token.tag)
    if mark and token.nesting > 0:
        line.open.append(mark)
    elif mark:
        line.open.remove(mark)
    elif token.type == "link_open":
        address = str(token.attrs.get("href", ""))
        safe = address.lower().startswith(SCHEMES) and len(address) <= LONGEST_ADDRESS
        line.address = address if safe and address.isascii() else ""
    elif token.type == "link_close":
        line.address = ""
    elif token.type == "hardbreak":
        line.say("\n")
    elif token.type == "softbreak":
        line.say(" ")
    elif token.type == "code_inline":
        line.say(token.content, "c")
    else:
        line.say(token.content)


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Join neighbours of one kind: fewer pieces to set."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and last[0] == run[0] and last[2:] == run[2:] and "z" not in run[0]:
            last[1] += run[1]
        elif run[1]:
            found.append(list(run))
    return found
