"""What a licence means for selling the whole under a commercial licence. Pure.

Identifiers are those of SPDX (https://spdx.org/licenses/). What is on no list here is unknown,
and unknown is never allowed.
"""

import re
from functools import cache
from typing import Any, Literal

from licensing import spdx
from licensing.terms import PERMISSIVE

Class = Literal[
    "permissive", "weak", "strong", "network", "source_available", "unknown", "unclear"
]
"""permissive        allowed, with a notice
weak              allowed as files of their own, or as a library beside
strong, network   not allowed: the whole would have to be open
source_available  not allowed: it may not be sold, or not by everybody
unknown           nobody can say
unclear           an identifier that leaves open whether later versions are meant
"""
ORDER: tuple[Class, ...] = (
    *("permissive", "weak", "unclear", "unknown"),
    *("source_available", "strong", "network"),
)
"""From the best to the worst."""

ALSO_PERMISSIVE = frozenset(
    """AFL-3.0 Apache-1.1 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause-Patent BSD-3-Clause-Clear
    BSD-3-Clause-LBNL BSD-4-Clause CC0-1.0 CC-BY-4.0 CC-BY-3.0 curl ECL-2.0 FTL HPND ICU IJG
    Libpng libpng-2.0 libtiff MIT-CMU MIT-Modern-Variant MulanPSL-2.0 NCSA OLDAP-2.8 OpenSSL
    PHP-3.01 PostgreSQL PSF-2.0 Python-2.0 Ruby TCL Unicode-3.0 Unicode-DFS-2016 UPL-1.0 Vim W3C
    WTFPL X11 Xnet ZPL-2.1 zlib-acknowledgement""".split()
)
WEAK = (
    *("LGPL-", "MPL-", "EPL-", "CDDL-", "CPL-", "IPL-", "MS-RL", "Artistic-", "APSL-"),
    *("OFL-", "CECILL-C", "ErlPL-", "LPPL-"),
)
NETWORK = ("AGPL-", "OSL-", "EUPL-", "CPAL-", "RPL-", "CAL-1.0", "NPOSL-", "SSPL-")
STRONG = ("GPL-", "CC-BY-SA-", "CECILL-", "QPL-", "Sleepycat", "GFDL-", "Parity-", "ODbL-")
SOURCE_AVAILABLE = (
    *("BUSL-", "FSL-", "Elastic-", "PolyForm-", "CC-BY-NC", "CC-BY-ND", "JSON", "Hippocratic-"),
    *("LicenseRef-Commons-Clause", "Commons-Clause", "Aladdin", "NGPL", "Prosperity-", "RSAL-"),
)
MORE_ALLOWED = ("Classpath-exception-", "GCC-exception-", "Linux-syscall-note", "Font-exception-")
"""Exceptions that let something closed stand beside."""

FAMILIES = {
    "GPL": "strong",
    "LGPL": "weak",
    "AGPL": "network",
    "SSPL": "network",
    "MPL": "weak",
    "EPL": "weak",
    "BUSL": "source_available",
    "FSL": "source_available",
    "Elastic": "source_available",
    "PolyForm": "source_available",
    "Commons-Clause": "source_available",
    "CC-BY-NC": "source_available",
    "CC-BY-SA": "strong",
}
"""What the words of a licence's header mean, whichever version they name."""

LONGEST = 300
_OPEN_ENDED = re.compile(r"(?<![\w.-])(A?L?GPL-[0-9](?:\.[0-9])?)(?![\w.+-])", re.IGNORECASE)


def unclear(expression: str) -> tuple[str, ...]:
    """Give the identifiers that do not say whether later versions are meant, such as `GPL-3.0`.

    SPDX deprecated them in 2018; tools commonly read them as -only, which nobody said.
    """
    return tuple(dict.fromkeys(_OPEN_ENDED.findall(expression)))


def of(expression: str, own: frozenset[str] = frozenset()) -> Class:
    """Give the class of an SPDX expression: the best of an OR, the worst of an AND.

    `own` are the project's own licences, which are no obstacle.
    """
    said = expression.strip()
    if said in own:
        return "permissive"
    if not said or len(said) > LONGEST:
        return "unknown"
    if unclear(said):
        return "unclear"
    try:
        parsed = _licensing().parse(said, validate=False)
    except Exception:  # noqa: BLE001 - whatever its parser stumbles over is no expression
        return "unknown"
    return "unknown" if parsed is None else _of(parsed, own)


def of_family(family: str) -> Class:
    """Give the class of a family of licences."""
    found = FAMILIES.get(family, "unknown")
    return next(one for one in ORDER if one == found)


def worst(found: list[Class]) -> Class:
    """Give the worst of several."""
    return max(found, key=ORDER.index, default="unknown")


def _of(parsed: Any, own: frozenset[str]) -> Class:
    arguments = getattr(parsed, "args", ())
    if arguments:
        found = [_of(one, own) for one in arguments]
        is_choice = type(parsed).__name__ == "OR"
        return min(found, key=ORDER.index) if is_choice else worst(found)
    exception = getattr(parsed, "exception_symbol", None)
    if exception is None:
        return _single(str(parsed.key), own)
    bare = _single(str(parsed.license_symbol.key), own)
    opened = str(exception.key).startswith(MORE_ALLOWED)
    return "weak" if opened and bare == "strong" else bare


def _single(name: str, own: frozenset[str]) -> Class:
    known = spdx.identifier(name) or name
    if known in own or known in PERMISSIVE or known in ALSO_PERMISSIVE:
        return "permissive"
    if known.startswith(SOURCE_AVAILABLE):
        return "source_available"
    if known.startswith(NETWORK):
        return "network"
    if known.startswith(WEAK):
        return "weak"
    return "strong" if known.startswith(STRONG) else "unknown"


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()
