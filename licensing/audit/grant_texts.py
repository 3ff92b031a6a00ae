"""Reading what people wrote to grant something: whom a statement names, and what it grants. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from licensing.audit.people import Known, by_address
from licensing.audit.statements import Reads, Statements

LONGEST = 100_000
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.()_-]{1,255}")
_HANDLE = re.compile(
    r"handles?\W{0,4}(?:is\W{0,4})?[\"'“`@]{0,3}([A-Za-z0-9][A-Za-z0-9-]{0,38})", re.IGNORECASE
)
_NAMED = re.compile(r"[\"'“(]?([^\"'“”()<>\n]{3,80}?)\s*<[^<>\n]*@[^<>\n]*>")
_BEFORE = re.compile(r"^.*\b(?:commit\s+authors?|author|by|and|are|is|of)\b\W*", re.IGNORECASE)
_TICKED = re.compile(r"\s*[-*]\s+\[[xX]\]\s+(?:[0-9?]+\s+)?([^<>\n]*?)\s*<([^<>\n]*)>(.*)")
_HEADING = re.compile(r"#{1,6}\s+(.*)")


@dataclass(frozen=True)
class Statement:
    """A grant as somebody wrote it: whom it names by address, handle and name, and for what."""

    source: str
    outbound: str
    licences: tuple[str, ...]
    addresses: frozenset[str]
    handles: frozenset[str]
    names: frozenset[str]
    text: str

    @property
    def known(self) -> Known:
        """Give it for whoever is looked for."""
        stem = PurePosixPath(self.source).stem
        keys = sorted(by_address(one) for one in self.addresses)
        key = keys[0] if keys else f"handle:{stem.lower()}"
        handles = self.handles | {stem}
        return Known(key, self.source, self.names, self.addresses, handles, self.text)


def read(rules: Statements, source: str, content: bytes) -> Statement | None:
    """Read one file; None where it names nobody."""
    text = content[:LONGEST].decode("utf-8", "replace")
    flat = " ".join(text.split())
    addresses = frozenset(one.rstrip(".").lower() for one in _ADDRESS.findall(text))
    handles = frozenset(one.lower() for one in _HANDLE.findall(flat))
    if not addresses and not handles:
        return None
    scope = next((one for one in rules.reads if one.words.lower() in flat.lower()), None)
    given = scope or Reads("", rules.outbound, rules.licences)
    names = frozenset(_names(text))
    return Statement(source, given.outbound, given.licences, addresses, handles, names, text)


def _names(text: str) -> Iterator[str]:
    for found in _NAMED.findall(text):
        name = _BEFORE.sub("", found).strip(" ,;:*\"'")
        if name:
            yield name


def ticked(lines: Iterable[str], heading: str) -> Iterator[tuple[str, str, str]]:
    """Give name, lower-case address and remark of each ticked line under a heading with these words."""
    inside = False
    for line in lines:
        found = _HEADING.match(line)
        if found is not None:
            inside = heading.lower() in found[1].lower()
        elif inside and (entry := _TICKED.match(line)):
            yield entry[1], entry[2].strip().lower(), entry[3].strip(" ()")
