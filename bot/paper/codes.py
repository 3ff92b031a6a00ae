"""The code on a printed form: only the minor's own session can have made it, and for this text.

Sixteen letters and digits in four groups: four say when it was made, to the minute, twelve are
the beginning of an HMAC-SHA256 over that, the version, and the account's number and name. They
are typed by hand, so letters that look alike are one (https://www.crockford.com/base32.html).
"""

import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.github import Account

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans("OIL", "011")
BITS = 5
WHEN, PROOF = 4, 12
ROUND = 1 << (BITS * WHEN)
"""Minutes after which the first letters come again: about two years."""

GOOD_FOR = timedelta(days=90)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Form:
    """A form that was printed: for which version, and when, to the minute."""

    version_id: int
    printed_at: datetime


def code(secret_key: str, version_id: int, minor: Account, now: datetime) -> str:
    """Give the code for a form that is made now."""
    when = ((now - EPOCH) // MINUTE) % ROUND
    letters = _letters(when, WHEN) + _proof(secret_key, version_id, minor, when)
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def read(
    secret_key: str, given: str, version_ids: Collection[int], minor: Account, now: datetime
) -> Form | None:
    """Find the form that bears a code; None for what we did not make, or too long ago."""
    typed = "".join(one for one in given.upper().translate(ALIKE) if one in LETTERS)
    if len(typed) != WHEN + PROOF:
        return None
    when = 0
    for letter in typed[:WHEN]:
        when = (when << BITS) + LETTERS.index(letter)
    minutes = (now - EPOCH) // MINUTE
    printed_at = EPOCH + (minutes - (minutes - when) % ROUND) * MINUTE
    if printed_at + GOOD_FOR < now:
        return None
    for version_id in version_ids:
        if hmac.compare_digest(_proof(secret_key, version_id, minor, when), typed[WHEN:]):
            return Form(version_id, printed_at)
    return None


def _proof(secret_key: str, version_id: int, minor: Account, when: int) -> str:
    said = json.dumps(["potluck.paper", version_id, minor.id, minor.login.lower(), when])
    made = hmac.digest(secret_key.encode(), said.encode(), hashlib.sha256)
    return _letters(int.from_bytes(made[:8], "big") >> 4, PROOF)


def _letters(value: int, count: int) -> str:
    shifts = range(BITS * (count - 1), -1, -BITS)
    return "".join(LETTERS[(value >> shift) & (len(LETTERS) - 1)] for shift in shifts)
