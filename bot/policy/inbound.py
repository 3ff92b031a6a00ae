"""The sections `[audit]` and `[inbound]`: looking by ourselves at each line, and at what comes in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.mistakes import N_, Lines, Problem
from bot.policy import shape
from bot.policy.sections import Unknown
from licensing import spdx

AUDIT, INBOUND, KNOWN = "audit", "inbound", "inbound.dependencies"
MOST = 500
ECOSYSTEMS = ("pypi", "npm", "cargo", "go", "maven")

_NAME = re.compile(rf"(?:{'|'.join(ECOSYSTEMS)}):[!-~]{{1,200}}", re.ASCII)
_SECTION = N_("“%(key)s” must be a section: write [%(key)s] on a line of its own.")
_YES = N_("“%(key)s” must be true or false.")
_OWN = N_(
    "“own” must be a list of at most %(most)d SPDX identifiers,"
    ' as in: own = ["AGPL-3.0-only"]. See https://spdx.org/licenses/ for them.'
)
_MEANT = N_("“%(value)s” is not on the SPDX list of licences. Did you mean “%(meant)s”?")
_KNOWN = N_(
    "Below [inbound.dependencies] stands one line for each of at most %(most)d dependencies,"
    ' as in: "npm:left-pad" = "MIT". Before the colon: %(known)s.'
)


@dataclass(frozen=True)
class Inbound:
    """What is asked of files and dependencies that come in with a pull request, once `on`.

    `own` are the project's own licences. `dependencies` maps `npm:left-pad` and the like to the
    licence that somebody looked up.
    """

    on: bool = False
    own: tuple[str, ...] = ()
    reuse: bool = False
    dependencies: tuple[tuple[str, str], ...] = ()


def find_audit(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[audit]`."""
    if not isinstance(value, dict):
        yield Problem(where.of("", AUDIT), _SECTION, {"key": AUDIT})
        return
    yield from unknown(where, value, AUDIT, shape.Audit)
    yield from _switches(where, AUDIT, value, ("on",))


def find_inbound(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[inbound]`."""
    if not isinstance(value, dict):
        yield Problem(where.of("", INBOUND), _SECTION, {"key": INBOUND})
        return
    yield from unknown(where, value, INBOUND, shape.Inbound)
    yield from _switches(where, INBOUND, value, ("on", "reuse"))
    yield from _own(where, value.get("own", []))
    yield from _dependencies(where, value.get("dependencies", {}))


def read(given: shape.Inbound | None) -> Inbound:
    """Give what holds; nothing is looked at where the section is missing."""
    if given is None:
        return Inbound()
    own = tuple(dict.fromkeys(spdx.identifier(one) or one for one in given.own))
    return Inbound(given.on, own, given.reuse, tuple(sorted(given.dependencies.items())))


def _switches(
    where: Lines, section: str, given: Mapping[str, Any], keys: tuple[str, ...]
) -> Iterator[Problem]:
    for key in keys:
        if not isinstance(given.get(key, True), bool):
            yield Problem(where.of(section, key), _YES, {"key": key})


def _own(where: Lines, value: object) -> Iterator[Problem]:
    line = where.of(INBOUND, "own")
    if not isinstance(value, list) or len(value) > MOST:
        yield Problem(line, _OWN, {"most": MOST})
        return
    for one in value:
        if not isinstance(one, str):
            yield Problem(line, _OWN, {"most": MOST})
        elif spdx.identifier(one) is None:
            yield Problem(line, _MEANT, {"value": one, "meant": spdx.nearest(one)})


def _dependencies(where: Lines, value: object) -> Iterator[Problem]:
    about = {"most": MOST, "known": ", ".join(ECOSYSTEMS)}
    line = where.of(INBOUND, "dependencies")
    if not isinstance(value, dict) or len(value) > MOST:
        yield Problem(line, _KNOWN, about)
        return
    for name, licence in value.items():
        if not _NAME.fullmatch(name) or not isinstance(licence, str) or not licence.strip():
            yield Problem(where.of(KNOWN, name), _KNOWN, about)
