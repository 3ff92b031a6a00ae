"""What a template asks for: each variable with what it means, an example, and what may stand in it.

Values end up in a document that people sign: they are names, addresses and identifiers, and
never words of an agreement or signs of Markdown.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from licensing import spdx
from licensing.sentence import N_, Sentence

LONGEST = 120
MOST_ITEMS = 20

_NAME = re.compile(r"[^\W_](?:[^<>\[\]{}*`|\\#_;]|(?<=[^\W_])_(?=[^\W_]))*")
_MAIL = re.compile(r"[A-Za-z0-9.!+=_-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PAGE = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/?=&%-]*)?")
_WORD = r"[A-Za-z0-9][A-Za-z0-9.+-]*"
_IDENTIFIER = re.compile(rf"{_WORD}(?: (?:AND|OR|WITH) {_WORD})*")
_EXCEPTION = re.compile(rf" WITH {_WORD}")
_UNCLEAR = re.compile(r"[AL]?GPL-[0-9.]+|GFDL-[0-9.]+")
_PATH = re.compile(r"(?!/)(?!(?:.*/)?\.\.(?:/|$))[A-Za-z0-9._*?/+-]+")


@dataclass(frozen=True)
class Variable:
    """A variable: `label` and `hint` are msgids, `check` says what is wrong with a value.

    `shape` is the form of a checked value as it stands in a document, as a regular expression.
    """

    name: str
    label: str
    hint: str
    example: str
    check: Callable[[str], Sentence | None]
    shape: str


def items(value: str) -> tuple[str, ...]:
    """Split a list that was written with commas."""
    return tuple(one.strip() for one in value.split(",") if one.strip())


def _name(value: str) -> Sentence | None:
    if len(value) > LONGEST:
        return Sentence(N_("This is longer than %(most)s characters."), {"most": LONGEST})
    if not value.isprintable() or not _NAME.fullmatch(value):
        return Sentence(
            N_("Write a name that begins with a letter, without signs of Markdown or HTML.")
        )
    return None


def _contact(value: str) -> Sentence | None:
    if len(value) <= LONGEST and (_MAIL.fullmatch(value) or _PAGE.fullmatch(value)):
        return None
    return Sentence(
        N_("Write an e-mail address, or the address of a page that begins with https://.")
    )


def _licence(value: str) -> Sentence | None:
    """Look at one licence; an expression of several is looked at by `_expression`."""
    if _UNCLEAR.fullmatch(value):
        return Sentence(
            N_("Say which it is: %(name)s-only or %(name)s-or-later."), {"name": value}
        )
    if len(value) <= LONGEST and spdx.identifier(value) is not None:
        return None
    near = spdx.nearest(value[:LONGEST])
    if near:
        return Sentence(N_("This is not on the SPDX list. Is it %(near)s?"), {"near": near})
    return Sentence(N_("Write an identifier of the SPDX list, such as Apache-2.0."))


def _expression(value: str) -> Sentence | None:
    if len(value) > LONGEST or not _IDENTIFIER.fullmatch(value):
        return _licence(value[:LONGEST])
    # What stands behind WITH is an exception and no licence: it has a list of its own.
    named = _EXCEPTION.sub("", value)
    found = (_licence(one) for one in re.split(r" (?:AND|OR) ", named))
    return next((sentence for sentence in found if sentence), None)


def _each(check: Callable[[str], Sentence | None]) -> Callable[[str], Sentence | None]:
    def listed(value: str) -> Sentence | None:
        found = items(value)
        if not found or len(found) > MOST_ITEMS:
            return Sentence(N_("List from 1 to %(most)s, with commas."), {"most": MOST_ITEMS})
        return next((sentence for one in found if (sentence := check(one))), None)

    return listed


def _path(value: str) -> Sentence | None:
    if len(value) <= LONGEST and _PATH.fullmatch(value):
        return None
    return Sentence(N_("Write paths from the top of the repository, such as ee/**."))


_SOME = rf"[^\n]{{1,{LONGEST}}}?"
_SOME_LICENCE = rf"{_WORD}(?: (?:AND|OR|WITH) {_WORD})*"
_SOME_PATH = r"`[A-Za-z0-9._*?/+-]+`"

VARIABLES: tuple[Variable, ...] = (
    Variable("project", N_("The project’s name"), "", "Kettle", _name, _SOME),
    Variable(
        "steward",
        N_("Who receives the rights"),
        N_("The person or the organisation in charge, by its full name."),
        "Acme SAS",
        _name,
        _SOME,
    ),
    Variable(
        "licence",
        N_("The project’s open licence"),
        N_("By its identifier in the SPDX list."),
        "AGPL-3.0-or-later",
        _expression,
        _SOME_LICENCE,
    ),
    Variable(
        "licences",
        N_("The further licences"),
        N_("By their SPDX identifiers, with commas; LicenseRef-… for one of your own."),
        "MPL-2.0, LicenseRef-Acme-Commercial",
        _each(_licence),
        rf"{_WORD}(?:, {_WORD})*",
    ),
    Variable(
        "paths",
        N_("The files it holds for"),
        N_("Patterns from the top of the repository, with commas. Empty means everything."),
        "ee/**, docs/**",
        _each(_path),
        rf"{_SOME_PATH}(?:, {_SOME_PATH})*",
    ),
    Variable("law", N_("The country or state whose law applies"), "", "France", _name, _SOME),
    Variable("place", N_("The town whose courts decide"), "", "Lyon", _name, _SOME),
    Variable(
        "contact",
        N_("Where people reach you"),
        N_("An e-mail address or a page."),
        "legal@acme.example",
        _contact,
        _SOME,
    ),
)
