"""The texts of a version: what everybody signs, and what companies sign where that is another; pure.

The text for companies belongs to a version like the other one: published with it, bound by its
record, and named by every record of a company that signs, and of a person who says that one
covers them.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from core.digests import sha256

FOR_COMPANIES = {"document": "company_document", "document_sha256": "company_sha256"}
"""What the record of a company repeats, and how the publication calls it."""

KINDS = frozenset({"company", "acknowledgement"})
"""The records that rest on the text for companies."""


def signed(kind: str, version: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what a record of a kind has to repeat of its version."""
    if kind not in KINDS or not version.get("company_sha256"):
        return version
    return {**version, **{ours: version.get(name) for ours, name in FOR_COMPANIES.items()}}


def published(version: Mapping[str, Any]) -> frozenset[str]:
    """Give the names that its publication has to say of a version with a text for companies."""
    return frozenset(name for name in FOR_COMPANIES.values() if version.get(name))


def problems(version: Mapping[str, Any]) -> Iterator[str]:
    """Name each text of an exported version that is not the one of its hash."""
    name = version["version"]
    yield from _problems(f"the text of version {name}", version["content"], version["sha256"])
    if version.get("company_sha256") or version.get("company_content"):
        content, told = version.get("company_content", ""), version.get("company_sha256")
        yield from _problems(f"the text for companies of version {name}", content, told)


def _problems(called: str, content: str, told: object) -> Iterator[str]:
    try:
        found = base64.b64decode(content, validate=True)
    except binascii.Error:
        yield f"{called} cannot be read"
        return
    if sha256(found) != told:
        yield f"{called} was changed: its hash does not fit"
