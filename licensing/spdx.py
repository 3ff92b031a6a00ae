"""The identifiers of the SPDX License List, by which licences are named."""

import difflib
import re
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("spdx.txt")
_OWN = re.compile(r"LicenseRef-[A-Za-z0-9.-]{1,100}")


@cache
def _identifiers() -> dict[str, str]:
    lines = _LIST.read_text(encoding="ascii").splitlines()
    return {line.lower(): line for line in lines if line and not line.startswith("#")}


def identifier(name: str) -> str | None:
    """Give the identifier as the list writes it, whatever the case (SPDX annex D); None if unknown.

    Deprecated ones are unknown: `GPL-3.0` does not say whether later versions are meant. A licence
    that is on no list, such as a commercial one, is named `LicenseRef-…` (SPDX annex D).
    """
    if _OWN.fullmatch(name):
        return name
    return _identifiers().get(name.lower())


def nearest(name: str) -> str | None:
    """Give the identifier that is written most like `name`, None where none is near."""
    known = _identifiers()
    wanted = name.lower().replace(" ", "-")
    if wanted in known:
        return known[wanted]
    longer = [key for key in known if key.startswith(f"{wanted}-")]
    near = difflib.get_close_matches(wanted, longer or known, 1, 0.6)
    return known[near[0]] if near else None
