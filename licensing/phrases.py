"""What a comment says about signing: pure, strict about a yes, and kind about everything near it.

A comment signs when, after HTML comments, code and quote lines are taken away, one line is
`/sign`, `/sign VERSION` or the phrase (case, spacing and final punctuation are free), and
nothing in the comment contradicts it. Whatever comes close is a near miss, which is answered;
ordinary conversation is nothing to us.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from licensing import prose
from licensing.doubts import doubtful

Kind = Literal["agrees", "quoted", "negated", "extra", "malformed", "conflict"]
"""What kind of near miss it is.

agrees     says yes in other words
quoted     the words stand in a quote or in code only
negated    something in the comment says no, not yet, asks, or takes it back
extra      the words stand inside a longer line
malformed  `/sign` with something behind it that is no version
conflict   two different versions at once
"""

LONGEST_BODY = 65_536
"""GitHub's own limit on a comment, in characters."""

ALIKE = 0.82
_SIGN = re.compile(r"/sign(?:\s+(?P<version>\S.*))?", re.IGNORECASE)
_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,5})\.(?:0|[1-9][0-9]{0,5})", re.ASCII)
_SIGN_INSIDE = re.compile(r"(?<![\w/.])/sign(?![\w/-])", re.IGNORECASE)
_LOOKS_LIKE_SIGN = re.compile(
    r"/(?:sign(?:ed|s|ing|-?off|[_-]?cla|ature)|signe|signer)(?![\w-]).*"
)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"'})
_FINAL = ".!…;,:。！ "


@dataclass(frozen=True)
class Signs:
    """The comment signs; `version` as MAJOR.MINOR if it names one."""

    version: str | None


@dataclass(frozen=True)
class NearMiss:
    """The comment comes close to signing, and signs nothing."""

    kind: Kind


@dataclass(frozen=True)
class Nothing:
    """The comment is not about signing."""


Intent = Signs | NearMiss | Nothing


def read(body: str, phrase: str) -> Intent:
    """Read a comment's body, as GitHub gives it."""
    spoken = prose.split(body[:LONGEST_BODY])
    lines = tuple(filter(None, map(normal, spoken.said)))
    wanted = normal(phrase)
    signs = [sign for line in lines if (sign := _signature(line, wanted)) is not None]
    if not signs:
        return _near(lines, wanted, spoken.shown)
    others = [line for line in lines if _signature(line, wanted) is None]
    if any(prose.contradicts(line) or doubtful(line) for line in others):
        return NearMiss("negated")
    versions = {sign.version for sign in signs if sign.version is not None}
    if len(versions) > 1:
        return NearMiss("conflict")
    if any(_begins_with_sign(line) and _signature(line, wanted) is None for line in lines):
        return NearMiss("malformed")
    return Signs(next(iter(versions), None))


def normal(line: str) -> str:
    """Bring a line into the form in which lines are compared."""
    text = unicodedata.normalize("NFKC", line).translate(_INVISIBLE).translate(_QUOTES)
    return " ".join(text.casefold().split()).rstrip(_FINAL)


def _signature(line: str, wanted: str) -> Signs | None:
    if line == wanted:
        return Signs(None)
    match = _SIGN.fullmatch(line)
    if match is None:
        return None
    version = match["version"]
    if version is None:
        return Signs(None)
    return Signs(version) if _VERSION.fullmatch(version) else None


def _begins_with_sign(line: str) -> bool:
    return _SIGN.fullmatch(line) is not None


def _near(lines: tuple[str, ...], wanted: str, shown: Iterable[str]) -> Intent:
    for line in lines:
        found = _near_line(line, wanted)
        if found is not None:
            negated = any(prose.contradicts(other) for other in lines)
            return NearMiss("negated" if negated and found != "malformed" else found)
    if prose.agrees(lines):
        return NearMiss("agrees")
    hidden = (normal(line) for line in shown)
    if len(lines) <= 1 and any(_signature(line, wanted) is not None for line in hidden):
        # Beside a quote, one short line may stand; more than that is a conversation about it.
        return NearMiss("quoted") if not lines or not _is_question(lines[0]) else Nothing()
    return Nothing()


def _near_line(line: str, wanted: str) -> Kind | None:
    if _begins_with_sign(line) or _LOOKS_LIKE_SIGN.fullmatch(line):
        return "malformed"
    if wanted in line or _is_nearly(line, wanted):
        return "extra"
    if _SIGN_INSIDE.search(line):
        return "extra"
    return None


def _is_nearly(line: str, wanted: str) -> bool:
    plain = line.strip("*_~\"'`-• ")
    if abs(len(plain) - len(wanted)) > len(wanted) // 3:
        return False
    return SequenceMatcher(None, plain.split(), wanted.split()).ratio() >= ALIKE


def _is_question(line: str) -> bool:
    return line.endswith("?")
