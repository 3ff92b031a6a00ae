"""A commit as it is written, byte for byte: no mail map, no notes, nothing looked up elsewhere."""

import codecs
import re
from datetime import UTC, datetime

import msgspec

_PERSON = re.compile(rb"(?P<name>[^<]*)<(?P<email>[^>]*)>[^0-9+-]*(?P<at>-?[0-9]{1,18})?")
_ENCODING = re.compile(
    r"iso-?8859-[0-9]{1,2}|latin-?1|(windows-?|cp)125[0-8]|koi8-[ru]|euc-(jp|kr)|shift[-_]jis"
    r"|gb(2312|k|18030)|big5|cp(437|850|866|932|949)",
    re.IGNORECASE,
)
"""Those that people commit in, and in which the signs of ASCII stay what they are. Others (UTF-7,
say) would let the same bytes be read as somebody else's address."""
_CONTROLS = dict.fromkeys((*range(0x20), 0x7F), "\ufffd")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 253_402_300_799
"""The last second of the year 9999: later ones are no instants in this house."""


class Signature(msgspec.Struct, frozen=True, gc=False):
    """Who wrote or committed, as the commit says; it proves nothing. `at` is in UTC."""

    name: str
    email: str
    at: datetime


class RawCommit(msgspec.Struct, frozen=True, gc=False):
    """One commit. `signed`: it bears a signature, which was not verified."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str
    signed: bool = False


def parsed(sha: str, content: bytes) -> RawCommit:
    """Read the bytes of a commit object; whatever is in no form reads as empty."""
    head, _, message = content.partition(b"\n\n")
    fields: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        name, _, value = line.partition(b" ")
        if name:  # a line that begins with a space goes on with a signature
            fields.setdefault(name, []).append(value)
    encoding = _encoding(fields)
    return RawCommit(
        sha,
        _first(fields, b"tree").decode("ascii", "replace"),
        tuple(one.decode("ascii", "replace") for one in fields.get(b"parent", ())),
        _person(_first(fields, b"author"), encoding),
        _person(_first(fields, b"committer"), encoding),
        message.decode(encoding, "replace"),
        any(name.startswith(b"gpgsig") for name in fields),
    )


def _first(fields: dict[bytes, list[bytes]], name: bytes) -> bytes:
    return fields.get(name, [b""])[0]


def _encoding(fields: dict[bytes, list[bytes]]) -> str:
    name = _first(fields, b"encoding").decode("ascii", "replace")
    if _ENCODING.fullmatch(name) is None:
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def _person(line: bytes, encoding: str) -> Signature:
    match = _PERSON.match(line)
    if match is None:
        return Signature("", "", EPOCH)
    seconds = min(max(int(match["at"] or 0), 0), LATEST)
    return Signature(
        match["name"].decode(encoding, "replace").strip().translate(_CONTROLS),
        match["email"].decode(encoding, "replace").strip().translate(_CONTROLS),
        datetime.fromtimestamp(seconds, UTC),
    )
