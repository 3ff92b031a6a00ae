"""Names as git quotes them, in the manner of C, when they hold what would break a line."""

import re

_ESCAPE = re.compile(rb"\\([abtnvfr\"\\]|[0-7]{3})")
_PLAIN = {
    b"a": b"\a",
    b"b": b"\b",
    b"t": b"\t",
    b"n": b"\n",
    b"v": b"\v",
    b"f": b"\f",
    b"r": b"\r",
    b'"': b'"',
    b"\\": b"\\",
}


def unquoted(said: bytes) -> bytes:
    """Give a name as it is; one that is not quoted stays as it stands."""
    if len(said) < 2 or not (said.startswith(b'"') and said.endswith(b'"')):  # noqa: PLR2004
        return said
    return _ESCAPE.sub(_one, said[1:-1])


def _one(match: re.Match[bytes]) -> bytes:
    said = match[1]
    return _PLAIN[said] if said in _PLAIN else bytes([int(said, 8) & 0xFF])
