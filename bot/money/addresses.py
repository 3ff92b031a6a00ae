"""Where a gift is seen: an address that nobody can guess, because whoever has it may act there."""

import re
import secrets

from core.web.house import FoundRepo

_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


def new_key() -> str:
    """Make the key of a gift that is about to be said: 128 bits."""
    return secrets.token_hex(16)


def is_key(said: str) -> bool:
    """Say whether a gift may have this key."""
    return _KEY.fullmatch(said) is not None


def of_gift(repo: FoundRepo, key: str) -> str:
    """Give the path of a gift's page."""
    return f"/{repo.name}/fund/{key}"
