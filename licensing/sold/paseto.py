"""PASETO v4.public, signing and verifying, over Ed25519 alone; nothing here chooses an algorithm.

A token is `v4.public.` and the base64url of message and signature, a dot, and the base64url of
the footer. The signature covers header, message, footer and the *implicit assertion*, a word that
is not in the token: what was signed for one purpose never verifies for another.
https://github.com/paseto-standard/paseto-spec/blob/master/docs/01-Protocol-Versions/Version4.md
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import blake2b

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HEADER = "v4.public."
SIGNATURE = 64
LARGEST = 8 * 1024 * 1024
"""Bytes of a token that are looked at: a revocation list of a hundred thousand licences fits."""

KEY_BYTES = 32
_SHAPE = re.compile(r"v4\.public\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


class Malformed(ValueError):
    """This is no token in the one form that we read."""


class Forged(ValueError):
    """The signature is not that of this key over this message for this purpose."""


@dataclass(frozen=True)
class Token:
    """A token that was taken apart; nothing in it is to be believed before `verify`."""

    message: bytes
    signature: bytes
    footer: bytes


def pae(*pieces: bytes) -> bytes:
    """Join pieces so that no two lists of pieces give the same bytes (pre-authentication encoding)."""
    whole = [len(pieces).to_bytes(8, "little")]
    for piece in pieces:
        whole += [len(piece).to_bytes(8, "little"), piece]
    return b"".join(whole)


def sign(key: Ed25519PrivateKey, message: bytes, footer: bytes, implicit: bytes) -> str:
    """Give the token of a message; the same arguments give the same token."""
    signature = key.sign(pae(HEADER.encode(), message, footer, implicit))
    return f"{HEADER}{_encoded(message + signature)}.{_encoded(footer)}"


def parse(token: str) -> Token:
    """Take a token apart. Raises `Malformed` for anything that `sign` would not have written."""
    if len(token) > LARGEST:
        raise Malformed("it is too large")
    shape = _SHAPE.fullmatch(token)
    if shape is None:
        raise Malformed("it is no v4.public token with a footer")
    body, footer = _decoded(shape[1]), _decoded(shape[2])
    if len(body) <= SIGNATURE:
        raise Malformed("it has no message")
    return Token(body[:-SIGNATURE], body[-SIGNATURE:], footer)


def verify(token: Token, public: bytes, implicit: bytes) -> bytes:
    """Give the message, if this key (32 bytes) signed it for this purpose. Raises `Forged`."""
    signed = pae(HEADER.encode(), token.message, token.footer, implicit)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(token.signature, signed)
    except InvalidSignature:
        raise Forged("the signature does not fit") from None
    return token.message


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """Give the 32 bytes of the public half."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def encoded_key(public: bytes) -> str:
    """Write a public key as other PASETO libraries read it: `k4.public.…` (PASERK)."""
    return f"k4.public.{_encoded(public)}"


def decoded_key(written: str) -> bytes:
    """Read what `encoded_key` wrote. Raises `Malformed`."""
    prefix, given = "k4.public.", written
    public = _decoded(given.removeprefix(prefix)) if given.startswith(prefix) else b""
    if len(public) != KEY_BYTES:
        raise Malformed("it is no public key of 32 bytes")
    return public


def key_id(public: bytes) -> str:
    """Name a key by what it is: `k4.pid.…`, so that no key can pass under another's name.

    https://github.com/paseto-standard/paserk/blob/master/operations/ID.md
    """
    header = "k4.pid."
    digest = blake2b(f"{header}{encoded_key(public)}".encode(), digest_size=33).digest()
    return f"{header}{_encoded(digest)}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(words: str) -> bytes:
    try:
        content = base64.b64decode(words + "=" * (-len(words) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("it is no base64url") from None
    # Bits that say nothing could be changed without changing what is signed.
    if _encoded(content) != words:
        raise Malformed("it is no base64url in its one form")
    return content
