"""Secrets as they lie in the database: sealed under the secret key, each for one purpose."""

import base64
import hashlib

from cryptography.fernet import Fernet


def box(secret_key: str, purpose: str = "credentials") -> Fernet:
    """Make what seals and opens secrets for one purpose; what one sealed no other opens."""
    digest = hashlib.sha256(f"potluck {purpose}\0{secret_key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
