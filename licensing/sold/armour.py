"""The lines around a token, as in PEM, so that it survives mail and editors; read strictly."""

import re

from licensing.sold.paseto import HEADER, LARGEST, Malformed
from licensing.sold.purposes import Purpose

WIDTH = 64
_LONGEST = LARGEST + LARGEST // 16
_ARMOUR = re.compile(
    r"\s*-----BEGIN ([A-Z ]+)-----\r?\n([A-Za-z0-9_.\s-]+?)\n-----END \1-----\s*", re.ASCII
)


def put_on(token: str, purpose: Purpose) -> str:
    """Write a token as a file, in lines of 64 characters."""
    lines = "\n".join(token[at : at + WIDTH] for at in range(0, len(token), WIDTH))
    return f"-----BEGIN {purpose.label}-----\n{lines}\n-----END {purpose.label}-----\n"


def take_off(text: str, purpose: Purpose) -> str:
    """Give the token in a file for this purpose, or the bare token. Raises `Malformed`.

    Nothing may stand beside it: words around a signature look signed and are not.
    """
    if len(text) > _LONGEST:
        raise Malformed("it is too large")
    if text.lstrip().startswith(HEADER):
        return text.strip()
    found = _ARMOUR.fullmatch(text)
    if found is None:
        raise Malformed("its first and last line do not fit, or something stands beside it")
    if found[1] != purpose.label:
        raise Malformed(f"this is a {found[1].lower()}, not a {purpose.label.lower()}")
    return "".join(found[2].split())
