"""Whether a licence file holds, for a product, at an instant: pure, with a code for each reason.

The order of the checks is fixed. First whose file it is (FORMAT, UNKNOWN_KEY, SIGNATURE,
CLAIMS), then for what (PRODUCT), then whether our clock can be believed (CLOCK), then REVOKED,
EXPIRED, FILE_EXPIRED and VERSION_TOO_NEW: the first that applies is the answer.
"""

import json
from collections.abc import Mapping

from licensing.sold import armour, paseto
from licensing.sold.purposes import Purpose


class Refused(Exception):
    """A file that does not hold; `code` is one of `CODES`."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def signed_message(text: str, keys: Mapping[str, bytes], purpose: Purpose) -> bytes:
    """Give what one of `keys` (by kid) signed for this purpose. Raises `Refused`."""
    try:
        token = paseto.parse(armour.take_off(text, purpose))
        footer = json.loads(token.footer)
    except (ValueError, RecursionError):
        raise Refused("FORMAT") from None
    if not isinstance(footer, dict) or not isinstance(kid := footer.get("kid"), str):
        raise Refused("FORMAT")
    if kid not in keys:
        raise Refused("UNKNOWN_KEY")
    try:
        return paseto.verify(token, keys[kid], purpose.implicit)
    except paseto.Forged:
        raise Refused("SIGNATURE") from None
