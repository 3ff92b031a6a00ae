"""What a file is: its lines by kind, and what it says itself of whose it is. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from licensing import paths
from licensing.audit.targets import COMMERCIAL, inbound_allows
from licensing.audit.values import Waiver

Kind = Literal["text", "binary", "link", "submodule", "vendored", "generated", "unreadable"]
BLANK, BARE, CONTENT, WIDE = 0, 1, 2, 3
"""Lines: of nothing, of few marks only (a brace, say), of anything else, of much of anything else."""

SNIFFED = 8_000
LONGEST_BARE = 16
FEWEST_MARKS = 3
LONGEST_LINE = 1_000
MOST_CONTROLS = 0.02
CODE = frozenset(
    """as asm asp aspx awk bas bash bat c cc cfg clj cljs cmake cmd conf cpp cr cs css csx cu cxx d
    dart el elm erl ex exs f f90 fs fsx go gradle graphql groovy h hh hpp hrl hs html htm hxx inc
    ini java jl js json json5 jsp jsx kt kts less lisp lua m md mjs mk ml mli mm nim pas php phtml
    pl pm po proto ps1 psm1 py pyi pyx r rb rc reg resx rs rst s sass scala scm scss sh sln sql
    svelte swift tcl tex tf toml ts tsx txt v vb vbs vcxproj vhd vue xaml xml xsl yaml yml zig
    zsh""".split()
)
"""Endings of names that no picture has: what bears one is read, whatever bytes are in it."""
_POINTER = b"version https://git-lfs.github.com/spec/"
LONGEST_POINTER = 1_024
_CONTROLS = bytes([*range(1, 9), *range(14, 27), *range(28, 32)])
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNSEEN = re.compile(
    rb"\xc2\xa0|\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81\xa0|\xe3\x80\x80|\xef\xbb\xbf"
)
_GAP = rb"[\s*#/;%!|\"'<>-]{1,40}"
_TAG = re.compile(rb"(?i:SPDX-License-Identifier):[ \t]*([A-Za-z0-9.+() \t:-]{1,200})")
_COPYRIGHT = re.compile(rb"(?i:copyright|\(c\)|\xc2\xa9)[^\n]{0,12}[12][0-9]{3}[^\n]{0,200}")
_CONTENT = re.compile(rb"[0-9A-Za-z_\x80-\xff]")
_OPERATORS = frozenset({"AND", "OR", "WITH"})
_GNU = re.compile(
    rb"(?i:GNU"
    + _GAP
    + rb"(?:(Lesser|Affero|Library)"
    + _GAP
    + rb")?General"
    + _GAP
    + rb"Public"
    + _GAP
    + rb"Licen[cs]e)"
)
_OF = {b"lesser": "LGPL-", b"library": "LGPL-", b"affero": "AGPL-", b"": "GPL-"}
NOTICES_SHOWN = 3
_WHITE = b" \t\r\n\v\f"
_BLANK = b" \t\r\v\f\0"


@dataclass(frozen=True)
class Foreign:
    """Files of somebody else's: their paths, the licence under which they came, and who says so."""

    paths: tuple[str, ...]
    licence: str = ""
    by: Waiver | None = None


@dataclass(frozen=True)
class Declared:
    """What the project declares about files; `licences` are its own.

    `copyright` are words of notices that are the project's own; without any, notices are shown
    and judged by nobody.
    """

    vendored: tuple[Foreign, ...] = ()
    generated: tuple[Foreign, ...] = ()
    licences: frozenset[str] = frozenset()
    copyright: tuple[str, ...] = ()

    def foreign(self, path: str) -> Foreign | None:
        """Give what is declared of a file of somebody else's."""
        return _of(self.vendored, path)

    def made(self, path: str) -> Foreign | None:
        """Give what is declared of a file that a program of the owner's makes."""
        return _of(self.generated, path)


def _of(declared: Iterable[Foreign], path: str) -> Foreign | None:
    fits = (one for one in declared if any(paths.matches(path, it) for it in one.paths))
    return next(fits, None)


@dataclass(frozen=True)
class Looked:
    """What is in a blob. `kinds` has one byte for each line; `tags` and `notices` are its words.

    `formatted` are commits that changed nothing in it but white space, line ends included.
    `behind` are the commits, each with the path there, from which its wide lines may have parts.
    """

    binary: bool
    kinds: bytes
    tags: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    formatted: tuple[str, ...] = ()
    behind: tuple[tuple[str, str], ...] = ()


def same_words(one: bytes, other: bytes) -> bool:
    """Say whether two texts differ in white space and encoding alone, wherever lines begin and end."""
    return _words(one) == _words(other)


def _words(content: bytes) -> bytes:
    if content.startswith(_UTF16):
        content = content.decode("utf-16", "replace").encode()
    bare = content.translate(None, _WHITE)
    if bare.isascii():
        return bare
    try:
        bare.decode()
    except UnicodeDecodeError:
        bare = bare.decode("latin-1").encode()
    return _UNSEEN.sub(b"", bare)


def is_pointer(content: bytes) -> bool:
    """Say whether a blob only tells where Git LFS has the file: https://git-lfs.com/spec/v1."""
    return content.startswith(_POINTER) and len(content) < LONGEST_POINTER and b"\noid " in content


def is_named_like_code(path: str) -> bool:
    """Say whether a file has to be read to know whose it is, whatever is in it."""
    return path.rpartition(".")[2].lower() in CODE


def is_binary(content: bytes, path: str) -> bool:
    """Say whether a blob is no text: one byte that git takes for a sign of it makes nothing binary."""
    if is_pointer(content):
        return not is_named_like_code(path)
    if b"\0" not in content[:SNIFFED] or content.startswith((*_UTF16, b"#!")):
        return False
    if is_named_like_code(path):
        return False
    rest = content.replace(b"\0", b"")
    controls = len(rest) - len(rest.translate(None, _CONTROLS))
    if not rest or controls > len(rest) * MOST_CONTROLS:
        return True
    try:
        rest.decode()
    except UnicodeDecodeError:
        return True
    return False


def look(content: bytes, path: str = "") -> Looked:
    """Look at all of a blob, not only at its beginning."""
    if is_binary(content, path):
        return Looked(binary=True, kinds=b"")
    lines = content.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    kinds = bytes(map(_kind, lines))
    words = content.replace(b"\0", b"")  # as UTF-16 has them between the letters
    return Looked(
        binary=False, kinds=kinds, tags=tuple(_tags(words)), notices=tuple(_notices(words))
    )


def _kind(line: bytes) -> int:
    if len(line) > LONGEST_LINE:
        return WIDE
    if _CONTENT.search(line):
        return CONTENT
    marks = line.strip(_BLANK)
    if not marks:
        return BLANK
    # A row of stars is a brace's kin; a program can be written in brackets alone.
    few = len(marks) <= LONGEST_BARE or len(set(marks)) <= FEWEST_MARKS
    return BARE if few else CONTENT


def _tags(content: bytes) -> Iterator[str]:
    # What ends a comment in some languages is of the same letters as an identifier.
    found = dict.fromkeys(one.decode("ascii").rstrip(" \t-") for one in _TAG.findall(content))
    yield from (one.strip() for one in found if one)
    if b"eneral" in content or b"ENERAL" in content:
        yield from sorted({f"{_OF[one.lower()]}*" for one in _GNU.findall(content)})


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


def contradicts(looked: Looked, declared: Declared, target: str) -> str:
    """Give the identifier in a declared file that stands against the target, "" where none does."""
    tags = (tag for tag in looked.tags if not tag.endswith("*"))
    return next((tag for tag in tags if not _allows(tag, declared, target)), "")


def _allows(tag: str, declared: Declared, target: str) -> bool:
    if tag.endswith("*"):
        # The words of a licence's header: the project's own, the target's, or somebody else's.
        own = (*declared.licences, target)
        unsaid = not declared.licences and target != COMMERCIAL
        return unsaid or any(one.startswith(tag[:-1]) for one in own)
    names = [one for one in re.split(r"[\s()]+", tag) if one and one not in _OPERATORS]
    fitting = [one in declared.licences or inbound_allows(one, target) for one in names]
    return any(fitting) if " OR " in tag and " AND " not in tag else all(fitting)
