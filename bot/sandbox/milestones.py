"""Milestones as far as issues name them: a repository has those that somebody gave an issue."""

import zlib
from typing import Any


def in_brief(title: str) -> dict[str, Any]:
    """Give a milestone by its title; its number comes from that."""
    number = zlib.crc32(title.encode()) % 1000 + 1
    return {"id": number, "number": number, "title": title, "state": "open"}
