"""Mistakes in the repository's file of rules: what is so, on which line, and what to do."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.translations import DEFAULT, LANGUAGES
from licensing.versions import parts

LONGEST_PHRASE = 200
SHORTEST_PHRASE = 10
LARGEST_ID = 2**53

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\[bot\])?", re.ASCII)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for “translate this later”
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Problem:
    """A mistake in the file: what is so and what to do. `text` is a msgid, filled with `values`."""

    line: int
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The mistake in English."""
        return self.text % dict(self.values)


class Limits(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Both must lie above a change for it to be small."""

    files: int = 0
    lines: int = 0


class Agreement(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[agreement]`."""

    mode: str = "cla"
    document: str = "CLA.md"
    version: str = "1.0"
    phrase: str | None = None
    exempt_users: tuple[int, ...] = ()
    exempt_bots: tuple[str, ...] = ()
    exempt_below: Limits = Limits()


class File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The whole file."""

    language: str = DEFAULT
    agreement: Agreement | None = None


NESTED = N_("This cannot be read: it is nested too deeply.")
_SYNTAX = N_("This is not TOML: %(reason)s.")
_UNKNOWN = N_("“%(key)s” is no setting that exists. Remove the line, or use one of: %(known)s.")
_TYPES = {
    "language": N_('“language” must be a text, as in: language = "en".'),
    "agreement": N_("“agreement” must be a section: write [agreement] on a line of its own."),
    "mode": N_('“mode” must be a text, as in: mode = "cla".'),
    "document": N_('“document” must be a path in this repository, as in: document = "CLA.md".'),
    "version": N_('“version” must be a text with two numbers, as in: version = "1.0".'),
    "phrase": N_('“phrase” must be a text, as in: phrase = "I have read the CLA and I sign it".'),
    "exempt_users": N_(
        "“exempt_users” must be a list of account numbers, as in: exempt_users = [49699333]."
        " https://api.github.com/users/LOGIN shows the number as “id”."
    ),
    "exempt_bots": N_(
        '“exempt_bots” must be a list of logins, as in: exempt_bots = ["dependabot[bot]"].'
    ),
    "exempt_below": N_(
        "“exempt_below” must hold two whole numbers from 0,"
        " as in: exempt_below = { files = 2, lines = 10 }."
    ),
}
_LANGUAGE = N_("The language “%(value)s” is not spoken here. Use one of: %(known)s.")
_MODE = N_("The mode “%(value)s” does not exist. Use one of: cla, caa, dco, off.")
_LOGIN_PROBLEM = N_(
    "“%(value)s” is no login of a bot. Logins are compared whole: write each one out,"
    ' without patterns, as in: exempt_bots = ["dependabot[bot]"].'
)
_PHRASE = N_(
    "The phrase must be one line of %(least)d to %(most)d characters and must not begin with “/”."
)
MODES = ("cla", "caa", "dco", "off")


def find(text: str, given: Mapping[str, Any]) -> Iterator[Problem]:
    """Give every mistake in a file that is TOML, in no order."""
    where = _Lines(text)
    yield from _unknown(where, given, "", File)
    agreement = given.get("agreement", {})
    if not isinstance(agreement, dict):
        yield Problem(where.of("", "agreement"), _TYPES["agreement"])
        agreement = {}
    yield from _unknown(where, agreement, "agreement", Agreement)
    language = given.get("language", DEFAULT)
    if not isinstance(language, str):
        yield Problem(where.of("", "language"), _TYPES["language"])
    elif language not in LANGUAGES:
        values = {"value": language, "known": ", ".join(LANGUAGES)}
        yield Problem(where.of("", "language"), _LANGUAGE, values)
    for key, value in agreement.items():
        if key in _CHECKS:
            for text_of, about in _CHECKS[key](value):
                yield Problem(where.of("agreement", key), text_of, about)


def _unknown(
    where: "_Lines", given: Mapping[str, Any], section: str, shape: type[msgspec.Struct]
) -> Iterator[Problem]:
    known = shape.__struct_fields__
    for key in given:
        if key not in known:
            values = {"key": key, "known": ", ".join(known)}
            yield Problem(where.of(section, key), _UNKNOWN, values)


_Found = Iterator[tuple[str, dict[str, object]]]


def _mode(value: object) -> _Found:
    if not isinstance(value, str):
        yield _TYPES["mode"], {}
    elif value not in MODES:
        yield _MODE, {"value": value}


def _document(value: object) -> _Found:
    if not isinstance(value, str) or not _is_path(value):
        yield _TYPES["document"], {}


def _is_path(value: str) -> bool:
    return value.isprintable() and all(
        part.strip() not in {"", ".", ".."} for part in value.split("/")
    )


def _version(value: object) -> _Found:
    if not isinstance(value, str) or parts(value) is None:
        yield _TYPES["version"], {}


def _phrase(value: object) -> _Found:
    if not isinstance(value, str):
        yield _TYPES["phrase"], {}
        return
    words = value.strip()
    fits = SHORTEST_PHRASE <= len(words) <= LONGEST_PHRASE and words.isprintable()
    if not fits or words.startswith(("/", ">", "`")):
        yield _PHRASE, {"least": SHORTEST_PHRASE, "most": LONGEST_PHRASE}


def _users(value: object) -> _Found:
    if not isinstance(value, list) or not all(_is_count(one, least=1) for one in value):
        yield _TYPES["exempt_users"], {}


def _bots(value: object) -> _Found:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        yield _TYPES["exempt_bots"], {}
        return
    for one in value:
        if not _LOGIN.fullmatch(one.strip().lower()):
            yield _LOGIN_PROBLEM, {"value": one}


def _below(value: object) -> _Found:
    if (
        not isinstance(value, dict)
        or not set(value) <= {"files", "lines"}
        or not all(_is_count(one, least=0) for one in value.values())
    ):
        yield _TYPES["exempt_below"], {}


def _is_count(value: object, *, least: int) -> bool:
    # In Python, true is an int; in a file of rules it is a mistake.
    return type(value) is int and least <= value < LARGEST_ID


_CHECKS = {
    "mode": _mode,
    "document": _document,
    "version": _version,
    "phrase": _phrase,
    "exempt_users": _users,
    "exempt_bots": _bots,
    "exempt_below": _below,
}


class _Lines:
    """Finds the line of a key in its section."""

    def __init__(self, text: str) -> None:
        self._found: dict[tuple[str, str], int] = {}
        section = ""
        for number, line in enumerate(text.splitlines(), 1):
            header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
            key = re.match(r"\s*([\w.\"'\- ]+?)\s*=", line)
            if header:
                section = _plain(header[1])
                self._note(section, number)
            elif key:
                self._note(f"{section}.{_plain(key[1])}".strip("."), number)

    def _note(self, name: str, number: int) -> None:
        # A key inside a deeper section is, for its parents, found where it begins.
        parts_of_name = name.split(".")
        for depth in range(1, len(parts_of_name) + 1):
            section, key = ".".join(parts_of_name[: depth - 1]), parts_of_name[depth - 1]
            self._found.setdefault((section, key), number)

    def of(self, section: str, key: str) -> int:
        return self._found.get((section, key)) or self._found.get(("", section)) or 1


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def syntax(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    """Say where a text stops being TOML."""
    message = str(error)
    match = _LINE.search(message)
    line = int(match[1]) if match else max(1, text.count("\n") + (not text.endswith("\n")))
    reason = message.partition(" (at ")[0]
    return Problem(line, _SYNTAX, {"reason": reason[:1].lower() + reason[1:]})
