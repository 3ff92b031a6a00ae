"""How what is proven is written and hashed: one form of JSON, and one way to put it behind the last."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

START = "0" * 64
"""What stands where the first record's predecessor would."""


def canonical(record: Mapping[str, Any]) -> str:
    """Write a record so that equal records have equal bytes."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(content: bytes) -> str:
    """Give the SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digest(previous: str, record: str) -> str:
    """Give the hash of a record's text behind `previous`."""
    return sha256(f"{previous}\n{record}".encode())


def parsed(record: str) -> dict[str, Any]:
    """Read a record's text; empty where it cannot be read."""
    try:
        found = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def seal(whole: Mapping[str, Any]) -> str:
    """Give the SHA-256 over everything in a part of an export but its own seal."""
    rest = {name: value for name, value in whole.items() if name != "seal"}
    return sha256(canonical(rest).encode())


def sealed(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Give a part of an export with its seal."""
    return {**whole, "seal": seal(whole)}
