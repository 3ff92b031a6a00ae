"""Private keys, each read once: reading checks them, and takes as long as sixty signatures."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key


@lru_cache(maxsize=4)
def private_key(pem: str) -> PrivateKeyTypes:
    """Read an unencrypted PEM key. Raises `ValueError` or `TypeError` where it is none."""
    return load_pem_private_key(pem.encode(), password=None)
