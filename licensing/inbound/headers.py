"""What a file says itself of its licence, with the line: tags and headers, anywhere in it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_GAP = rb"[\s*#/;%\"'<>!-]{1,20}"
_TAG = re.compile(rb"SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+() \t:/-]{1,300})")
_WORDS = {
    rb"GNU" + _GAP + rb"Affero" + _GAP + rb"General" + _GAP + rb"Public": "AGPL",
    rb"GNU" + _GAP + rb"(?:Lesser|Library)" + _GAP + rb"General" + _GAP + rb"Public": "LGPL",
    rb"GNU" + _GAP + rb"General" + _GAP + rb"Public": "GPL",
    rb"Server" + _GAP + rb"Side" + _GAP + rb"Public" + _GAP + rb"License": "SSPL",
    rb"Business" + _GAP + rb"Source" + _GAP + rb"License": "BUSL",
    rb"Functional" + _GAP + rb"Source" + _GAP + rb"License": "FSL",
    rb"Elastic" + _GAP + rb"License": "Elastic",
    rb"PolyForm" + _GAP + rb"[A-Z][a-z]+": "PolyForm",
    rb"Commons" + _GAP + rb"Clause": "Commons-Clause",
    rb"Mozilla" + _GAP + rb"Public" + _GAP + rb"License": "MPL",
    rb"Eclipse" + _GAP + rb"Public" + _GAP + rb"License": "EPL",
    rb"Attribution-NonCommercial": "CC-BY-NC",
    rb"Attribution-ShareAlike": "CC-BY-SA",
}
_HEADERS = [(re.compile(words, re.IGNORECASE), family) for words, family in _WORDS.items()]
_PROSE = (".md", ".rst", ".txt", ".adoc", ".html", ".po", ".tex")
_TEXTS = re.compile(r"(?:^|/)(?:licen[cs]e|copying|unlicense)[^/]*$", re.IGNORECASE)
SNIFFED = 8_000
MOST = 50
"""So many places of one file are told; they are looked for in all of it."""


@dataclass(frozen=True)
class Said:
    """What stands at a line: an SPDX `expression`, or the words of a licence `family`."""

    line: int
    expression: str = ""
    family: str = ""


def is_binary(content: bytes) -> bool:
    """Say whether this is no text, as git does."""
    return b"\0" in content[:SNIFFED]


def is_prose(path: str) -> bool:
    """Say whether a file may well speak of a licence without being under it."""
    return path.lower().endswith(_PROSE) and not _TEXTS.search(path)


def said(content: bytes) -> tuple[Said, ...]:
    """Give what a file says, in order; each family once, where it is named first."""
    if is_binary(content):
        return ()
    found = sorted([*_tags(content), *_families(content)], key=lambda one: one.line)
    return tuple(found[:MOST])


def _tags(content: bytes) -> Iterator[Said]:
    for match in _TAG.finditer(content):
        text = match[1].decode("ascii").strip().removesuffix("*/").removesuffix("--").strip()
        if text:
            yield Said(_line(content, match.start()), expression=text)


def _families(content: bytes) -> Iterator[Said]:
    for pattern, family in _HEADERS:
        match = pattern.search(content)
        if match is not None:
            yield Said(_line(content, match.start()), family=family)


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1
