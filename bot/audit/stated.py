"""The folder of statements that a steward recorded for a repository: the newest one counts."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from bot.audit.tables import audit_statements
from core.digests import sha256
from core.errors import UserError
from licensing.audit import decisions
from licensing.audit.values import Waiver

MOST_FILES = 5_000
LARGEST_FILE = 2_000_000
LARGEST = 20_000_000
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Stated:
    """A folder as it was recorded, by whom and why."""

    steward_id: int
    reason: str
    sha256: str
    recorded_at: datetime
    files: Mapping[str, bytes]


def by(act: Stated) -> Waiver:
    """Say who answers for whatever in a folder names nobody else, and until when it reaches."""
    return Waiver(f"account {act.steward_id}", act.reason, act.recorded_at)


def folder(place: Path) -> dict[str, bytes]:
    """Read a folder from the disk, links left out. Raises `UserError` for one that is too large."""
    if not place.is_dir():
        raise UserError(f"{place} is not a folder.")
    found: dict[str, bytes] = {}
    total = 0
    for file in sorted(place.rglob("*")):
        if file.is_symlink() or not file.is_file() or ".git" in file.parts:
            continue
        size = file.stat().st_size
        total += size
        if size > LARGEST_FILE or total > LARGEST or len(found) >= MOST_FILES:
            raise UserError(f"{place} is larger than a folder of statements may be.")
        found[file.relative_to(place).as_posix()] = file.read_bytes()
    return found


def record(connection: Connection, repo_id: int, act: Stated, now: datetime) -> str:
    """Write a folder down as what holds from now on, and give its hash.

    Raises `UserError` where it cannot be read, or has no reason.
    """
    decisions.read(act.files, by(act))
    if len(act.reason.strip()) < SHORTEST_REASON:
        raise UserError(f"Say why, in at least {SHORTEST_REASON} letters.")
    content = _packed(act.files)
    connection.execute(
        insert(audit_statements).values(
            repo_id=repo_id,
            steward_id=act.steward_id,
            reason=act.reason.strip(),
            sha256=sha256(content),
            content=zlib.compress(content),
            recorded_at=now,
        )
    )
    return sha256(content)


def newest(connection: Connection, repo_id: int) -> Stated | None:
    """Give what holds now; None where nobody recorded anything."""
    row = connection.execute(
        select(audit_statements)
        .where(audit_statements.c.repo_id == repo_id)
        .order_by(audit_statements.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    plain = json.loads(zlib.decompress(row.content))
    files = {name: base64.b64decode(text) for name, text in plain.items()}
    return Stated(row.steward_id, row.reason, row.sha256, row.recorded_at, files)


def newest_sha256(connection: Connection, repo_id: int) -> str:
    """Give the hash of what holds now, "" for nothing."""
    found = connection.scalar(
        select(audit_statements.c.sha256)
        .where(audit_statements.c.repo_id == repo_id)
        .order_by(audit_statements.c.id.desc())
        .limit(1)
    )
    return found or ""


def _packed(files: Mapping[str, bytes]) -> bytes:
    plain = {name: base64.b64encode(text).decode("ascii") for name, text in files.items()}
    return json.dumps(plain, sort_keys=True).encode()
