"""The key that signs sessions and seals credentials, where the environment gives none."""

import os
import secrets
from pathlib import Path


def kept_key(path: Path) -> str:
    """Read the key that an earlier start made, or make one that only this user can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()
