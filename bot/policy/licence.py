"""The section `[licence]` of the rules file: under which licence releases come out, and when each opens."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.mistakes import N_, Lines, Problem
from bot.policy import shape
from bot.policy.sections import Unknown
from bot.policy.values import is_count
from licensing import spdx
from licensing.releases.rules import BUSL, BUSL_MONTHS, FSL, FSL_MONTHS, Offered

LICENCE = "licence"
MOST_MONTHS = 600

_SECTION = N_("“licence” must be a section: write [licence] on a line of its own.")
_NAMED = N_(
    "“%(key)s” must be an SPDX identifier, as in: %(key)s = %(example)s."
    " See https://spdx.org/licenses/ for the identifiers."
)
_NAMED_MEANT = N_("“%(value)s” is not on the SPDX list of licences. Did you mean “%(meant)s”?")
_MONTHS = N_("“after_months” must be a whole number of months from 1 to %(most)d.")
_OPENS = N_("BUSL-1.1 needs its Change Licence, as in: converts_to = %(example)s.")
_FIXED = N_(
    "%(licence)s says itself that each version becomes %(to)s two years after it came out:"
    " leave “converts_to” and “after_months” out, or write just that."
)
_BOTH = N_("“converts_to” and “after_months” need each other: write both, or neither.")


def find_licence(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[licence]`."""
    if not isinstance(value, dict):
        yield Problem(where.of("", LICENCE), _SECTION)
        return
    yield from unknown(where, value, LICENCE, shape.Licence)
    found = tuple(_alone(value))
    for key, text, about in found or tuple(_together(value)):
        yield Problem(where.of(LICENCE, key), text, about)


def read(given: shape.Licence | None) -> Offered | None:
    """Give the terms of releases; None where the rules say nothing of them."""
    if given is None:
        return None
    licence = spdx.identifier(given.offered) or given.offered
    if licence in FSL:
        return Offered(licence, FSL[licence], FSL_MONTHS)
    months = given.after_months or (BUSL_MONTHS if licence == BUSL else 0)
    return Offered(licence, spdx.identifier(given.converts_to) or given.converts_to, months)


_Mistake = tuple[str, str, dict[str, object]]


def _alone(given: Mapping[str, Any]) -> Iterator[_Mistake]:
    for key, example in (("offered", '"FSL-1.1-ALv2"'), ("converts_to", '"Apache-2.0"')):
        if key in given or key == "offered":
            yield from _identifier(key, given.get(key), example)
    months = given.get("after_months", 1)
    offered = str(given.get("offered"))
    most = BUSL_MONTHS if spdx.identifier(offered) == BUSL else MOST_MONTHS
    if not is_count(months, least=1, most=most + 1):
        yield "after_months", _MONTHS, {"most": most}


def _identifier(key: str, value: object, example: str) -> Iterator[_Mistake]:
    if isinstance(value, str) and spdx.identifier(value):
        return
    meant = spdx.nearest(value) if isinstance(value, str) else None
    if meant:
        yield key, _NAMED_MEANT, {"value": value, "meant": meant}
    else:
        yield key, _NAMED, {"key": key, "example": example}


def _together(given: Mapping[str, Any]) -> Iterator[_Mistake]:
    licence = spdx.identifier(given["offered"]) or ""
    to, months = given.get("converts_to"), given.get("after_months")
    if licence in FSL:
        fits = spdx.identifier(to or FSL[licence]) == FSL[licence]
        if not fits or months not in (None, FSL_MONTHS):
            yield "offered", _FIXED, {"licence": licence, "to": FSL[licence]}
    elif licence == BUSL:
        if to is None:
            yield "offered", _OPENS, {"example": '"GPL-2.0-or-later"'}
    elif (to is None) != (months is None):
        yield ("converts_to" if to else "after_months"), _BOTH, {}
