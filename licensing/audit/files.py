"""What a file is: its lines by kind, and what it says itself of whose it is. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from licensing import paths
from licensing.audit.targets import inbound_allows

Kind = Literal["text", "binary", "link", "submodule", "vendored", "generated", "unreadable"]
BLANK, BARE, CONTENT = 0, 1, 2
"""Lines: of nothing, of marks only (a brace, say), of anything else."""

SNIFFED = 8_000
_TAG = re.compile(rb"SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+() \t:-]{1,200})")
_COPYRIGHT = re.compile(rb"(?i:copyright|\(c\)|\xc2\xa9)[^\n]{0,12}[12][0-9]{3}[^\n]{0,200}")
_CONTENT = re.compile(rb"[0-9A-Za-z_\x80-\xff]")
_OPERATORS = frozenset({"AND", "OR", "WITH"})
_GNU = re.compile(rb"GNU (Lesser |Affero |Library )?General Public License")
_OF = {b"Lesser ": "LGPL-", b"Library ": "LGPL-", b"Affero ": "AGPL-", b"": "GPL-"}
NOTICES_SHOWN = 3
_WHITE = b" \t\r\n\v\f"


@dataclass(frozen=True)
class Foreign:
    """Files of somebody else's: their paths, and the licence under which they came."""

    paths: tuple[str, ...]
    licence: str


@dataclass(frozen=True)
class Declared:
    """What the project declares about files; `licences` are its own.

    `copyright` are words of notices that are the project's own; without any, notices are shown
    and judged by nobody.
    """

    vendored: tuple[Foreign, ...] = ()
    generated: tuple[str, ...] = ()
    licences: frozenset[str] = frozenset()
    copyright: tuple[str, ...] = ()

    def foreign(self, path: str) -> Foreign | None:
        """Give what is declared of a file of somebody else's."""
        fits = (one for one in self.vendored if any(paths.matches(path, it) for it in one.paths))
        return next(fits, None)

    def is_generated(self, path: str) -> bool:
        """Say whether a file is declared to be made by a program of the owner's."""
        return any(paths.matches(path, one) for one in self.generated)


@dataclass(frozen=True)
class Looked:
    """What is in a blob. `kinds` has one byte for each line; `tags` and `notices` are its words.

    `formatted` are commits that changed nothing in it but white space, line ends included.
    """

    binary: bool
    kinds: bytes
    tags: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    formatted: tuple[str, ...] = ()


def same_words(one: bytes, other: bytes) -> bool:
    """Say whether two texts differ in white space alone, wherever lines begin and end."""
    return one.translate(None, _WHITE) == other.translate(None, _WHITE)


def look(content: bytes) -> Looked:
    """Look at all of a blob, not only at its beginning."""
    if b"\0" in content[:SNIFFED]:
        return Looked(binary=True, kinds=b"")
    lines = content.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    kinds = bytes(_kind(line) for line in lines)
    return Looked(
        binary=False, kinds=kinds, tags=tuple(_tags(content)), notices=tuple(_notices(content))
    )


def _kind(line: bytes) -> int:
    if _CONTENT.search(line):
        return CONTENT
    return BARE if line.strip() else BLANK


def _tags(content: bytes) -> Iterator[str]:
    found = dict.fromkeys(one.strip().decode("ascii") for one in _TAG.findall(content))
    yield from (one for one in found if one)
    yield from sorted({f"{_OF[one]}*" for one in _GNU.findall(content)})


def _notices(content: bytes) -> Iterator[str]:
    lines = {one.decode("utf-8", "replace").strip() for one in _COPYRIGHT.findall(content)}
    yield from sorted(lines)[:NOTICES_SHOWN]


def third_party(looked: Looked, declared: Declared, target: str) -> str:
    """Say what in a file stands against the target, "" where nothing does.

    A file can say nothing that makes it better: its lines' holders are judged all the same.
    """
    for tag in looked.tags:
        if not _allows(tag, declared, target):
            return tag
    if declared.copyright:
        for notice in looked.notices:
            if not any(words in notice for words in declared.copyright):
                return notice
    return ""


def _allows(tag: str, declared: Declared, target: str) -> bool:
    if tag.endswith("*"):
        # The words of a licence's header: the project's own, or nobody has said what they do here.
        own = declared.licences
        return not own or any(one.startswith(tag[:-1]) for one in own) or tag[:-1] in target
    names = [one for one in re.split(r"[\s()]+", tag) if one and one not in _OPERATORS]
    fitting = [one in declared.licences or inbound_allows(one, target) for one in names]
    return any(fitting) if " OR " in tag and " AND " not in tag else all(fitting)
