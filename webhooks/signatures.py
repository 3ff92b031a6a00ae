"""Whether a body was signed with a secret of ours: SHA-256 over the very bytes, nothing else.

Signatures are compared as bytes: `compare_digest` on text raises when a stranger sends
something other than ASCII. Every secret is always tried, so that the time an answer takes
says nothing about which one matched.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

Body = bytes | bytearray

TOLERANCE = timedelta(minutes=5)
"""How far Stripe's timestamp may lie from our clock, to either side."""

MOST_CANDIDATES = 8
_GITHUB = re.compile(rb"sha256=([0-9a-fA-F]{64})")
_STRIPE_TIME = re.compile(rb"[0-9]{1,12}")
_STRIPE_DIGEST = re.compile(rb"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class StripeSignature:
    """What Stripe's header says: when it was signed (Unix seconds, as sent), and its `v1` digests."""

    timestamp: bytes
    digests: tuple[bytes, ...]


def github_digest(header: bytes | None) -> bytes | None:
    """Read the 32 bytes that `X-Hub-Signature-256` claims; None if it is anything else."""
    match = _GITHUB.fullmatch(header or b"")
    return bytes.fromhex(match[1].decode()) if match else None


def stripe_signature(header: bytes | None) -> StripeSignature | None:
    """Read `Stripe-Signature: t=…,v1=…[,v1=…]`; None if a part we need is missing or malformed."""
    timestamp = None
    digests = []
    for part in (header or b"").split(b",", 2 * MOST_CANDIDATES):
        key, _, value = part.strip().partition(b"=")
        if key == b"t" and timestamp is None and _STRIPE_TIME.fullmatch(value):
            timestamp = value
        elif key == b"v1" and _STRIPE_DIGEST.fullmatch(value):
            digests.append(bytes.fromhex(value.decode()))
    if timestamp is None or not digests:
        return None
    return StripeSignature(timestamp, tuple(digests[:MOST_CANDIDATES]))


def verify_github(secrets: Sequence[bytes], header: bytes | None, body: Body) -> bool:
    """Say whether one of `secrets` signed `body`, as GitHub's header claims."""
    claimed = github_digest(header)
    return claimed is not None and signed_by_one(secrets, (claimed,), body)


def verify_stripe(
    secrets: Sequence[bytes],
    header: bytes | None,
    body: Body,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> bool:
    """Say whether one of `secrets` signed `body` at a time within `tolerance` of `now`."""
    signature = stripe_signature(header)
    if signature is None or not is_timely(signature, now, tolerance):
        return False
    return signed_by_one(secrets, signature.digests, body, signature.timestamp + b".")


def is_timely(signature: StripeSignature, now: datetime, tolerance: timedelta = TOLERANCE) -> bool:
    """Say whether Stripe signed neither too long ago nor in the future."""
    return abs(now.timestamp() - int(signature.timestamp)) <= tolerance.total_seconds()


def signed_by_one(
    secrets: Sequence[bytes], claimed: Sequence[bytes], body: Body, prefix: bytes = b""
) -> bool:
    """Say whether one of `secrets` makes one of the `claimed` digests over `prefix` and `body`."""
    found = False
    for secret in secrets:
        # An empty key is no secret: anybody can sign with it.
        made = _digest(secret, prefix, body)
        for digest in claimed:
            found |= hmac.compare_digest(made, digest) and secret != b""
    return found


def _digest(secret: bytes, prefix: bytes, body: Body) -> bytes:
    if not prefix:
        return hmac.digest(secret, body, "sha256")
    mac = hmac.new(secret, prefix, sha256)
    mac.update(body)
    return mac.digest()
